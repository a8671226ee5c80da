import { beforeEach, expect, test } from "vitest";

import { signedIn, signedOut } from "../src/api/session";
import { draftOf, keepDraft } from "../src/pages/connection/draft";
import {
  bounded,
  keepRequest,
  longestRequest,
  withRequest,
  type PastRequest,
} from "../src/pages/connection/history";

const request = (at: number, data = `{"n":${at}}`): PastRequest => ({
  at,
  data,
  timeout: 5,
  outcome: "ok",
  ms: 3,
});
const kept = (channel: string) =>
  JSON.parse(localStorage.getItem(`muster.private.requests.${channel}`) ?? "[]") as PastRequest[];
const who = (username: string) => ({
  username,
  role: "operator" as const,
  csrf_token: "t",
  expires_at: null,
});

beforeEach(() => localStorage.clear());

test("the last twenty are kept, the newest first", () => {
  for (let at = 1; at <= 30; at += 1) keepRequest("demo", request(at));
  expect(kept("demo").map((each) => each.at)).toEqual([...Array(20).keys()].map((n) => 30 - n));
});

test("the same request stands there once, with its latest outcome", () => {
  let all = withRequest([], request(1, "x"));
  all = withRequest(all, request(2, "y"));
  all = withRequest(all, { ...request(3, "x"), outcome: "timeout" });
  expect(all.map((each) => each.at)).toEqual([3, 2]);
  all = withRequest(all, { ...request(3, "x"), outcome: "late" });
  expect(all.map((each) => each.outcome)).toEqual(["late", "ok"]);
});

test("what is too large is not kept, and not too much in all", () => {
  expect(withRequest([], request(1, "x".repeat(longestRequest + 1)))).toEqual([]);
  const many = Array.from({ length: 20 }, (_, at) => request(at, "x".repeat(longestRequest)));
  expect(bounded(many).length).toBe(5);
});

test("only so many channels have a history", () => {
  for (let at = 1; at <= 20; at += 1) keepRequest(`channel ${at}`, request(at));
  expect(localStorage.length).toBe(16);
  expect(kept("channel 1")).toEqual([]);
  expect(kept("channel 20").length).toBe(1);
});

test("what is stored and is no history does no harm", () => {
  localStorage.setItem("muster.private.requests.demo", '[1,null,{"at":"x"}]');
  keepRequest("demo", request(7));
  expect(kept("demo").map((each) => each.at)).toEqual([7]);
});

test("sign-out forgets requests and drafts, and so does another user", () => {
  signedIn(who("ada"));
  keepRequest("demo", request(1));
  keepDraft("demo", { data: "{}", timeout: 9 });
  signedIn(who("ada"));
  expect(kept("demo").length).toBe(1);
  signedIn(who("otto"));
  expect(kept("demo")).toEqual([]);
  keepRequest("demo", request(2));
  localStorage.setItem("muster.zone", "utc");
  signedOut();
  expect(kept("demo")).toEqual([]);
  expect(draftOf("demo").data).toBe("");
  expect(localStorage.getItem("muster.zone")).toBe("utc");
});
