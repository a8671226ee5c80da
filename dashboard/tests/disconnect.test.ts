import { expect, test } from "vitest";

import { aboutCode, readCode } from "../src/pages/connection/close_codes";
import { byteCount, closeReason, shortest } from "../src/common/close_reason";
import { bytesLeft, firstWish, readWish } from "../src/pages/connection/wish";

test("the codes that may be sent", () => {
  for (const good of ["1000", "1001", "4000", " 4005 ", "4999"])
    expect(readCode(good)).toEqual({ code: Number(good) });
  for (const bad of ["", "999", "1002", "3999", "5000", "4005.5", "4e3", "-4005", "x"])
    expect(readCode(bad)).toHaveProperty("fault");
});

test("a code says what the client does", () => {
  expect(aboutCode(4403)).toContain("signs in again");
  expect(aboutCode(4999)).toContain("of your own");
});

test("without advice the reason is text, else JSON", () => {
  expect(closeReason("bye", {})).toBe("bye");
  expect(closeReason("bye", { retry: [1, 30], to: "wss://b/x" })).toBe(
    '{"retry":[1,30],"to":"wss://b/x","why":"bye"}',
  );
  expect(closeReason("", { retry: null })).toBe('{"retry":null}');
});

test("numbers are as short as the server makes them", () => {
  expect([0, 0.5, 30, 3600, 100000, 1234567].map(shortest)).toEqual([
    "0",
    "0.5",
    "30",
    "3600",
    "1e+05",
    "1234567",
  ]);
});

test("bytes are counted, not letters", () => {
  expect(byteCount("\u00e4\u20ac\u{1f600}")).toBe(9);
  expect(bytesLeft({ ...firstWish, reason: "\u00e4".repeat(61) })).toBe(1);
  expect(readWish({ ...firstWish, reason: "\u00e4".repeat(62) }).faults.reason).toContain(
    "1 byte too many",
  );
});

test("an order has only what was chosen", () => {
  expect(readWish(firstWish).order?.body).toEqual({ code: 4005 });
  const again = readWish({ ...firstWish, come: "again", reason: "moved", to: "wss://b/" });
  expect(again.order?.body).toEqual({
    code: 4005,
    reason: "moved",
    retry: [1, 30],
    to: "wss://b/",
  });
  const never = readWish({ ...firstWish, come: "never", to: "wss://b/" });
  expect(never.order?.body).toEqual({ code: 4005, retry: null });
});

test("faults are named by their field", () => {
  const { order, faults } = readWish({
    code: "12",
    reason: "",
    come: "again",
    least: 9,
    most: 3,
    to: "b",
  });
  expect(order).toBeUndefined();
  expect(Object.keys(faults).sort()).toEqual(["code", "least", "to"]);
});
