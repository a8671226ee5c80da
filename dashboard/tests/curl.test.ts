import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

import { asCurl, invokeBody, shellWord } from "../src/pages/connection/curl";

/** What a shell makes of the word. */
const said = (word: string) =>
  execFileSync("/bin/sh", ["-c", `printf %s ${word}`], { encoding: "utf8" });

test.each([
  "plain",
  "",
  "it's",
  "''",
  `{"a":"it's $HOME \`id\` \\n !! \\"x\\""}`,
  "two\nlines\t*",
  "-n ; rm -rf / #",
  "\u202egrüße \u{1f600}",
])("a shell takes %j as one word", (text) => {
  expect(said(shellWord(text))).toBe(text);
});

test("the command has the token from the environment, and the data as typed", () => {
  const url = "http://127.0.0.1:8081/api/v1/connections/ws.1/invoke";
  const command = asCurl("POST", url, invokeBody('{"who":"it\'s"}', 2.5));
  expect(command).toContain(`'${url}'`);
  expect(command).toContain('"Authorization: Bearer $MUSTER_TOKEN"');
  const body = command.slice(command.indexOf("-d ") + 3);
  expect(JSON.parse(said(body))).toEqual({ data: { who: "it's" }, timeout: 2.5 });
});

test("no data is null, and digits stay", () => {
  expect(invokeBody("  ", 5)).toBe('{"data":null,"timeout":5}');
  expect(invokeBody("12345678901234567890", 5)).toBe('{"data":12345678901234567890,"timeout":5}');
});
