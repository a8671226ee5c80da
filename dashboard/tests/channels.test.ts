import { describe, expect, it } from "vitest";

import { Unread, type Field } from "../src/common/fields";
import { applies, differing, grouped, relevant } from "../src/pages/channels/groups";
import { logOf, rateOf } from "../src/pages/channels/object_inputs";
import { matchesTopic, permits, readRules } from "../src/pages/channels/permissions";
import { entriesOf, secretsFault, secretsOf, toList } from "../src/pages/channels/secrets";
import { valueWords } from "../src/pages/channels/words";

function field(name: string, kind: Field["kind"]): Field {
  return { name, kind, about: "", default: null, choices: [], editable: true };
}

describe("permissions", () => {
  it("reads rules and counts lines", () => {
    const { rules, faults } = readRules("# a word\n pub=/a/* \n\nsub=\nreads=/b\nsub=/c/**");
    expect(rules).toEqual([
      { right: "pub", pattern: "/a/*" },
      { right: "sub", pattern: "/c/**" },
    ]);
    expect(faults.map((each) => each.line)).toEqual([4, 5]);
  });

  it.each([
    ["/a/*", "/a/b", true],
    ["/a/*", "/a/b/c", false],
    ["/a/**", "/a/b/c", true],
    ["/a/**/d", "/a/b/c/d", true],
    ["*", "/a", false],
    ["**", "/a", true],
    ["/a*c", "/abbc", true],
    ["/a", "/a/", false],
    ["", "", true],
  ])("%s and %s: %s", (pattern, topic, matches) =>
    expect(matchesTopic(pattern, topic)).toBe(matches),
  );

  it("takes no time for stars upon stars", () => {
    expect(matchesTopic("*a".repeat(40), "a".repeat(200) + "b")).toBe(false);
  });

  it("keeps the rights apart", () => {
    const { rules } = readRules("pub=/a\nsub=/b");
    expect(permits(rules, "pub", "/a")).toBe(true);
    expect(permits(rules, "sub", "/a")).toBe(false);
  });
});

describe("secrets", () => {
  it("reads both lists", () => {
    expect(secretsOf("credentials", [{ username: "a" }])).toEqual([{ name: "a" }]);
    expect(secretsOf("keys", [{ name: "b" }])).toEqual([{ name: "b" }]);
    expect(secretsOf("keys", null)).toEqual([]);
  });

  it("sends those that stay without their secrets", () => {
    const entries = [{ name: "a" }, { name: "b", secret: "s" }];
    expect(toList("credentials", entries, "user")).toEqual([
      { username: "a" },
      { username: "b", secret: "s" },
    ]);
    expect(toList("keys", entries, "key")).toEqual([{ name: "a" }, { name: "b", key: "s" }]);
  });

  it("finds what lacks", () => {
    expect(secretsFault([{ name: "", secret: "s" }], "user")).toMatch(/name/);
    expect(secretsFault([{ name: "a", secret: "" }], "user")).toMatch(/secret/);
    expect(secretsFault([{ name: "a", isNew: true }], "user")).toMatch(/secret/);
    expect(secretsFault([{ name: "a" }, { name: "a", secret: "s" }], "user")).toMatch(/two/);
    expect(secretsFault([{ name: "a" }], "user")).toBeUndefined();
  });

  it("keeps what is not finished", () => {
    const entries = [{ name: "a" }, { name: "", secret: "", isNew: true }];
    const value = toList("keys", entries, "key");
    expect(value).toBeInstanceOf(Unread);
    expect(entriesOf("keys", value, new Set(["a"]))).toEqual(entries);
  });

  it("tells new ones from those of the server", () => {
    expect(entriesOf("keys", [{ name: "a" }, { name: "b", key: "s" }], new Set(["a"]))).toEqual([
      { name: "a" },
      { name: "b", secret: "s", isNew: true },
    ]);
  });
});

describe("the form", () => {
  it("sends only what goes with the security", () => {
    const body = { path: "/a", credentials: [], keys: [] };
    expect(relevant(body, { security: "basic" })).toEqual({ path: "/a", credentials: [] });
    expect(relevant(body, { security: "none" })).toEqual({ path: "/a" });
    expect(applies("keys", { security: "api_key" })).toBe(true);
  });

  it("has every field in a group", () => {
    const parts = grouped([field("name", "text"), field("newcomer", "flag")]);
    expect(parts.map((each) => [each.title, each.fields.map(({ name }) => name)])).toEqual([
      ["The channel", ["name"]],
      ["More", ["newcomer"]],
    ]);
  });

  it("tells what somebody else has changed", () => {
    const fields = [field("path", "text"), field("allowed_origins", "texts")];
    expect(
      differing(fields, { path: "/a", allowed_origins: [] }, { path: "/b", allowed_origins: [] }),
    ).toEqual(["path"]);
  });

  it("reads a rate", () => {
    expect(rateOf({ rate: "", burst: "" })).toBeNull();
    expect(rateOf({ rate: "5", burst: "" })).toEqual({ rate: 5, burst: 5 });
    expect(rateOf({ rate: "0.5", burst: "2" })).toEqual({ rate: 0.5, burst: 2 });
    for (const rate of ["0", "-1", "x", "Infinity", ""])
      expect(rateOf({ rate, burst: "2" })).toBeInstanceOf(Unread);
  });

  it("reads a log", () => {
    const parts = { on: true, messages: "20", payload: "1 KiB", redact: "password\n\n pin " };
    expect(logOf({ ...parts, on: false })).toBeNull();
    expect(logOf(parts)).toEqual({
      messages: 20,
      payload_bytes: 1024,
      redact: ["password", "pin"],
    });
    expect(logOf({ ...parts, messages: "0" })).toBeInstanceOf(Unread);
    expect(logOf({ ...parts, payload: "2 MiB" })).toBeInstanceOf(Unread);
  });
});

describe("values in words", () => {
  it.each([
    [field("credentials", "object"), [{ username: "a" }, { username: "b" }], "a\nb"],
    [field("keys", "object"), [], "nobody"],
    [field("rate_limit", "object"), { rate: 5, burst: 10 }, "5 a second, 10 at once"],
    [field("rate_limit", "object"), null, "no limit"],
    [
      field("message_log", "object"),
      { messages: 20, payload_bytes: 1024, redact: ["pin"] },
      "20 messages each way, 1.0 KiB of each, without pin",
    ],
    [field("message_log", "object"), null, "none"],
    [field("security", "choice"), "basic", "basic: user name and secret"],
    [field("allowed_origins", "texts"), [], "any"],
    [field("services_allowed", "texts"), [], "none"],
    [field("max_connections", "count"), null, "no limit"],
    [field("max_in_flight", "count"), 1000, "1,000"],
  ])("%j", (of, value, words) => expect(valueWords(of, value)).toBe(words));
});
