import { describe, expect, test } from "vitest";

import { bytes, count, millis, plural, rate, span } from "../src/common/format";

describe("numbers for people", () => {
  test("counts", () => {
    expect([0, 7, 1234, 1234567.8].map(count)).toEqual(["0", "7", "1,234", "1,234,568"]);
    expect([1, 2, 0, 1500].map((size) => plural(size, "client"))).toEqual([
      "1 client",
      "2 clients",
      "0 clients",
      "1,500 clients",
    ]);
    expect(plural(2, "match", "matches")).toBe("2 matches");
  });

  test("rates have the digits that matter", () => {
    expect([0, 0.123, 1.04, 9.96, 10, 12.34, 99.6, 99.96, 1234.5].map(rate)).toEqual([
      "0",
      "0.12",
      "1",
      "10",
      "10",
      "12.3",
      "99.6",
      "100",
      "1,235",
    ]);
  });

  test("bytes", () => {
    expect([0, 1023, 1024, 1536, 10240, 5 * 2 ** 20, 2 ** 40, 2 ** 50].map(bytes)).toEqual([
      "0 B",
      "1,023 B",
      "1.0 KiB",
      "1.5 KiB",
      "10 KiB",
      "5.0 MiB",
      "1.0 TiB",
      "1024 TiB",
    ]);
  });

  test("milliseconds", () => {
    expect([0, 0.424, 9.99, 31.797, 310.4, 999, 1000, 2123, 12_345].map(millis)).toEqual([
      "0.00 ms",
      "0.42 ms",
      "9.99 ms",
      "31.8 ms",
      "310 ms",
      "999 ms",
      "1.0 s",
      "2.1 s",
      "12 s",
    ]);
  });

  test("spans have their two largest units", () => {
    expect([0, 0.9, 42, 60, 185, 3600, 3661, 86_400, 187_260, -5].map(span)).toEqual([
      "0 s",
      "0 s",
      "42 s",
      "1 min",
      "3 min 5 s",
      "1 h",
      "1 h 1 min",
      "1 d",
      "2 d 4 h",
      "0 s",
    ]);
  });

  test("what is not known is a dash", () => {
    for (const format of [count, rate, bytes, millis, span])
      expect([format(null), format(undefined)]).toEqual(["\u2013", "\u2013"]);
  });
});
