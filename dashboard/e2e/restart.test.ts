import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { signIn, signInAgain } from "./support/sign_in";
import { World } from "./support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

test("a server that dies and comes back is told quietly, and nobody reloads", async () => {
  const page = await world.open("/connections");
  await page.getByRole("heading", { name: "Connections" }).waitFor();
  await world.client({ id: "before" });
  await page.getByRole("grid").getByText("before").waitFor();
  await page.evaluate(() => Object.assign(window, { notReloaded: true }));

  await world.server.kill();
  const banner = page.getByText("The server cannot be reached");
  await banner.waitFor();
  await page.getByRole("heading", { name: "Connections" }).waitFor();
  // What the page does by itself goes on.
  await page.keyboard.press("Control+k");
  await page.getByRole("textbox", { name: "Go to or find" }).fill("services");
  await page.keyboard.press("Escape");

  await world.server.start();
  // Sessions are kept in memory.
  await signInAgain(page).waitFor();
  await signIn(page, "the-admin");
  await signInAgain(page).waitFor({ state: "hidden" });
  await banner.waitFor({ state: "hidden" });
  await world.client({ id: "after" });
  await page.getByRole("grid").getByText("after").waitFor();
  await page.getByRole("grid").getByText("before").waitFor({ state: "hidden" });
  expect(await page.evaluate(() => "notReloaded" in window)).toBe(true);
});

test("a page that is opened while the server is away says so and can try again", async () => {
  const page = await world.open("/", { as: "viewer" });
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page.route("**/api/v1/session", (route) => route.abort());
  await page.reload();
  await page.getByText("The dashboard cannot start").waitFor();
  await page.unroute("**/api/v1/session");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
});
