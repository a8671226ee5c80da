import { describe, expect, it } from "vitest";

import {
  difference,
  fieldOf,
  inWords,
  readCount,
  readSeconds,
  titleOf,
  unread,
  type Field,
} from "../src/common/fields";

function field(name: string, kind: Field["kind"], usual: unknown): Field {
  return { name, kind, about: "", default: usual, choices: [], editable: true };
}

describe("numbers as people write them", () => {
  it.each([
    ["90", 90],
    ["0.5", 0.5],
    ["1.5 h", 5400],
    ["1 d 12 h", 129_600],
    ["7d", 604_800],
    ["5 MIN", 300],
  ])("%s are seconds", (text, seconds) => expect(readSeconds(text)).toBe(seconds));
  it.each(["", "-1", "5 moons", "3 h and", "h"])("%j are none", (text) =>
    expect(readSeconds(text)).toBeUndefined(),
  );
  it.each([
    ["100000", false, 100_000],
    ["1,000,000", false, 1_000_000],
    ["1 000", false, 1000],
    ["64 MiB", true, 67_108_864],
    ["1.5k", true, 1536],
    ["2 GB", true, 2_147_483_648],
  ])("%s is a count", (text, ofBytes, value) => expect(readCount(text, ofBytes)).toBe(value));
  it.each([
    ["64 MiB", false],
    ["1.5", false],
    ["-3", true],
    ["10000000000000000000", false],
    ["1,00", false],
  ])("%s is none", (text, ofBytes) => expect(readCount(text, ofBytes)).toBeUndefined());
});

describe("fields", () => {
  const all = [
    field("name", "text", ""),
    field("max_depth", "count", 10),
    field("of", "texts", []),
  ];

  it("sends what has changed", () => {
    const before = { name: "a", max_depth: 10, of: ["x"] };
    expect(difference(all, before, { name: "a", max_depth: 10, of: ["x"] })).toEqual({});
    expect(difference(all, before, { name: "a", max_depth: 11, of: [] })).toEqual({
      max_depth: 11,
      of: [],
    });
  });

  it("does not send what cannot be read", () => {
    expect(difference(all, { max_depth: 10 }, { max_depth: unread("x", "A number") })).toEqual({});
  });

  it("says values in words", () => {
    expect(inWords(field("retention_bytes", "count", 1), 67_108_864)).toBe("64 MiB");
    expect(inWords(field("retention_age", "seconds", 1), 604_800)).toBe("7 d");
    expect(inWords(field("max_depth", "count", null), null)).toBe("no limit");
    expect(inWords(field("durable", "flag", true), false)).toBe("off");
  });

  it("finds the field of a problem", () => {
    expect(fieldOf({ field: "credentials[0].username" })).toBe("credentials");
    expect(fieldOf({ field: "rate_limit.rate" })).toBe("rate_limit");
    expect(fieldOf(new Error("x"))).toBeUndefined();
  });

  it("makes titles of names", () => {
    expect(titleOf("token_ttl")).toBe("Token TTL");
    expect(titleOf("duplicate_client_id")).toBe("Duplicate client ID");
  });
});
