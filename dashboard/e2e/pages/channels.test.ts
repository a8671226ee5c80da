import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { unfold } from "../support/fold";
import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

interface Channel {
  [field: string]: unknown;
}
const channel = (name: string) => world.server.call<Channel>("GET", `/channels/${name}`);

test("a channel is made in a form that says what is wrong as one types", async () => {
  const page = await world.open("/channels");
  await page.getByRole("button", { name: "Create channel" }).click();
  await page.getByRole("heading", { name: "Create a channel" }).waitFor();
  const name = page.getByRole("textbox", { name: "Name", exact: true });
  const path = page.getByRole("textbox", { name: "Path", exact: true });
  await name.fill("tills");
  await path.fill("no-slash");
  await page.locator("[aria-invalid=true]").first().waitFor();
  await path.fill("/tills");
  await page.getByText("It can be created so.").waitFor();
  // The address of another channel is taken.
  await path.fill("/demo");
  await page.locator("[aria-invalid=true]").first().waitFor();
  await path.fill("/tills");
  await page.getByText("It can be created so.").waitFor();
  await page.getByRole("button", { name: "Create channel" }).click();
  await page.waitForURL("**/channels/tills");
  expect(await channel("tills")).toMatchObject({
    path: "/tills",
    security: "none",
    ping_interval: 45,
  });
});

test("a key is made, is good at once, and is never shown again", async () => {
  await world.server.call("POST", "/channels", { name: "locked", path: "/locked" });
  const page = await world.open("/channels/locked?edit=1");
  await page.getByLabel("Security").selectOption("api_key");
  await page.getByRole("button", { name: "Add a key" }).click();
  await page.getByRole("textbox", { name: "Key name" }).fill("till 7");
  await page.getByRole("button", { name: "Generate the key of till 7" }).click();
  const key = await page.getByRole("textbox", { name: "Key of till 7" }).inputValue();
  expect(key.length).toBeGreaterThan(20);
  await page.getByRole("button", { name: /^Save/ }).click();
  await page.waitForURL((url) => !url.search.includes("edit"));
  expect(JSON.stringify(await channel("locked"))).not.toContain(key);
  const client = await world.client({
    channel: "locked",
    id: "till-7",
    meta: { secret: key },
  });
  expect(await world.connectionOf("till-7")).toMatch(/^ws\./);
  client.close();
  await page.goto("/channels/locked?edit=1");
  await page.getByRole("button", { name: /^Replace/ }).waitFor();
  expect(await page.content()).not.toContain(key);
});

test("cancelling makes none", async () => {
  const page = await world.open("/channels?create=1");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("heading", { name: "Channels" }).waitFor();
});

test("every field says what it is for and its default", async () => {
  const page = await world.open("/channels?create=1");
  const fields = await world.server.call<{ items: Array<{ name: string; about: string }> }>(
    "GET",
    "/channels:fields",
  );
  await page.getByRole("textbox", { name: "Name", exact: true }).waitFor();
  await unfold(page);
  const text = (await page.locator("main").innerText()).replace(/\s+/g, " ");
  const shown = fields.items.filter((each) => text.includes(each.about.slice(0, 40).trim()));
  // Those of other kinds of security are not shown yet.
  expect(shown.length).toBeGreaterThanOrEqual(fields.items.length - 4);
  expect(text).toContain("Default");
});

test("before an edit is saved it says which connections it would close", async () => {
  await world.server.call("POST", "/channels", {
    name: "keyed",
    path: "/keyed",
    security: "api_key",
    keys: [{ name: "shop", key: "a-key-of-the-shop-1" }],
  });
  const client = await world.client({
    channel: "keyed",
    id: "pos-1",
    meta: { secret: "a-key-of-the-shop-1" },
  });
  const page = await world.open("/channels/keyed");
  await page.getByRole("button", { name: "Edit" }).click();
  await unfold(page);
  const interval = page.getByRole("textbox", { name: "Ping interval" });
  await interval.fill("50");
  await page.getByText("No connection is closed.").waitFor();
  await page.getByRole("button", { name: "Remove shop" }).click();
  await page.getByText("Closes 1 connection").waitFor();
  await page
    .getByRole("list", { name: "Connections that are closed" })
    .getByText("pos-1")
    .waitFor();
  await page.getByRole("button", { name: "Save and close 1 connection" }).click();
  await page.getByText("Saved; 1 connection was closed").waitFor();
  expect((await client.closed).code).toBe(4403);
  expect(await channel("keyed")).toMatchObject({ ping_interval: 50 });
});

test("an edit can be taken back and put to its default", async () => {
  await world.server.call("POST", "/channels", { name: "edited", path: "/edited", token_ttl: 77 });
  const page = await world.open("/channels/edited?edit=1");
  const ttl = page.getByRole("textbox", { name: "Token TTL" });
  await ttl.waitFor();
  await page.getByRole("button", { name: "Put Token TTL back to its default" }).click();
  await page.getByText("No connection is closed.").waitFor();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved; every connection stayed").waitFor();
  expect(await channel("edited")).toMatchObject({ token_ttl: 3600 });
});

test("a channel is deactivated, activated and deleted after a question that names it", async () => {
  await world.server.call("POST", "/channels", { name: "brief", path: "/brief" });
  const client = await world.client({ channel: "brief", id: "guest" });
  const page = await world.open("/channels");
  const grid = page.getByRole("grid", { name: "Channels" });
  const menu = page.getByRole("button", { name: "Actions for brief" });
  await menu.click();
  await page.getByRole("menuitem", { name: "Deactivate" }).click();
  const question = page.getByRole("dialog");
  await question.getByText("1 connection will be closed").waitFor();
  await question.getByText("guest").waitFor();
  await question.getByRole("button", { name: "Cancel" }).click();
  await question.waitFor({ state: "hidden" });
  expect(await channel("brief")).toMatchObject({ is_active: true });
  await menu.click();
  await page.getByRole("menuitem", { name: "Deactivate" }).click();
  await question.getByRole("button", { name: "Deactivate channel" }).click();
  expect((await client.closed).code).toBe(4404);
  await grid.getByRole("row").filter({ hasText: "brief" }).getByText("inactive").waitFor();
  await menu.click();
  await page.getByRole("menuitem", { name: "Activate" }).click();
  await grid
    .getByRole("row")
    .filter({ hasText: "brief" })
    .getByText("active", { exact: true })
    .waitFor();
  await menu.click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await question.getByText("brief").first().waitFor();
  await question.getByRole("button", { name: "Delete channel" }).click();
  await grid.getByText("/brief").waitFor({ state: "hidden" });
});

test("channels are found and sorted, and the address says how", async () => {
  const page = await world.open("/channels");
  const names = () =>
    page
      .locator("[data-key]")
      .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.key));
  await page.locator("[data-key=demo]").waitFor();
  await page.getByRole("columnheader", { name: "Name" }).getByRole("button").click();
  await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBe("-name");
  const down = await names();
  expect(down).toEqual([...down].sort().reverse());
  await page.getByRole("searchbox", { name: "Find a channel" }).fill("dem");
  await expect.poll(names).toEqual(["demo"]);
  await page.reload();
  await page.locator("[data-key=demo]").waitFor();
  expect(await names()).toEqual(["demo"]);
});
