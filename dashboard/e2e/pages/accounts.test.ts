import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

const dialog = (page: Page) => page.getByRole("dialog");
const status = async (username: string, password: string) =>
  (
    await fetch(`${world.server.admin}/api/v1/session`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username, password }),
    })
  ).status;

test("a user is made, gets another role and password, and is deleted", async () => {
  const page = await world.open("/users");
  await page.getByRole("button", { name: "Create user" }).click();
  await dialog(page).getByLabel("User name").fill("grace");
  await dialog(page).getByLabel("Password", { exact: true }).fill("short");
  expect(await dialog(page).getByRole("button", { name: "Create user" }).isDisabled()).toBe(true);
  await dialog(page).getByRole("button", { name: "Generate a password" }).click();
  const made = await dialog(page).getByLabel("Password", { exact: true }).inputValue();
  await dialog(page).getByRole("radio", { name: "operator" }).check();
  await dialog(page).getByRole("button", { name: "Create user" }).click();
  const grid = page.getByRole("grid", { name: "Users" });
  await grid.getByRole("row").filter({ hasText: "grace" }).getByText("operator").waitFor();
  expect(await status("grace", made)).toBe(201);

  const choose = async (what: string) => {
    await page.getByRole("button", { name: "Actions for grace" }).click();
    await page.getByRole("menuitem", { name: what }).click();
  };
  await choose("Change role");
  await dialog(page).getByRole("radio", { name: "viewer" }).check();
  await dialog(page).getByRole("button", { name: "Change role" }).click();
  await grid.getByRole("row").filter({ hasText: "grace" }).getByText("viewer").waitFor();
  await choose("Change password");
  await dialog(page).getByLabel("New password", { exact: true }).fill("another good password");
  await dialog(page).getByRole("button", { name: "Change password" }).click();
  await dialog(page).waitFor({ state: "hidden" });
  expect(await status("grace", made)).toBe(401);
  expect(await status("grace", "another good password")).toBe(201);
  await choose("Delete");
  await dialog(page).getByText("grace").first().waitFor();
  await dialog(page).getByRole("button", { name: "Delete user" }).click();
  await grid.getByText("grace").waitFor({ state: "hidden" });
});

test("a token is shown once, works, and does not once it is deleted", async () => {
  const page = await world.open("/tokens");
  await page.getByRole("button", { name: "Create token" }).click();
  await dialog(page).getByLabel("Name").fill("a program");
  await dialog(page).getByRole("radio", { name: "viewer" }).check();
  await dialog(page).getByRole("button", { name: "Create token" }).click();
  const token = (await page.getByRole("textbox", { name: "The token" }).innerText()).trim();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await dialog(page).getByRole("button", { name: "Copy token" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
  await page.keyboard.press("Escape");
  await dialog(page).getByRole("button", { name: "I have kept it" }).click();
  await dialog(page).waitFor({ state: "hidden" });
  expect(await page.content()).not.toContain(token);
  const works = async () =>
    (
      await fetch(`${world.server.admin}/api/v1/overview`, {
        headers: { Authorization: `Bearer ${token}` },
      })
    ).status;
  expect(await works()).toBe(200);
  await page.getByRole("button", { name: "Delete a program" }).click();
  await dialog(page).getByText("a program").first().waitFor();
  await dialog(page).getByRole("button", { name: "Delete token" }).click();
  await page
    .getByRole("grid", { name: "API tokens" })
    .getByText("a program")
    .waitFor({ state: "hidden" });
  expect(await works()).toBe(401);
});

test("others who follow a link there are told whom it is for", async () => {
  const page = await world.open("/users", { as: "operator" });
  await page.getByText("This page is for administrators").waitFor();
  await page.goto("/tokens");
  await page.getByText("This page is for administrators").waitFor();
});
