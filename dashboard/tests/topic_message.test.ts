import { describe, expect, it } from "vitest";

import { preview, safeJson, type ListedMessage } from "../src/pages/topics/message";

const message = (data: unknown, data_begin?: string) => ({ data, data_begin }) as ListedMessage;

describe("the beginning of a message's data", () => {
  it("is short JSON as it is", () => expect(preview(message({ a: [1, 2] }))).toBe('{"a":[1,2]}'));
  it("is a text without quotes", () => expect(preview(message("hello"))).toBe("hello"));
  it("is cut where it is long", () => {
    expect(preview(message("x".repeat(1_000_000)), 10)).toBe("xxxxxxxxxx\u2026");
    expect(preview(message(["abcdefgh"]), 5)).toBe('["abc\u2026');
  });
  it("is what the server has cut", () =>
    expect(preview(message(null, '{"big":"xx'))).toBe('{"big":"xx\u2026'));
  it("is null where that is the data", () => expect(preview(message(null))).toBe("null"));
});

describe("JSON to look at", () => {
  const hostile = { "a\u202eb": "nul\u0000 \u200b\u2066<script>\u2028" };
  it("has nothing that cannot be seen", () => {
    const text = safeJson(hostile);
    expect(text).not.toMatch(/[\u0000-\u0009\u200b-\u200f\u2028-\u202e\u2066-\u2069]/);
    expect(text).toContain("\\u202e");
    expect(text).toContain("<script>");
  });
  it("still says the same", () => expect(JSON.parse(safeJson(hostile))).toEqual(hostile));
  it("has line ends between members", () => expect(safeJson({ a: 1 })).toBe('{\n  "a": 1\n}'));
});
