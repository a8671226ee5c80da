import { describe, expect, test } from "vitest";

import { Growth } from "../src/pages/services/growth";
import { matchesPattern, usesOf, type UserChannel } from "../src/pages/services/use";

describe("a pattern of names", () => {
  test.each([
    ["ping", "ping", true],
    ["ping", "pings", false],
    ["*", "", true],
    ["*", "anything", true],
    ["pubsub.*", "pubsub.publish", true],
    ["pubsub.*", "pubsub.", true],
    ["pubsub.*", "zato.pubsub.x", false],
    ["*.price", "orders.price", true],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "acb", false],
    ["a*bc*c", "abc", false],
    ["a.c", "abc", false],
    ["**x**", "x", true],
  ])("%s on %s: %s", (pattern, name, expected) => {
    expect(matchesPattern(pattern, name)).toBe(expected);
  });
  test("with many stars is answered at once", () => {
    const began = performance.now();
    expect(matchesPattern(`${"*a".repeat(500)}b`, "a".repeat(2000))).toBe(false);
    expect(performance.now() - began).toBeLessThan(200);
  });
});

describe("who uses a service", () => {
  const channel = (name: string, service: string, ...services_allowed: string[]): UserChannel => ({
    name,
    service,
    services_allowed,
    is_active: true,
    connections: 0,
  });
  const channels = [
    channel("any", "gateway", "*"),
    channel("some", "gateway", "ping", "pubsub.*", "http://one/x"),
    channel("direct", "echo", "ping"),
    channel("url", "http://one/x"),
  ];
  const users = (service: string) =>
    usesOf(service, channels).map((use) => [
      use.channel.name,
      use.by === "all" ? "all" : use.by.pattern,
    ]);

  test("those that send it everything come first", () => {
    expect(users("echo")).toEqual([
      ["direct", "all"],
      ["any", "*"],
    ]);
  });
  test("patterns count for channels of the gateway only", () => {
    expect(users("ping")).toEqual([
      ["any", "*"],
      ["some", "ping"],
    ]);
    expect(users("pubsub.publish")).toEqual([
      ["any", "*"],
      ["some", "pubsub.*"],
    ]);
  });
  test("the gateway does not call itself", () => {
    expect(users("gateway")).toEqual([
      ["any", "all"],
      ["some", "all"],
    ]);
  });
  test("a URL must be named to the letter", () => {
    expect(users("http://one/x")).toEqual([
      ["url", "all"],
      ["some", "http://one/x"],
    ]);
    expect(users("http://two/")).toEqual([]);
  });
});

describe("the growth of a counter", () => {
  const at = (second: number) => 1_000_000 + second * 1000;

  test("is not known before it was seen twice", () => {
    const growth = new Growth(10);
    expect(growth.rate("x")).toBeUndefined();
    growth.note("x", 40, at(0));
    growth.note("x", 41, at(0));
    expect(growth.rate("x")).toBeUndefined();
    expect(growth.grown("x")).toBe(0);
  });
  test("is over the time that it has, and the last seconds at most", () => {
    const growth = new Growth(10);
    growth.note("x", 100, at(0));
    growth.note("x", 110, at(5));
    expect(growth.rate("x")).toBe(2);
    for (let second = 6; second <= 40; second += 1) growth.note("x", 110 + second, at(second));
    expect(growth.rate("x")).toBe(1);
    expect(growth.grown("x")).toBe(10);
  });
  test("ends when nothing comes for long enough", () => {
    const growth = new Growth(10);
    growth.note("x", 1, at(0));
    growth.note("x", 2, at(1));
    expect(growth.grown("x")).toBe(1);
    growth.note("x", 2, at(10));
    growth.note("x", 2, at(11));
    expect(growth.grown("x")).toBe(0);
    expect(growth.rate("x")).toBe(0);
  });
  test("is forgotten with what it was of", () => {
    const growth = new Growth(10);
    growth.note("x", 1, at(0));
    growth.note("y", 1, at(0));
    growth.note("x", 2, at(1));
    growth.note("y", 2, at(1));
    growth.keep(new Set(["y"]));
    expect([growth.rate("x"), growth.rate("y")]).toEqual([undefined, 1]);
  });
  test("begins anew after a restart of the server", () => {
    const growth = new Growth(10);
    growth.note("x", 500, at(0));
    growth.note("x", 3, at(1));
    expect(growth.grown("x")).toBe(0);
    growth.note("x", 5, at(2));
    expect(growth.grown("x")).toBe(2);
  });
});
