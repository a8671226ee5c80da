import { afterAll, afterEach, beforeAll, test } from "vitest";

import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

test("services count their calls, are found and say who uses them", async () => {
  const client = await world.client();
  const page = await world.open("/services", { as: "viewer" });
  const row = page.locator("[data-key=echo]");
  await row.waitFor();
  for (let each = 0; each < 3; each += 1) await client.call("echo", { each });
  await row.getByText("3", { exact: true }).first().waitFor();
  await page.getByRole("searchbox", { name: "Search services" }).fill("echo");
  await page.locator("[data-key=ping]").waitFor({ state: "hidden" });
  await row.click();
  const details = page.getByRole("dialog", { name: "echo" });
  await details.getByRole("link", { name: "open" }).waitFor();
  await details.getByRole("link", { name: "open" }).click();
  await page.waitForURL("**/channels/open");
});
