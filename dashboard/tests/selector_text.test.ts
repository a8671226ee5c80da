import { describe, expect, it } from "vitest";

import {
  containsCondition,
  labelField,
  offsetOfColumn,
  quoted,
  selectorOf,
} from "../src/pages/connections/selector_text";

describe("quoted", () => {
  it("escapes quotes and backslashes and nothing else", () => {
    expect(quoted("plain")).toBe('"plain"');
    expect(quoted('a"b\\c')).toBe('"a\\"b\\\\c"');
    expect(quoted("tab\tline\n\u202e")).toBe('"tab\tline\n\u202e"');
  });
});

describe("containsCondition", () => {
  it("is a glob with stars around", () => {
    expect(containsCondition("client_id", "pos-1")).toBe('client_id ~ "*pos-1*"');
    expect(containsCondition("client_id", "a.b[1]")).toBe('client_id ~ "*a.b[1]*"');
    expect(containsCondition("client_id", 'say "x"')).toBe('client_id ~ "*say \\"x\\"*"');
    expect(containsCondition("client_id", "back\\slash")).toBe('client_id ~ "*back\\\\slash*"');
  });
  it("is a regular expression when a star or a question mark is meant as such", () => {
    expect(containsCondition("client_id", "a*b")).toBe('client_id =~ "a\\\\*b"');
    expect(containsCondition("client_id", "why?")).toBe('client_id =~ "why\\\\?"');
    expect(containsCondition("client_id", "*.(x)+[y]{2}|^$\\")).toBe(
      'client_id =~ "\\\\*\\\\.\\\\(x\\\\)\\\\+\\\\[y\\\\]\\\\{2\\\\}\\\\|\\\\^\\\\$\\\\\\\\"',
    );
    expect(containsCondition("client_id", '*"')).toBe('client_id =~ "\\\\*\\""');
  });
});

describe("selectorOf", () => {
  const none = { channel: "", client_id: "", selector: "" };
  it("is empty for everybody", () => {
    expect(selectorOf(none)).toBe("");
    expect(selectorOf({ ...none, selector: "  " })).toBe("");
  });
  it("leaves a lone selector as it is", () => {
    expect(selectorOf({ ...none, selector: " idle > 1m or tls exists " })).toBe(
      "idle > 1m or tls exists",
    );
  });
  it("puts all parts together, the selector in parentheses", () => {
    expect(selectorOf({ channel: 'a"b', client_id: "x", selector: "idle > 1m or age > 1h" })).toBe(
      'channel == "a\\"b" and client_id ~ "*x*" and (idle > 1m or age > 1h)',
    );
  });
});

describe("labelField", () => {
  it("quotes what is no bare word", () => {
    expect(labelField("site")).toBe("label.site");
    expect(labelField("k8s.io/app")).toBe("label.k8s.io/app");
    expect(labelField('two "words"')).toBe('label."two \\"words\\""');
  });
});

describe("offsetOfColumn", () => {
  it("counts characters as the server does", () => {
    expect(offsetOfColumn("abc", 1)).toBe(0);
    expect(offsetOfColumn("abc", 4)).toBe(3);
    expect(offsetOfColumn("abc", 9)).toBe(3);
    expect(offsetOfColumn("\u{1f600}x", 2)).toBe(2);
  });
});
