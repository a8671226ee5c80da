import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

/** The value of a tile, whose label is its term. */
const tile = (page: Page, label: string) =>
  page
    .locator("main dl")
    .first()
    .locator("div", { has: page.getByText(label, { exact: true }) })
    .first()
    .locator("dd")
    .first();
const number = async (page: Page, label: string) =>
  Number.parseFloat(((await tile(page, label).textContent()) ?? "").replace(/,/g, ""));

test("the numbers of now follow what happens", async () => {
  const page = await world.open("/", { as: "viewer" });
  await expect.poll(() => number(page, "Connections")).toBe(0);
  const [first] = await Promise.all(["a", "b", "c"].map((id) => world.client({ id })));
  await expect.poll(() => number(page, "Connections")).toBe(3);
  const channels = page.getByRole("grid", { name: "Channels and their connections" });
  await channels
    .getByRole("row")
    .filter({ hasText: "open" })
    .getByText("3", { exact: true })
    .first()
    .waitFor();
  expect(await number(page, "Resident memory")).toBeGreaterThan(1);
  expect(await number(page, "Errors")).toBe(0);
  await first!.call("pubsub.subscribe", { topic_name: "/demo/news" });
  const id = await world.connectionOf("a");
  // What goes on for a while is seen as a rate.
  let busy = true;
  const work = (async () => {
    while (busy) {
      await first!.call("pubsub.publish", { topic_name: "/demo/news", data: 1 });
      await world.server.call("POST", `/connections/${id}/invoke`, { data: 1, timeout: 5 });
    }
  })();
  for (const label of ["Messages in", "Messages out", "Deliveries", "Invocations"])
    await expect.poll(() => number(page, label)).toBeGreaterThan(0);
  busy = false;
  await work;
  for (const title of ["Connections", "Messages", "Topics", "Invocations", "What goes wrong"])
    await page.getByRole("heading", { name: title, exact: true }).first().waitFor();
  expect(await page.locator("main canvas").count()).toBeGreaterThan(5);
});

test("links lead on: all channels, and one", async () => {
  const page = await world.open("/", { as: "viewer" });
  await page.getByRole("link", { name: "All channels" }).click();
  await page.getByRole("heading", { name: "Channels" }).waitFor();
  await page.goBack();
  await page
    .getByRole("grid", { name: "Channels and their connections" })
    .getByRole("link", { name: "demo" })
    .click();
  await page.waitForURL("**/connections?channel=demo");
});

test("what went wrong is told", async () => {
  const page = await world.open("/", { as: "viewer" });
  const wrong = page.getByRole("region", { name: "What went wrong lately" });
  await wrong.waitFor();
  await wrong.getByText("Nothing went wrong").waitFor();
  for (let each = 0; each < 6; each += 1)
    await fetch(`${world.server.admin}/api/v1/session`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username: "the-viewer", password: "wrong" }),
    });
  const told = await world.server.call<{ total: number }>("GET", "/incidents");
  expect(told.total).toBeGreaterThan(0);
  const rows = wrong.getByText(/a sign-in as "the-viewer" from .* was refused/);
  await rows.first().waitFor();
  await expect.poll(() => rows.count()).toBe(told.total);
});
