import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { settled } from "./support/places";
import { World } from "./support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

const grid = (page: Page) => page.getByRole("grid", { name: "Connections" });
const rows = (page: Page) => grid(page).locator("[data-key]");
const selector = (page: Page) => page.getByRole("combobox", { name: "Selector" });
const search = (page: Page) => page.getByRole("searchbox", { name: "Client id contains" });
const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

/** Three tills and a browser. */
async function crowd() {
  for (const [id, site] of [
    ["pos-1", "A"],
    ["pos-2", "B"],
    ["pos-3", "A"],
  ])
    await world.client({ id, name: `Till of ${site}`, attrs: `site=${site}` });
  await world.client({ id: "browser", channel: "demo" });
}

async function opened(path = "/connections", as: "viewer" | "operator" = "operator") {
  await crowd();
  const page = await world.open(path, { as });
  await settled(page);
  return page;
}

/** Until the table has these clients, in this order. */
async function shows(page: Page, clients: string[]) {
  await expect
    .poll(() => rows(page).locator("strong").allTextContents(), { timeout: 10_000 })
    .toEqual(clients);
}

test("filters are found as one types, stand in the address and are cleared", async () => {
  const page = await opened("/connections?sort=client_id");
  await shows(page, ["browser", "pos-1", "pos-2", "pos-3"]);
  await page.getByText("4 clients connected").waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("os-");
  await shows(page, ["pos-1", "pos-2", "pos-3"]);
  await page.getByText("3 of 4 match").waitFor();
  expect(parameter(page, "client_id")).toBe("os-");
  await page.keyboard.press("Escape");
  await shows(page, ["browser", "pos-1", "pos-2", "pos-3"]);

  await page.getByRole("combobox", { name: "Channel" }).click();
  await page.getByRole("option", { name: "demo" }).click();
  await shows(page, ["browser"]);
  expect(parameter(page, "channel")).toBe("demo");
  await page.reload();
  await shows(page, ["browser"]);

  await search(page).fill("nobody");
  await page.getByText("Nothing matches").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await shows(page, ["browser", "pos-1", "pos-2", "pos-3"]);
  expect(await search(page).inputValue()).toBe("");
});

test("a selector is completed, applied when it is right, and marked where it is wrong", async () => {
  const page = await opened("/connections?sort=client_id");
  const option = (name: RegExp) => page.getByRole("option", { name }).first();
  await selector(page).click();
  await page.keyboard.type("client_i");
  await option(/^client_id/).click();
  await option(/^==/).click();
  await option(/"pos-2"/).waitFor();
  await selector(page).press("End");
  await page.keyboard.type('"pos-2"');
  await page.keyboard.press("Escape");
  await shows(page, ["pos-2"]);
  expect(parameter(page, "selector")).toBe('client_id == "pos-2"');

  await page.keyboard.type(" or chanel exists");
  const fault = page.getByRole("alert").filter({ hasText: "column 25" });
  await fault.waitFor();
  await page.locator("[data-fault]").waitFor();
  // The one before stays until the new one is right.
  expect(parameter(page, "selector")).toBe('client_id == "pos-2"');
  await page.getByRole("button", { name: "Clear the selector" }).click();
  await shows(page, ["browser", "pos-1", "pos-2", "pos-3"]);

  await selector(page).click();
  await page.keyboard.type('label.site == "A"');
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await shows(page, ["pos-1", "pos-3"]);
});

test("a selector is completed by keys alone", async () => {
  const page = await opened("/connections?sort=client_id");
  const box = selector(page);
  const options = page.getByRole("listbox", { name: "Completions" });
  const active = () =>
    box.evaluate(
      (element) =>
        document.getElementById(element.getAttribute("aria-activedescendant") ?? "")?.textContent,
    );
  await box.focus();
  expect(await box.getAttribute("aria-expanded")).toBe("false");
  await page.keyboard.press("Control+Space");
  await options.waitFor();
  expect(await box.getAttribute("aria-expanded")).toBe("true");
  await page.keyboard.press("Escape");
  await options.waitFor({ state: "hidden" });
  await page.keyboard.type("client_i");
  await expect.poll(active).toContain("client_id");
  await page.keyboard.press("Tab");
  await expect.poll(active).toContain("==");
  await page.keyboard.press("ArrowDown");
  await expect.poll(active).toContain("!=");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await options.getByRole("option", { name: "pos-1" }).waitFor();
  await page.keyboard.type("pos-3");
  await expect.poll(active).toBe('"pos-3"');
  await page.keyboard.press("Enter");
  expect(await box.inputValue()).toBe('client_id == "pos-3"');
  await shows(page, ["pos-3"]);
  await page.keyboard.press("Control+z");
  expect(await box.inputValue()).not.toContain('"pos-3"');
  await page.keyboard.press("Control+Shift+z");
  expect(await box.inputValue()).toBe('client_id == "pos-3"');
  // Behind a whole condition Enter means the selector, though more is offered.
  await page.keyboard.type(" ");
  await options.getByRole("option", { name: /^and/ }).waitFor();
  expect(await active()).toBe(undefined);
  await page.keyboard.press("Enter");
  await options.waitFor({ state: "hidden" });
  await shows(page, ["pos-3"]);
  await page.keyboard.press("Tab");
  expect(await box.evaluate((element) => element === document.activeElement)).toBe(false);
});

