import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { unfold } from "./support/fold";
import { World } from "./support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

/** What one does the other sees within two seconds; a busy machine gets a little more. */
const soon = { timeout: 4000 };

test("what one browser changes the other sees", async () => {
  const [one, other] = await Promise.all([
    world.open("/channels/open", { as: "admin" }),
    world.open("/channels", { as: "viewer" }),
  ]);
  await one.getByRole("button", { name: "Deactivate" }).waitFor();
  const row = other
    .getByRole("grid", { name: "Channels" })
    .getByRole("row")
    .filter({ hasText: "/open" });
  await row.getByText("active", { exact: true }).waitFor();

  await one.getByRole("button", { name: "Deactivate" }).click();
  const question = one.getByRole("dialog", { name: "Deactivate channel" });
  await question.getByRole("button", { name: "Deactivate channel" }).click();
  await question.waitFor({ state: "hidden" });
  await row.getByText("inactive").waitFor(soon);

  await one.getByRole("button", { name: "Activate" }).click();
  await row.getByText("active", { exact: true }).waitFor(soon);
});

test("clients come and go in both", async () => {
  const [one, other] = await Promise.all([
    world.open("/connections", { as: "admin" }),
    world.open("/connections", { as: "viewer" }),
  ]);
  for (const page of [one, other]) await page.getByText("Nobody is connected").waitFor();
  const client = await world.client({ id: "guest" });
  for (const page of [one, other]) await page.getByRole("grid").getByText("guest").waitFor(soon);
  client.close();
  for (const page of [one, other]) await page.getByText("Nobody is connected").waitFor(soon);
});

test("what somebody else has changed meanwhile is not overwritten unseen", async () => {
  const page = await world.open("/channels/demo?edit=1");
  await unfold(page);
  const interval = page.getByRole("textbox", { name: "Ping interval" });
  await interval.fill("50");
  expect(await interval.inputValue()).toContain("50");
  await page.getByText("No connection is closed.").waitFor();
  await world.server.call("PATCH", "/channels/demo", { ping_interval: 33 });
  await page.getByRole("button", { name: /^Save/ }).click();
  await page.getByText("Somebody else has edited it meanwhile.").waitFor();
  const now = await world.server.call<{ ping_interval: number }>("GET", "/channels/demo");
  expect(now.ping_interval).toBe(33);
});
