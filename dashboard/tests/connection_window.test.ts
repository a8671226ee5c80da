import { describe, expect, it } from "vitest";

import {
  added,
  anchorsOf,
  covers,
  fewestRows,
  mostRows,
  movedBy,
  rowAt,
  windowAround,
} from "../src/pages/connections/window";

const window = (offset: number, ids: string, total = 1000) => ({
  offset,
  total,
  items: [...ids].map((id) => ({ id })),
});

describe("windowAround", () => {
  it("has as much again above and below, and begins at the first row", () => {
    expect(windowAround({ first: 500, last: 549 })).toEqual({ offset: 475, limit: 100 });
    expect(windowAround({ first: 0, last: 20 })).toEqual({ offset: 0, limit: fewestRows });
    expect(windowAround({ first: 0, last: 900 }).limit).toBe(mostRows);
  });
});

describe("covers", () => {
  it("knows the end of the list", () => {
    expect(covers(window(10, "abcde"), { first: 11, last: 13 })).toBe(true);
    expect(covers(window(10, "abcde"), { first: 9, last: 13 })).toBe(false);
    expect(covers(window(10, "abcde"), { first: 11, last: 15 })).toBe(false);
    expect(covers(window(10, "abcde", 15), { first: 11, last: 40 })).toBe(true);
    expect(covers(window(0, "", 0), { first: 0, last: 20 })).toBe(true);
  });
});

describe("rowAt", () => {
  it("finds rows by their place in the whole list", () => {
    expect(rowAt(window(10, "abc"), 11)?.id).toBe("b");
    expect(rowAt(window(10, "abc"), 9)).toBeUndefined();
    expect(rowAt(undefined, 0)).toBeUndefined();
  });
});

describe("anchorsOf", () => {
  it("begins with the row under the eye and has at most eight", () => {
    const anchors = anchorsOf(window(10, "abcdefghijklmnopqrstuvwxyz"), { first: 12, last: 35 });
    expect(anchors[0]).toEqual(["c", 12]);
    expect(anchors).toHaveLength(8);
  });
  it("leaves out what is not there", () => {
    expect(anchorsOf(window(10, "ab"), { first: 8, last: 12 })).toEqual([
      ["a", 10],
      ["b", 11],
    ]);
  });
});

describe("movedBy", () => {
  const view = { first: 11, last: 13 };
  it("follows the row under the eye", () => {
    expect(movedBy(window(10, "abcde"), window(10, "xabcd"), view)).toBe(1);
    expect(movedBy(window(10, "abcde"), window(8, "abcde"), view)).toBe(-2);
    expect(movedBy(window(10, "abcde"), window(12, "abcde"), view)).toBe(2);
  });
  it("takes the next that is still there when that one has gone", () => {
    expect(movedBy(window(10, "abcde"), window(10, "acde"), view)).toBe(-1);
  });
  it("is nothing when all have gone", () => {
    expect(movedBy(window(10, "abcde"), window(10, "vwxyz"), view)).toBe(0);
  });
});

describe("added", () => {
  it("names rows that have come between known ones or at the top", () => {
    expect(added(window(0, "abc"), window(0, "xaybc"))).toEqual(["x", "y"]);
  });
  it("does not name rows that have only moved into the window", () => {
    expect(added(window(0, "abc"), window(0, "acd"))).toEqual([]);
    expect(added(window(5, "bcd"), window(5, "abc"))).toEqual([]);
  });
  it("names rows at the end when the end could be seen before", () => {
    expect(added(window(0, "abc", 3), window(0, "abcd", 4))).toEqual(["d"]);
    expect(added(window(0, "abc", 9), window(0, "abcd", 9))).toEqual([]);
    expect(added(window(0, "", 0), window(0, "ab", 2))).toEqual(["a", "b"]);
  });
});
