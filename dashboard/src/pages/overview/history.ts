import type { History, HistoryPoint, Rates } from "./data";

type Values = Array<number | null>;

/** The history by what it is about, as plots take it. */
export interface Past {
  /** Seconds since the epoch. */
  times: number[];
  of: (name: Exclude<keyof HistoryPoint, "at" | "loop_load">) => Values;
  /** Of each loop. */
  loops: Values[];
  /** The busiest loop of each moment. */
  busiest: Values;
  /** The most of it; undefined while that is not known. */
  peak: (name: keyof Rates) => number | undefined;
  /** How often it has happened in all this time; undefined while that is not known. */
  happened: (name: keyof Rates) => number | undefined;
}

/** Takes the history apart; without one there is nothing in it. */
export function pastOf(history: History | undefined): Past {
  const items = history?.items ?? [];
  const size = Math.max(0, ...items.map((each) => each.loop_load.length));
  const known = new Map<string, Values>();
  return {
    times: items.map((each) => Date.parse(each.at) / 1000),
    of: (name) => {
      const values = known.get(name) ?? items.map((each) => each[name] ?? null);
      known.set(name, values);
      return values;
    },
    loops: Array.from({ length: size }, (_, loop) =>
      items.map((each) => each.loop_load[loop] ?? null),
    ),
    busiest: items.map((each) => busiestOf(each.loop_load) ?? null),
    peak: (name) => (items.length > 0 ? Math.max(...items.map((each) => each[name])) : undefined),
    happened: (name) =>
      history && Math.round(items.reduce((sum, each) => sum + each[name], 0) * history.interval),
  };
}

export function busiestOf(loads: number[]): number | undefined {
  return loads.length > 0 ? Math.max(...loads) : undefined;
}