test("an address with a bad selector says what is wrong with it", async () => {
  const page = await opened("/connections?selector=idle+%3E+much");
  await page.getByText("The selector cannot be understood").waitFor();
  await page.getByRole("alert").filter({ hasText: "column 8" }).waitFor();
  await page.getByRole("button", { name: "How to write a selector" }).click();
  await page.getByText("matches a regular expression").waitFor();
  await page.keyboard.press("Escape");
});

test("columns are chosen, kept, and sorted by all that they show", async () => {
  const page = await opened("/connections?sort=client_id");
  await shows(page, ["browser", "pos-1", "pos-2", "pos-3"]);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Labels" }).check();
  await page.getByRole("checkbox", { name: "Remote" }).uncheck();
  await page.keyboard.press("Escape");
  await grid(page).getByRole("columnheader", { name: "Labels" }).waitFor();
  expect(await grid(page).getByRole("columnheader", { name: "Remote" }).count()).toBe(0);
  await grid(page).getByText("site").first().waitFor();
  expect(parameter(page, "columns")).toContain("labels");
  await page.goto("/connections");
  await grid(page).getByRole("columnheader", { name: "Labels" }).waitFor();

  await page.getByRole("button", { name: "Client", exact: true }).click();
  await page.getByRole("menuitem", { name: "Client id" }).click();
  await shows(page, ["browser", "pos-1", "pos-2", "pos-3"]);
  await page.getByRole("button", { name: /^Client, sorted by/ }).click();
  await page.getByRole("menuitem", { name: "Client id" }).click();
  await shows(page, ["pos-3", "pos-2", "pos-1", "browser"]);
  expect(parameter(page, "sort")).toBe("-client_id");
  await page.getByRole("button", { name: "Channel" }).click();
  expect(parameter(page, "sort")).toBe("channel");

  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("button", { name: "The usual ones" }).click();
  await page.keyboard.press("Escape");
  await grid(page).getByRole("columnheader", { name: "Remote" }).waitFor();
  expect(parameter(page, "columns")).toBe(null);
});

test("all that match are called, told and closed", async () => {
  const page = await opened("/connections?client_id=pos-&sort=client_id");
  await shows(page, ["pos-1", "pos-2", "pos-3"]);
  const choose = async (what: RegExp) => {
    await page.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("menuitem", { name: what }).click();
  };

  await choose(/^Call/);
  let dialog = page.getByRole("dialog", { name: "Call clients" });
  await dialog.getByText("3 connections", { exact: true }).waitFor();
  await dialog.getByText("pos-1").waitFor();
  await dialog.getByRole("button", { name: "Call 3 clients" }).click();
  await page.waitForURL(/\/operations\/op\./);
  await page.goBack();
  await shows(page, ["pos-1", "pos-2", "pos-3"]);

  await choose(/^Message/);
  dialog = page.getByRole("dialog", { name: "Message clients" });
  await dialog.getByRole("button", { name: "Message 3 clients" }).click();
  await page.waitForURL(/\/operations\/op\./);
  await page.goBack();
  await shows(page, ["pos-1", "pos-2", "pos-3"]);

  await choose(/^Close/);
  dialog = page.getByRole("dialog", { name: "Close connections" });
  await dialog.getByText("3 connections", { exact: true }).waitFor();
  await dialog.getByLabel("Code").fill("3000");
  expect(await dialog.getByRole("button", { name: /^Close 3/ }).isDisabled()).toBe(true);
  await dialog.getByLabel("Code").fill("4005");
  // Somebody comes meanwhile: nobody is hit that was not counted.
  await world.client({ id: "pos-4" });
  await dialog.getByRole("button", { name: "Close 3 connections" }).click();
  await dialog.getByRole("alert").filter({ hasText: "4" }).waitFor();
  await dialog.getByRole("button", { name: "Count again" }).click();
  await dialog.getByRole("button", { name: "Close 4 connections" }).click();
  await page.waitForURL(/\/operations\/op\./);
  await page.goBack();
  await page.getByText("Nothing matches").waitFor();
});

test("Back comes to where the list was left", async () => {
  const page = await opened("/connections?sort=client_id");
  for (let each = 0; each < 40; each += 1) await world.client({ id: `z-${each}` });
  await page.getByText("44 clients connected").waitFor();
  await rows(page).first().focus();
  await page.keyboard.press("End");
  await grid(page).getByText("z-9", { exact: true }).waitFor();
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.textContent ?? ""))
    .toContain("z-9");
  const place = () => grid(page).evaluate((element) => element.parentElement?.scrollTop ?? 0);
  const before = await place();
  expect(before).toBeGreaterThan(500);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/connections\/ws\./);
  await page.goBack();
  await grid(page).getByText("z-9", { exact: true }).waitFor();
  expect(await place()).toBeCloseTo(before, 0);
});

test("a viewer is offered nothing that would be refused", async () => {
  const page = await opened("/connections", "viewer");
  await rows(page).first().waitFor();
  expect(await page.getByRole("button", { name: "Actions" }).count()).toBe(0);
  await page.getByRole("button", { name: "Columns" }).waitFor();
});
