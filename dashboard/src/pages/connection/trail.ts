import { useEffect, useRef, useState } from "react";

import { useNow } from "../../common/clock";
import type { Connection } from "../../api/types";

/** The values of a connection at a moment (s since the epoch). */
export interface Sample {
  at: number;
  messages_in: number;
  messages_out: number;
  bytes_in: number;
  bytes_out: number;
  queue_bytes: number;
  rtt_ms: number | null;
}

export type CounterName = "messages_in" | "messages_out" | "bytes_in" | "bytes_out";

/** Five minutes, a second each. */
const longest = 300;
/** Without news for so long (s), the values are as they were. */
const quiet = 1.6;

export function sampleOf(row: Connection, at: number): Sample {
  return {
    at,
    messages_in: row.messages_in ?? 0,
    messages_out: row.messages_out ?? 0,
    bytes_in: row.bytes_in ?? 0,
    bytes_out: row.bytes_out ?? 0,
    queue_bytes: row.queue_bytes ?? 0,
    rtt_ms: row.rtt_ms,
  };
}

/** The trail with one more sample; the oldest go. */
export function longer(trail: Sample[], next: Sample): Sample[] {
  return [...trail.slice(-(longest - 1)), next];
}

/** When the last sample is not of this second any more: the same values, now. */
export function goesOn(trail: Sample[], now: number): Sample[] {
  const last = trail[trail.length - 1];
  return last && now - last.at > quiet ? longer(trail, { ...last, at: now }) : trail;
}

/**
 * By how much a counter grew a second, from sample to sample; null for the first. News comes once a
 * second: what comes sooner after a repeated sample has still grown over a second.
 */
export function rates(trail: Sample[], name: CounterName): Array<number | null> {
  return trail.map((sample, at) => {
    const before = trail[at - 1];
    if (!before) return null;
    return Math.max(0, sample[name] - before[name]) / Math.max(1, sample.at - before.at);
  });
}

/** What the connection's counters were since the page was opened. It stands still with `live` false. */
export function useTrail(row: Connection | undefined, live: boolean): Sample[] {
  const [trail, setTrail] = useState<Sample[]>([]);
  const now = useNow();
  const seen = useRef<Connection>(undefined);
  useEffect(() => {
    if (!row || seen.current === row) return;
    seen.current = row;
    setTrail((before) => longer(before, sampleOf(row, Date.now() / 1000)));
  }, [row]);
  useEffect(() => {
    if (live) setTrail((before) => goesOn(before, Date.now() / 1000));
  }, [live, now]);
  return trail;
}
