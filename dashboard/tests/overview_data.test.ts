import { describe, expect, test } from "vitest";

import type { History, HistoryPoint } from "../src/pages/overview/data";
import { busiestOf, pastOf } from "../src/pages/overview/history";
import { plotLayout } from "../src/pages/overview/plots";
import { sortRows } from "../src/common/sort_rows";

const point = (over: Partial<HistoryPoint>): HistoryPoint => ({
  at: "2026-11-26T02:00:00.000000Z",
  connections: 0,
  sessions: 0,
  messages_in: 0,
  messages_out: 0,
  bytes_in: 0,
  bytes_out: 0,
  connects: 0,
  disconnects: 0,
  publications: 0,
  deliveries: 0,
  invocations: 0,
  errors: 0,
  slow_consumers: 0,
  commits: 0,
  commit_ms: null,
  resident_bytes: 0,
  cpu: 0,
  loop_load: [],
  ...over,
});

describe("the past", () => {
  const history: History = {
    interval: 5,
    items: [
      point({ connections: 3, errors: 0.4, loop_load: [0.1, 0.5] }),
      point({
        at: "2026-11-26T02:00:05.000000Z",
        connections: 4,
        errors: 0.2,
        invocations: 7,
        commit_ms: 1.5,
        loop_load: [0.9, 0.2],
      }),
    ],
  };

  test("comes apart into columns over seconds", () => {
    const past = pastOf(history);
    expect(past.times).toEqual([1795658400, 1795658405]);
    expect(past.of("connections")).toEqual([3, 4]);
    expect(past.of("commit_ms")).toEqual([null, 1.5]);
    expect(past.loops).toEqual([
      [0.1, 0.9],
      [0.5, 0.2],
    ]);
    expect(past.busiest).toEqual([0.5, 0.9]);
  });

  test("keeps a column the same object, so that plots need not draw it again", () => {
    const past = pastOf(history);
    expect(past.of("sessions")).toBe(past.of("sessions"));
  });

  test("counts what has happened, and knows the most of it", () => {
    const past = pastOf(history);
    expect(past.happened("errors")).toBe(3);
    expect(past.happened("slow_consumers")).toBe(0);
    expect(past.peak("invocations")).toBe(7);
  });

  test("of a server that has just started has one point", () => {
    const past = pastOf({ interval: 5, items: history.items.slice(0, 1) });
    expect(past.times).toHaveLength(1);
    expect(past.happened("errors")).toBe(2);
  });

  test("is empty while it is not known, which is not the same as that nothing happened", () => {
    const past = pastOf(undefined);
    expect(past.times).toEqual([]);
    expect(past.loops).toEqual([]);
    expect(past.happened("errors")).toBeUndefined();
    expect(past.peak("errors")).toBeUndefined();
    expect(pastOf({ interval: 5, items: [] }).happened("errors")).toBe(0);
  });

  test("has no busiest loop without loops", () => {
    expect(busiestOf([])).toBeUndefined();
    expect(busiestOf([0.2, 0.7, 0.1])).toBe(0.7);
  });
});

describe("eight plots", () => {
  test("leave no hole at any width", () => {
    for (let width = 0; width < 4000; width += 50)
      expect(8 % plotLayout(width, 600).columns).toBe(0);
  });
  test("stand below each other on a phone, four beside each other on a 4K screen", () => {
    expect(plotLayout(336, 500)).toEqual({ columns: 1, height: 114 });
    expect(plotLayout(2960, 1870)).toEqual({ columns: 4, height: 551 });
  });
  test("are never too flat to be read", () => {
    expect(plotLayout(0, 0).height).toBe(112);
  });
});

describe("rows of a list that is wholly at hand", () => {
  const rows = [
    { name: "b", size: 2, rate: undefined },
    { name: "a10", size: 2, rate: 1 },
    { name: "a9", size: 1, rate: 3 },
  ];
  const names = (field: string, descending = false) =>
    sortRows(rows, { field, descending }).map((each) => each.name);

  test("are sorted by texts and by numbers, both ways", () => {
    expect(names("name")).toEqual(["a9", "a10", "b"]);
    expect(names("name", true)).toEqual(["b", "a10", "a9"]);
    expect(names("size")).toEqual(["a9", "b", "a10"]);
    expect(names("size", true)).toEqual(["b", "a10", "a9"]);
  });
  test("have what is not known last, whichever way", () => {
    expect(names("rate")).toEqual(["a10", "a9", "b"]);
    expect(names("rate", true)).toEqual(["a9", "a10", "b"]);
  });
  test("stay as they are for a field that there is not", () => {
    expect(names("nothing")).toEqual(["b", "a10", "a9"]);
  });
});
