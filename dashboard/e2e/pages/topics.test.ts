import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { write } from "../support/editor";
import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

const at = (name: string) => `/topics/${encodeURIComponent(name)}`;
async function topic(name: string, messages: unknown[] = []): Promise<string> {
  await world.server.call("POST", "/topics", { name });
  for (const data of messages) await world.server.call("POST", `${at(name)}/publish`, { data });
  return name;
}
const messages = (page: Page) => page.getByRole("grid", { name: "Messages" }).locator("[data-key]");
const dialog = (page: Page) => page.getByRole("dialog");

test("a topic is made, found, edited and deleted", async () => {
  const page = await world.open("/topics");
  await page.getByRole("button", { name: "New topic" }).click();
  const form = page.getByRole("form", { name: "New topic" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("/demo/made");
  await form.getByRole("button", { name: "Make topic" }).click();
  await page.waitForURL("**/topics/%2Fdemo%2Fmade");
  await page.getByRole("tab", { name: "Definition" }).click();
  const definition = page.getByRole("form", { name: "Definition" });
  await definition.getByRole("textbox", { name: "Ack timeout" }).fill("44");
  await definition.getByText("1 change").waitFor();
  await definition.getByRole("button", { name: "Discard" }).click();
  await definition.getByRole("textbox", { name: "Ack timeout" }).fill("55");
  await definition.getByRole("button", { name: "Save changes" }).click();
  await definition.getByText("Saved").waitFor();
  expect(await world.server.call("GET", at("/demo/made"))).toMatchObject({ ack_timeout: 55 });
  await page.goto("/topics");
  await page.getByRole("searchbox", { name: "Search topics by name" }).fill("made");
  await page.locator("[data-key='/demo/news']").waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Delete topic /demo/made" }).click();
  await dialog(page).getByText("/demo/made").first().waitFor();
  await dialog(page).getByRole("button", { name: "Delete topic" }).click();
  await page.getByText("No topic is called so").waitFor();
});

test("a message is published, shown, found and deleted", async () => {
  const name = await topic("/demo/messages", [{ order: 1 }, { order: 2 }]);
  const reader = await world.client({ id: "reader" });
  await reader.call("pubsub.subscribe", { topic_name: name });
  const page = await world.open(at(name), { as: "operator" });
  await page.getByRole("tab", { name: "Publish", exact: true }).click();
  const form = page.getByRole("form", { name: "Publish a message" });
  const data = form.getByRole("textbox", { name: "Data" });
  await write(data, '{"order":');
  expect(await form.getByRole("button", { name: "Publish" }).isDisabled()).toBe(true);
  await write(data, '{"order":3}');
  await form.getByRole("button", { name: "Publish" }).click();
  await form.getByRole("list", { name: "Published" }).getByText("seq 3").waitFor();
  await expect.poll(() => reader.deliveries.map((each) => each.data)).toEqual([{ order: 3 }]);
  await page.getByRole("tab", { name: /^Messages/ }).click();
  await expect.poll(() => messages(page).count()).toBe(3);
  await page.getByRole("searchbox", { name: "Search in messages" }).fill('"order":2');
  await expect.poll(() => messages(page).count()).toBe(1);
  await messages(page).first().click();
  await page
    .getByRole("dialog", { name: "Message 2" })
    .getByRole("button", { name: "Delete message" })
    .click();
  await page
    .getByRole("dialog", { name: "Delete message" })
    .getByRole("button", { name: "Delete message" })
    .click();
  await page.getByRole("searchbox", { name: "Search in messages" }).fill("");
  await expect.poll(() => messages(page).count()).toBe(2);
  await page.getByText("Oldest first").click();
  await expect.poll(() => new URL(page.url()).searchParams.get("order")).toBe("asc");
});

test("new messages come by themselves; all are deleted after a question", async () => {
  const name = await topic("/demo/cleared", [1]);
  const page = await world.open(at(name), { as: "operator" });
  await expect.poll(() => messages(page).count()).toBe(1);
  await world.server.call("POST", `${at(name)}/publish`, { data: "fresh" });
  await expect.poll(() => messages(page).count()).toBe(2);
  await page.getByRole("button", { name: "Clear topic" }).click();
  await dialog(page).getByText(name).first().waitFor();
  await dialog(page).getByRole("button", { name: "Delete all messages" }).click();
  await page.getByText("There are no messages").waitFor();
});

test("who reads and who publishes is shown; a queue is looked into, cleared and ended", async () => {
  const name = await topic("/demo/queue");
  const away = await world.client({ id: "batch" });
  await away.call("pubsub.subscribe", { topic_name: name, durable: true, ack: "client" });
  away.close();
  await away.closed;
  const shop = await world.client({ id: "shop" });
  for (const order of [1, 2, 3])
    await shop.call("pubsub.publish", { topic_name: name, data: { order } });
  const page = await world.open(`${at(name)}?tab=publishers`, { as: "operator" });
  await page.getByRole("grid", { name: "Publishers" }).getByText("shop").first().waitFor();
  await page.getByRole("tab", { name: /^Subscriptions/ }).click();
  await page.getByRole("grid", { name: "Subscriptions" }).getByText("batch").first().click();
  await page.waitForURL("**/subscriptions/*");
  await expect.poll(() => messages(page).count()).toBe(3);
  await page.getByRole("searchbox", { name: "Search in messages" }).fill('"order":2');
  await expect.poll(() => messages(page).count()).toBe(1);
  await messages(page).getByText('{"order":2}').waitFor();
  await page.getByRole("searchbox", { name: "Search in messages" }).fill("");
  await expect.poll(() => messages(page).count()).toBe(3);
  await messages(page).first().click();
  await page
    .getByRole("dialog", { name: /^Message/ })
    .getByRole("button", { name: "Delete message" })
    .click();
  await page
    .getByRole("dialog", { name: "Delete message" })
    .getByRole("button", { name: "Delete message" })
    .click();
  await expect.poll(() => messages(page).count()).toBe(2);
  await page.getByRole("button", { name: "Clear queue" }).click();
  await dialog(page).getByText("batch").first().waitFor();
  await dialog(page).getByRole("button", { name: "Clear queue" }).click();
  await page.getByText("Nothing waits").waitFor();
  await page.getByRole("button", { name: "Unsubscribe" }).click();
  await dialog(page).getByRole("button", { name: "Unsubscribe" }).click();
  await page.waitForURL("**/topics/**");
  await page.getByText("Nobody is subscribed").waitFor();
});

test("names that are none say so", async () => {
  const page = await world.open("/topics/%2Fnone", { as: "viewer" });
  await page.getByText("There is no such topic").waitFor();
  await page.goto("/subscriptions/none");
  await page.getByText("There is no such subscription").waitFor();
});
