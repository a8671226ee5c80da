import { describe, expect, it } from "vitest";

import {
  callsOf,
  curlOf,
  findCalls,
  refOf,
  typeWords,
  whoMay,
  type Document,
} from "../src/pages/reference/spec";

const document: Document = {
  info: { title: "x", version: "1" },
  paths: {
    "/healthz": { get: { operationId: "get_healthz", "x-role": "anybody" } },
    "/api/v1/topics/{name}:clear": {
      post: { operationId: "clear", summary: "Deletes all messages.", "x-role": "operator" },
    },
    "/api/v1/channels": {
      post: {
        operationId: "make",
        "x-role": "admin",
        requestBody: {
          content: {
            "application/json": {
              schema: {
                type: "object",
                properties: { name: { type: "string" }, is_active: { type: "boolean" } },
                required: ["name"],
              },
            },
          },
        },
      },
      get: { operationId: "list", "x-role": "viewer" },
    },
  },
};

describe("the reference", () => {
  const calls = callsOf(document);

  it("puts the calls of a resource together", () => {
    expect(calls.map((each) => [each.group, each.method])).toEqual([
      ["Channels", "GET"],
      ["Channels", "POST"],
      ["Topics", "POST"],
      ["Server", "GET"],
    ]);
  });

  it("finds calls by all words", () => {
    expect(findCalls(calls, "topics messages").map((each) => each.id)).toEqual(["clear"]);
    expect(findCalls(calls, "is_active").map((each) => each.id)).toEqual(["make"]);
    expect(findCalls(calls, "nothing")).toEqual([]);
    expect(findCalls(calls, " ")).toHaveLength(4);
  });

  it("writes commands", () => {
    const by = (id: string) =>
      curlOf(
        calls.find((each) => each.id === id)!,
        "http://h:1",
      );
    expect(by("get_healthz")).toBe("curl \\\n  'http://h:1/healthz'");
    expect(by("make")).toBe(
      "curl -X POST \\\n" +
        '  -H "Authorization: Bearer $MUSTER_TOKEN" \\\n' +
        "  -H 'Content-Type: application/json' \\\n" +
        `  -d '{"name":"NAME"}' \\\n` +
        "  'http://h:1/api/v1/channels'",
    );
    expect(by("clear")).toContain("/api/v1/topics/NAME:clear");
  });

  it("says types in words", () => {
    expect(typeWords({ type: ["string", "null"], format: "date-time" })).toBe("date-time | null");
    expect(typeWords({ type: "array", items: { $ref: "#/components/schemas/topic" } })).toBe(
      "array of topic",
    );
    expect(typeWords({})).toBe("any");
    expect(refOf({ type: "array", items: { $ref: "#/components/schemas/topic" } })).toBe("topic");
    expect(whoMay("operator")).toBe("operators and administrators");
  });
});
