import { describe, expect, test } from "vitest";

import { applyDelta, rowId } from "../src/api/delta";

interface List {
  items: Array<Record<string, unknown>>;
  total?: number;
  revision?: number;
}

const list: List = {
  items: [
    { id: "a", queue: 1, labels: { site: "A", till: "7" } },
    { id: "b", queue: 2 },
  ],
  total: 2,
  revision: 5,
};

describe("a row is known by", () => {
  test("the first of its members that can tell it", () => {
    expect(rowId({ name: "n", id: "i" })).toBe("i");
    expect(rowId({ sub_key: "s", msg_id: "m" })).toBe("s");
    expect(rowId({ msg_id: "m", name: "n" })).toBe("m");
    expect(rowId({ username: "u", name: "n" })).toBe("u");
    expect(rowId({ name: "n", at: "t" })).toBe("n");
    expect(rowId({ at: 17 })).toBe("17");
    expect(rowId({ text: "no name" })).toBeUndefined();
  });
});

describe("a delta", () => {
  test("sets and takes away members, and leaves the rows alone", () => {
    const after = applyDelta(list, { watch: 0, set: { total: 3 }, unset: ["revision"] });
    expect(after).toEqual({ items: list.items, total: 3 });
    expect(after.items).toBe(list.items);
  });

  test("changes members of rows; nested ones are replaced as wholes", () => {
    const rows = { a: { queue: 9, labels: { site: "B" } } };
    const after = applyDelta(list, { watch: 0, rows });
    expect(after.items[0]).toEqual({ id: "a", queue: 9, labels: { site: "B" } });
    expect(after.items[1]).toBe(list.items[1]);
  });

  test("brings rows, takes rows away and puts them in order", () => {
    const rows = { c: { id: "c", queue: 0 } };
    const after = applyDelta(list, { watch: 0, rows, order: ["c", "b"] });
    expect(after.items).toEqual([{ id: "c", queue: 0 }, list.items[1]]);
  });

  test("does not touch the value before it", () => {
    const before = structuredClone(list);
    applyDelta(list, { watch: 0, set: { total: 0 }, rows: { a: { queue: 7 } }, order: ["a"] });
    expect(list).toEqual(before);
  });

  test("leaves out rows that it names but never told of", () => {
    expect(applyDelta(list, { watch: 0, order: ["b", "ghost"] }).items).toEqual([list.items[1]]);
  });

  test("makes a list of what had none", () => {
    const delta = { watch: 0, rows: { x: { id: "x" } }, order: ["x"] };
    expect(applyDelta<object>({}, delta)).toEqual({ items: [{ id: "x" }] });
  });

  test("with a row called like a member of all objects is nothing special", () => {
    const rows = JSON.parse(
      '{"__proto__":{"id":"__proto__"},"constructor":{"id":"constructor"}}',
    ) as Record<string, Record<string, unknown>>;
    const after = applyDelta<List>(
      { items: [] },
      { watch: 0, rows, order: ["__proto__", "constructor"] },
    );
    expect(after.items.map((row) => row.id)).toEqual(["__proto__", "constructor"]);
  });
});
