import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

const grid = (page: Page) => page.getByRole("grid", { name: "Connections" });
const row = (page: Page, text: string) => grid(page).getByText(text, { exact: true });
const query = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

async function crowd() {
  const clients = [
    ["pos-1", "open", "site=A;till=1"],
    ["pos-2", "open", "site=B;till=2"],
    ["browser-1", "demo", "site=A"],
  ] as const;
  return Promise.all(clients.map(([id, channel, attrs]) => world.client({ id, channel, attrs })));
}

test("rows come, change and go by themselves", async () => {
  const page = await world.open("/connections", { as: "viewer" });
  await page.getByText("Nobody is connected").waitFor();
  const [one] = await crowd();
  for (const id of ["pos-1", "pos-2", "browser-1"]) await row(page, id).waitFor();
  one?.close();
  await row(page, "pos-1").waitFor({ state: "hidden" });
  await row(page, "pos-2").waitFor();
});

test("the filters stand in the address, and lead back", async () => {
  await crowd();
  const page = await world.open("/connections", { as: "viewer" });
  await row(page, "pos-1").waitFor();
  await page.getByRole("searchbox", { name: "Client id contains" }).fill("pos");
  await row(page, "browser-1").waitFor({ state: "hidden" });
  await expect.poll(() => query(page, "client_id")).toBe("pos");
  await page.reload();
  await row(page, "pos-2").waitFor();
  expect(await row(page, "browser-1").count()).toBe(0);
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await row(page, "browser-1").waitFor();
  await page.goto("/connections?channel=demo");
  await row(page, "browser-1").waitFor();
  expect(await row(page, "pos-1").count()).toBe(0);
  await page.getByRole("searchbox", { name: "Client id contains" }).fill("none of them");
  await page.getByText("Nothing matches").waitFor();
});

test("a row leads to its connection, by click and by key", async () => {
  await crowd();
  const page = await world.open("/connections", { as: "viewer" });
  await row(page, "pos-1").click();
  await page.waitForURL(`**/connections/${await world.connectionOf("pos-1")}`);
  await page.goBack();
  await row(page, "pos-2").waitFor();
  await grid(page).locator("[data-key]").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/connections/ws.*");
});
