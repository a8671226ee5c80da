import { describe, expect, it } from "vitest";

import { findRows } from "../src/common/rows";
import { newSecret } from "../src/common/secret";
import { passwordFault, tokenNameFault, usernameFault } from "../src/pages/accounts/rules";

describe("accounts", () => {
  it("checks names to sign in with", () => {
    expect(usernameFault("ada.l@example-1")).toBeUndefined();
    for (const name of ["", "a b", "\u00e4da", "a".repeat(65)])
      expect(usernameFault(name)).toBeDefined();
  });

  it("counts the bytes of a password", () => {
    expect(passwordFault("1234567")).toBeDefined();
    expect(passwordFault("12345678")).toBeUndefined();
    expect(passwordFault("\u00e4\u00e4\u00e4\u00e4")).toBeUndefined();
    expect(passwordFault("\u00e4".repeat(513))).toBeDefined();
  });

  it("checks names of tokens", () => {
    expect(tokenNameFault("nightly report")).toBeUndefined();
    for (const name of ["", " a", "a ", "\u00e4", "a".repeat(65)])
      expect(tokenNameFault(name)).toBeDefined();
  });

  it("makes secrets that differ and fit into a URL", () => {
    const all = new Set(Array.from({ length: 50 }, () => newSecret()));
    expect(all.size).toBe(50);
    for (const each of all) expect(each).toMatch(/^[A-Za-z0-9_-]{32}$/);
  });

  it("finds rows by any of their texts", () => {
    const rows = [
      { a: "North", b: 12 },
      { a: "south", b: null },
    ];
    const texts = (row: (typeof rows)[number]) => [row.a, row.b];
    expect(findRows(rows, " OUT ", texts)).toEqual([rows[1]]);
    expect(findRows(rows, "12", texts)).toEqual([rows[0]]);
    expect(findRows(rows, "", texts)).toBe(rows);
  });
});
