import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import type { Role } from "../src/api/session";
import { everyPage, settled } from "./support/places";
import { World } from "./support/world";

let world: World;
let pages: string[];
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

const rank: Role[] = ["viewer", "operator", "admin"];
const may = (role: Role, needs: Role) => rank.indexOf(role) >= rank.indexOf(needs);

/** What acts, by page (the beginning of its address) and the role that it needs. */
const acts: Array<[string, Role, RegExp]> = [
  ["/connections", "operator", /^Actions$/],
  ["/connections/", "operator", /^Disconnect$/],
  ["/connections/", "operator", /^Subscribe$/],
  ["/connections/", "operator", /^Unsubscribe from/],
  ["/connections/", "operator", /^Invoke/],
  ["/channels", "admin", /^Create channel$/],
  ["/channels", "admin", /^Actions for demo$/],
  ["/channels/demo", "admin", /^Edit$/],
  ["/channels/demo", "admin", /^Deactivate$/],
  ["/channels/demo", "admin", /^Delete$/],
  ["/topics", "admin", /^New topic$/],
  ["/topics", "admin", /^Delete topic/],
  ["/topics/%2Fdemo%2Fnews", "operator", /^Clear topic$/],
  ["/topics/%2Fdemo%2Fnews", "admin", /^Delete topic$/],
  ["/topics/%2Fdemo%2Fnews?tab=publish", "operator", /^Publish$/],
  ["/subscriptions/", "operator", /^Unsubscribe$/],
  ["/subscriptions/", "operator", /^Clear queue$/],
  ["/users", "admin", /^Create user$/],
  ["/tokens", "admin", /^Create token$/],
];
const isOf = (page: string, path: string) =>
  path.endsWith("/") ? page.startsWith(path) : page === path;

describe.each(rank)("a %s", (role) => {
  test("sees what they may do, and nothing else", { timeout: 120_000 }, async () => {
    pages = await everyPage(world);
    const page = await world.open("/", { as: role });
    for (const path of pages) {
      await page.goto(path);
      await settled(page);
      // Buttons of rows come with them.
      if (!/reference|nowhere|create=|edit=|tokens|users|publish/.test(path))
        await page.locator("main [data-key], main dd").first().waitFor();
      for (const [of, needs, name] of acts) {
        if (!isOf(path, of)) continue;
        const button = page.getByRole("button", { name }).first();
        if (may(role, needs)) await button.waitFor();
        else expect(await button.count(), `${role} sees ${name} at ${path}`).toBe(0);
      }
    }
    const links = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
    const titles = await links.allTextContents();
    expect(titles.includes("Users")).toBe(role === "admin");
    expect(titles.includes("API tokens")).toBe(role === "admin");
  });
});

describe("the server refuses what is hidden from", () => {
  const calls: Array<[Role, string, string]> = [
    ["operator", "DELETE", "/connections/ws.000000000000000000000000"],
    ["operator", "POST", "/connections/ws.000000000000000000000000/invoke"],
    ["operator", "POST", "/connections/ws.000000000000000000000000/subscriptions"],
    ["operator", "POST", "/connections:close"],
    ["operator", "POST", "/connections:invoke"],
    ["operator", "POST", "/connections:broadcast"],
    ["operator", "DELETE", "/subscriptions/none"],
    ["operator", "POST", "/topics/%2Fdemo%2Fnews/publish"],
    ["operator", "POST", "/topics/%2Fdemo%2Fnews:clear"],
    ["admin", "POST", "/topics"],
    ["admin", "PATCH", "/topics/%2Fdemo%2Fnews"],
    ["admin", "DELETE", "/topics/%2Fdemo%2Fnews"],
    ["admin", "POST", "/channels"],
    ["admin", "PATCH", "/channels/demo"],
    ["admin", "DELETE", "/channels/demo"],
    ["admin", "GET", "/users"],
    ["admin", "POST", "/users"],
    ["admin", "PATCH", "/users/the-admin"],
    ["admin", "DELETE", "/users/the-admin"],
    ["admin", "GET", "/tokens"],
    ["admin", "POST", "/tokens"],
    ["admin", "DELETE", "/tokens/none"],
  ];

  test.each(["viewer", "operator"] as const)("a %s", async (role) => {
    const page = await world.open("/", { as: role });
    const request = page.context().request;
    const who = (await (await request.get("/api/v1/session")).json()) as { csrf_token: string };
    for (const [needs, method, path] of calls) {
      if (may(role, needs)) continue;
      const answer = await request.fetch(`/api/v1${path}`, {
        method,
        data: method === "GET" ? undefined : {},
        headers: { "X-CSRF-Token": who.csrf_token },
      });
      expect(answer.status(), `${method} ${path} as ${role}`).toBe(403);
    }
  });

  test("anybody without the token against forged requests", async () => {
    const page = await world.open("/", { as: "admin" });
    const answer = await page.context().request.delete("/api/v1/channels/demo");
    expect(answer.status()).toBe(403);
  });
});
