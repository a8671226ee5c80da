import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

test("every call of the endpoint is there, found and copied", async () => {
  const page = await world.open("/reference", { as: "viewer" });
  const document = await world.server.call<{ paths: Record<string, object> }>(
    "GET",
    "/openapi.json",
  );
  const calls = Object.values(document.paths).flatMap((path) =>
    Object.keys(path).filter((method) => /^(get|post|patch|put|delete)$/.test(method)),
  );
  await page.getByText(`${calls.length} calls`).waitFor();
  const list = page.getByRole("navigation", { name: "Calls" });
  await page.getByRole("searchbox", { name: "Find a call" }).fill("invoke");
  await page.getByText(/^\d+ calls? found$/).waitFor();
  expect(await list.getByRole("link").count()).toBeLessThan(calls.length);
  await list.getByRole("link").first().click();
  await expect.poll(() => new URL(page.url()).searchParams.get("call")).not.toBe(null);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy as curl" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^curl /);
  await page.getByRole("searchbox", { name: "Find a call" }).fill("no such call at all");
  await page.getByText("No call is like that").waitFor();
});
