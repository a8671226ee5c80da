const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 12345 -> "12,345". */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? "\u2013" : whole.format(value);
}

/** A rate or another number of which three digits are of interest. */
export function rate(value: number | null | undefined): string {
  if (value === null || value === undefined) return "\u2013";
  if (value === 0) return "0";
  if (Math.abs(value) >= 100) return whole.format(value);
  return String(Number(value.toPrecision(Math.abs(value) >= 10 ? 3 : 2)));
}

/** 0.123 -> "12 %". */
export function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? "\u2013" : `${whole.format(value * 100)} %`;
}

/** 1536 -> "1.5 KiB". */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return "\u2013";
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let at = 0;
  let rest = value;
  while (Math.abs(rest) >= 1024 && at < units.length - 1) {
    rest /= 1024;
    at += 1;
  }
  return `${at === 0 ? whole.format(rest) : rest.toFixed(rest < 10 ? 1 : 0)} ${units[at]}`;
}

/** Milliseconds with what digits they need: "0.42 ms", "310 ms", "2.1 s". */
export function millis(value: number | null | undefined): string {
  if (value === null || value === undefined) return "\u2013";
  if (value >= 1000) return `${(value / 1000).toFixed(value < 10_000 ? 1 : 0)} s`;
  return `${value < 10 ? value.toFixed(2) : value.toFixed(value < 100 ? 1 : 0)} ms`;
}

/** Seconds in the two largest units that they have: "42 s", "3 min 5 s", "2 d 4 h". */
export function span(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return "\u2013";
  const all = Math.max(0, Math.floor(seconds));
  const parts: Array<[number, string]> = [
    [Math.floor(all / 86_400), "d"],
    [Math.floor(all / 3600) % 24, "h"],
    [Math.floor(all / 60) % 60, "min"],
    [all % 60, "s"],
  ];
  const first = parts.findIndex(([size]) => size > 0);
  if (first < 0) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([size]) => size > 0)
    .map(([size, unit]) => `${size} ${unit}`)
    .join(" ");
}

/** "1 client", "2 clients". */
export function plural(size: number, one: string, many = `${one}s`): string {
  return `${count(size)} ${size === 1 ? one : many}`;
}
