import { describe, expect, it } from "vitest";

import { operatorsFor } from "../src/pages/connections/selector_completion";
import {
  expectationAt,
  faultyStretch,
  roleOf,
  tokens,
} from "../src/pages/connections/selector_syntax";

/** What is wanted where the bar stands. */
function at(marked: string) {
  const cursor = marked.indexOf("|");
  return expectationAt(marked.replace("|", ""), cursor);
}

describe("tokens", () => {
  it("takes a selector apart", () => {
    const text = 'channel == "a \\"b\\"" and label."x y" in ("1",2) or idle>10m';
    expect(tokens(text).map((each) => each.text)).toEqual([
      "channel",
      "==",
      '"a \\"b\\""',
      "and",
      'label."x y"',
      "in",
      "(",
      '"1"',
      ",",
      "2",
      ")",
      "or",
      "idle",
      ">",
      "10m",
    ]);
    expect(tokens(text).map(roleOf)).toContain("keyword");
  });
  it("bears what is half written, and what is none", () => {
    expect(tokens('a == "open').at(-1)).toMatchObject({ kind: "text", text: '"open' });
    expect(tokens("\u{1f600} \\ '").every((each) => each.kind === "odd")).toBe(true);
  });
});

describe("expectationAt", () => {
  it("wants a field at the start and after and, or, not and a parenthesis", () => {
    for (const text of ["|", "cha|", "a exists and |", "not |", "(|", "not (ch|"])
      expect(at(text).want).toBe("field");
    expect(at("a exists and ch|").from).toBe(13);
  });
  it("wants an operator after a field", () => {
    expect(at("idle |")).toEqual({ want: "operator", from: 5, field: "idle", operator: undefined });
    expect(at("idle >|")).toMatchObject({ want: "operator", from: 5 });
    expect(at("idle i|")).toMatchObject({ want: "operator", from: 5 });
  });
  it("wants a value after an operator, in texts as well", () => {
    expect(at("channel == |")).toMatchObject({ want: "value", from: 11, field: "channel" });
    expect(at('channel == "cr|')).toMatchObject({ want: "value", from: 11 });
    expect(at("channel == cr|")).toMatchObject({ want: "value", from: 11 });
  });
  it("wants values in a list until it ends", () => {
    expect(at("state in |").want).toBe("list");
    expect(at('state in (|"a"').want).toBe("value");
    expect(at('state in ("a", |').want).toBe("value");
    expect(at('state in ("a" |').want).toBe("connector");
    expect(at('state in ("a") |').want).toBe("connector");
    expect(at("remote_ip in 10.0.0.0/8 |").want).toBe("connector");
  });
  it("wants a connector after a condition", () => {
    expect(at('channel == "crm" |').want).toBe("connector");
    expect(at('channel == "crm" an|')).toMatchObject({ want: "connector", from: 17 });
    expect(at("tls exists |").want).toBe("connector");
    expect(at("(idle > 10m) |").want).toBe("connector");
  });
});

describe("operatorsFor", () => {
  const labels = (kind: Parameters<typeof operatorsFor>[0]) =>
    operatorsFor(kind).map((each) => each.label);
  it("offers what suits the kind", () => {
    expect(labels("labels")).toEqual(["exists"]);
    expect(labels("text")).toContain("=~");
    expect(labels("number")).not.toContain("~");
    expect(labels("duration")[0]).toBe("<");
  });
});

describe("faultyStretch", () => {
  it("is the token at the column, from there on", () => {
    expect(faultyStretch("idle > much", 8)).toEqual({ from: 7, to: 11 });
    expect(faultyStretch('"\u{1f600}" = 1', 5)).toEqual({ from: 5, to: 6 });
  });
  it("is the last character where the end is missing", () => {
    expect(faultyStretch("idle >", 7)).toEqual({ from: 5, to: 6 });
    expect(faultyStretch("idle > ", 99)).toEqual({ from: 6, to: 7 });
  });
});
