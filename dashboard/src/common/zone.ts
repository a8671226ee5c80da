import { useSyncExternalStore } from "react";

export type Zone = "local" | "utc";

const key = "muster.zone";
const listeners = new Set<() => void>();

function stored(): Zone {
  try {
    return localStorage.getItem(key) === "utc" ? "utc" : "local";
  } catch {
    return "local";
  }
}

let zone: Zone = stored();

/** Shows every time of the page in the other zone. */
export function switchZone(): void {
  zone = zone === "utc" ? "local" : "utc";
  try {
    localStorage.setItem(key, zone);
  } catch {
    // Kept for this page alone.
  }
  for (const each of [...listeners]) each();
}

export function useZone(): Zone {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => zone,
  );
}

const two = (value: number) => String(value).padStart(2, "0");

/** "+02:00", as it is at that moment: two hours of a day in autumn have the same clock time. */
function offsetOf(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The parts of a time in a zone: "2026-11-26", "02:05:09", "+01:00" or "UTC". */
export function timeParts(at: Date, where: Zone): { date: string; time: string; zone: string } {
  if (where === "utc") {
    const iso = at.toISOString();
    return { date: iso.slice(0, 10), time: iso.slice(11, 19), zone: "UTC" };
  }
  return {
    date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`,
    zone: offsetOf(at),
  };
}

/** The viewer's own zone by its name, such as Europe/Berlin. */
export function localZoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "local time";
}
