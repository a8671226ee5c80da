import { expect, test } from "vitest";

import type { Connection, Operation, Outcome } from "../src/api/types";
import { lateAnswer } from "../src/pages/connection/invoking";
import { isCut } from "../src/pages/connection/messages";
import { aboutInvoke, aboutOutcome } from "../src/pages/connection/outcomes";
import { startPoint } from "../src/pages/connection/subscribe";
import { isBefore } from "../src/pages/connection/subscriptions";
import { goesOn, longer, rates, sampleOf, type Sample } from "../src/pages/connection/trail";
import { countOutcomes, percentDone } from "../src/pages/operations/counting";

const sample = (at: number, messages_in: number): Sample => ({
  ...sampleOf({ rtt_ms: null } as Connection, at),
  messages_in,
});

test("rates are growth a second", () => {
  const trail = [sample(0, 10), sample(1, 15), sample(3, 35)];
  expect(rates(trail, "messages_in")).toEqual([null, 5, 10]);
});

test("news right after a repeated sample is not a peak, and counters never shrink", () => {
  expect(rates([sample(0, 0), sample(0.1, 8), sample(1, 3)], "messages_in")).toEqual([null, 8, 0]);
});

test("a quiet connection goes on with the same values; the trail has an end", () => {
  let trail = [sample(0, 7)];
  expect(goesOn(trail, 1)).toBe(trail);
  trail = goesOn(trail, 2);
  expect(trail.map((each) => [each.at, each.messages_in])).toEqual([
    [0, 7],
    [2, 7],
  ]);
  for (let at = 3; at < 500; at += 1) trail = longer(trail, sample(at, 7));
  expect(trail.length).toBe(300);
  expect(trail[299]?.at).toBe(499);
});

test("a subscription from before the connection is told apart", () => {
  const connected_at = "2026-11-26T02:00:00.000000Z";
  expect(isBefore({ subscribed_at: "2026-11-26T01:59:59.000000Z", connected_at })).toBe(true);
  expect(isBefore({ subscribed_at: "2026-11-26T02:00:01.000000Z", connected_at })).toBe(false);
  expect(isBefore({ subscribed_at: connected_at, connected_at: null })).toBe(false);
});

test("where a subscription begins", () => {
  expect(startPoint("new", "")).toBe("new");
  expect(startPoint("sequence", " 17 ")).toBe(17);
  expect(startPoint("sequence", "1.5")).toBeUndefined();
  expect(startPoint("time", "")).toBeUndefined();
  expect(startPoint("time", "2026-11-26T02:00:00Z")).toBe("2026-11-26T02:00:00.000Z");
});

test("a message that the log has cut", () => {
  expect(isCut({ size: 4, payload: "\u00e4\u00e4" })).toBe(false);
  expect(isCut({ size: 5, payload: "\u00e4\u00e4" })).toBe(true);
});

const outcome = (connection_id: string, what: string) =>
  ({ connection_id, outcome: what, data: { n: 1 }, ms: 7, at: "2026-11-26T02:00:00Z" }) as Outcome;

test("outcomes are counted, the most first", () => {
  const all = ["ok", "late", "ok", "closed", "ok"].map((each, at) => outcome(`ws.${at}`, each));
  expect(countOutcomes(all)).toEqual([
    { outcome: "ok", count: 3 },
    { outcome: "closed", count: 1 },
    { outcome: "late", count: 1 },
  ]);
});

test("a late answer is found in its operation", () => {
  const operation = { id: "op.1", outcomes: [outcome("ws.1", "late")] } as Operation;
  expect(lateAnswer(operation)).toMatchObject({
    outcome: "late",
    ms: 7,
    sent_at: "2026-11-26T02:00:00Z",
    operation: "op.1",
  });
  expect(lateAnswer({ ...operation, outcomes: [outcome("ws.1", "timeout")] })).toBeUndefined();
  expect(lateAnswer(undefined)).toBeUndefined();
});

test("every outcome has words, and they depend on what was done", () => {
  for (const each of ["ok", "error", "timeout", "late", "closed", "refused", "cancelled"])
    expect(aboutInvoke(each).text).not.toBe("");
  expect(aboutOutcome("close", "gone").title).toBe("Gone already");
  expect(aboutOutcome("broadcast", "sent").tone).toBe("good");
  expect(aboutOutcome("close", "matched").text).toContain("nothing was done");
  expect(aboutOutcome("close", "cancelled").title).toBe("Cancelled");
});

test("an operation without anything to do is done", () => {
  const base = { matched: 0, finished: 0, dry_run: false } as Operation;
  expect(percentDone(base)).toBe(100);
  expect(percentDone({ ...base, matched: 8, finished: 2 })).toBe(25);
});
