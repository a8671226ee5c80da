import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

test("the numbers of now follow what happens", async () => {
  const page = await world.open("/", { as: "viewer" });
  const tile = page
    .locator("main dl")
    .first()
    .locator("div")
    .filter({ hasText: "Connections" })
    .first();
  await tile.getByText("0").first().waitFor();
  await Promise.all(["a", "b", "c"].map((id) => world.client({ id })));
  await tile.getByText("3").first().waitFor();
  const channels = page.getByRole("grid", { name: "Channels and their connections" });
  await channels.getByRole("row").filter({ hasText: "open" }).getByText("3").first().waitFor();
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
  // Wrong passwords are an incident once there are several.
  for (let each = 0; each < 6; each += 1)
    await fetch(`${world.server.admin}/api/v1/session`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username: "the-viewer", password: "wrong" }),
    });
  const told = await world.server.call<{ items: Array<{ text: string }> }>("GET", "/incidents");
  if (told.items[0]) await wrong.getByText(told.items[0].text.slice(0, 40)).first().waitFor();
  else await wrong.getByText("Nothing went wrong").waitFor();
});
