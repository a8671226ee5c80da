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

async function at(id: string, as: "viewer" | "operator" = "operator"): Promise<Page> {
  const page = await world.open(`/connections/${await world.connectionOf(id)}`, { as });
  await page.getByRole("heading", { level: 1 }).getByText(id).waitFor();
  return page;
}
const data = (page: Page) => page.getByRole("textbox", { name: "Data of the request, JSON" });
const invoke = (page: Page) => page.getByRole("button", { name: "Invoke" });
const answer = (page: Page, outcome: string) => page.locator(`[data-outcome=${outcome}]`);

test("all is shown that is known of a connection", async () => {
  await world.client({
    id: "pos-7",
    name: "Till 7",
    channel: "demo",
    attrs: "site=A;till=7",
    headers: { "User-Agent": "Test/1.0" },
  });
  const page = await at("pos-7", "viewer");
  const text = async () => (await page.locator("main").innerText()).replace(/\s+/g, " ");
  await expect.poll(text).toContain("Test/1.0");
  for (const part of [
    await world.connectionOf("pos-7"),
    "Till 7",
    "site",
    "demo",
    "user1",
    "127.0.0.1",
  ])
    expect(await text()).toContain(part);
  await page.getByRole("grid", { name: "Message log" }).locator("[data-key]").last().click();
  await page.getByRole("dialog").getByText("create-session").first().waitFor();
});

test("a call shows the answer, its outcome and its time; the request can be used again", async () => {
  const client = await world.client({ id: "pos-8", answer: (asked) => ({ heard: asked }) });
  const page = await at("pos-8");
  await write(data(page), '{"what":');
  await invoke(page).click();
  await page.getByText("This is not JSON").waitFor();
  expect(client.asked).toEqual([]);
  await write(data(page), '{"what":"report"}');
  await invoke(page).click();
  await answer(page, "ok").getByText("heard").waitFor();
  await answer(page, "ok")
    .getByText(/ ms|µs/)
    .first()
    .waitFor();
  expect(client.asked).toEqual([{ what: "report" }]);
  await write(data(page), "17");
  await data(page).press("Control+Enter");
  await expect.poll(() => client.asked.length).toBe(2);
  const past = page.getByRole("region", { name: "Earlier requests" });
  await past
    .getByRole("listitem")
    .filter({ hasText: "report" })
    .getByRole("button", { name: "Use again" })
    .click();
  await expect.poll(() => data(page).inputValue()).toContain("report");
  await past.getByRole("button", { name: "Forget them" }).click();
  await past.waitFor({ state: "hidden" });
});

test("a call that is not answered times out, and can be left waiting no more", async () => {
  await world.client({ id: "mute", answer: () => new Promise(() => {}) });
  const page = await at("mute");
  await write(data(page), "1");
  const timeout = page.getByRole("textbox", { name: "Timeout, seconds" });
  await timeout.fill("0");
  await page.getByText("From 0.001 to 3600 seconds").waitFor();
  await timeout.fill("0.3");
  await invoke(page).click();
  await answer(page, "timeout").waitFor();
  await timeout.fill("600");
  await invoke(page).click();
  await page.getByRole("button", { name: "Stop waiting" }).click();
  await page.getByRole("button", { name: "Stop waiting" }).waitFor({ state: "hidden" });
});

test("the call can be copied as a curl command", async () => {
  await world.client({ id: "pos-9" });
  const page = await at("pos-9");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await write(data(page), `{"it's":"quoted"}`);
  await page.getByRole("button", { name: "Copy as curl" }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(`/api/v1/connections/${await world.connectionOf("pos-9")}/invoke`);
  expect(copied).toContain("quoted");
  expect(copied).toMatch(/^curl /);
});

test("a client is subscribed and unsubscribed on its behalf", async () => {
  const client = await world.client({ id: "reader" });
  const page = await at("reader");
  await page.getByText("It is subscribed to nothing").waitFor();
  await page.getByRole("button", { name: "Subscribe", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Topic").fill("/demo/none");
  await page.keyboard.press("Tab");
  await dialog.getByRole("button", { name: "Subscribe" }).click();
  await dialog
    .getByText(/no such topic|not there|There is no/i)
    .first()
    .waitFor();
  await dialog.getByLabel("Topic").fill("/demo/news");
  await page.keyboard.press("Tab");
  await dialog.getByRole("button", { name: "Subscribe" }).click();
  await dialog.getByText("Subscribed to").waitFor();
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  const grid = page.getByRole("grid", { name: "Subscriptions" });
  await grid.getByText("/demo/news").first().waitFor();
  await world.server.call("POST", "/topics/%2Fdemo%2Fnews/publish", { data: "hello" });
  await expect.poll(() => client.deliveries.length).toBe(1);
  await page.getByRole("button", { name: "Unsubscribe from /demo/news" }).click();
  await dialog.getByText("reader").first().waitFor();
  await dialog.getByRole("button", { name: "Unsubscribe" }).click();
  await page.getByText("It is subscribed to nothing").waitFor();
});

test("a subscription is durable, acknowledged by the client and from the first message", async () => {
  const client = await world.client({ id: "careful" });
  await world.server.call("POST", "/topics", { name: "/demo/kept" });
  await world.server.call("POST", "/topics/%2Fdemo%2Fkept/publish", { data: "old" });
  const page = await at("careful");
  await page.getByRole("button", { name: "Subscribe", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Topic").fill("/demo/kept");
  await page.keyboard.press("Tab");
  await dialog.getByLabel("Acknowledgement").click();
  await page.getByRole("option", { name: /^client/ }).click();
  await dialog.getByLabel("Begin with").click();
  await page.getByRole("option", { name: "All that the topic still has" }).click();
  await dialog.getByRole("switch", { name: "Durable" }).click();
  await dialog.getByRole("button", { name: "Subscribe" }).click();
  await dialog.getByText("Subscribed to").waitFor();
  await expect.poll(() => client.deliveries.length).toBe(1);
  const { items } = await world.server.call<{ items: unknown[] }>(
    "GET",
    `/connections/${await world.connectionOf("careful")}/subscriptions`,
  );
  expect(items).toMatchObject([{ topic_name: "/demo/kept", ack: "client", durable: true }]);
});

test("a subscription older than the connection says so", async () => {
  const before = await world.client({ id: "lasting" });
  await before.call("pubsub.subscribe", { topic_name: "/demo/news", durable: true, ack: "client" });
  before.close();
  await before.closed;
  const after = await world.client({ id: "lasting" });
  await after.call("pubsub.subscribe", { topic_name: "/demo/news", durable: true, ack: "client" });
  const page = await at("lasting", "viewer");
  const mark = page.getByText("before", { exact: true });
  await mark.waitFor();
  expect(await mark.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThan(
    2,
  );
});

test("a client is disconnected after a question that names it, and the receipt comes", async () => {
  const client = await world.client({ id: "leaving", name: "Till 99" });
  const page = await at("leaving");
  await page.getByRole("button", { name: "Disconnect" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("x".repeat(124));
  await dialog.getByText("1 too many").waitFor();
  expect(await dialog.getByRole("button", { name: "Continue" }).isDisabled()).toBe(true);
  await dialog.getByLabel("Reason").fill("moving house");
  await dialog.getByText("Come back").click();
  await dialog.getByLabel("After at least, seconds").fill("1");
  await dialog.getByLabel("And at most, seconds").fill("30");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByText("leaving").first().waitFor();
  await dialog.getByText("Till 99").first().waitFor();
  await dialog.getByRole("button", { name: "Back" }).click();
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByRole("button", { name: "Disconnect" }).click();
  await dialog.locator("[data-outcome=echoed]").waitFor();
  const { code, reason } = await client.closed;
  expect(code).toBe(4005);
  expect(JSON.parse(reason)).toEqual({ retry: [1, 30], why: "moving house" });
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByText("This connection has ended.").waitFor();
  await page.getByRole("link", { name: "Other connections of this client" }).click();
  await page.waitForURL("**/connections?client_id=leaving");
});

test("a client is sent elsewhere, or away for good, with a code of one's own", async () => {
  for (const [id, advice] of [
    ["moved", "To another address"],
    ["banned", "Stay away"],
  ] as const) {
    const client = await world.client({ id });
    const page = await at(id);
    await page.getByRole("button", { name: "Disconnect" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Close code").fill("5000");
    await expect
      .poll(() => dialog.getByRole("button", { name: "Continue" }).isDisabled())
      .toBe(true);
    await dialog.getByLabel("Close code").fill("4123");
    await page.keyboard.press("Tab");
    if (id === "moved") await dialog.getByLabel(advice).fill("wss://other.example/demo");
    else await dialog.getByText(advice).click();
    await dialog.getByRole("button", { name: "Continue" }).click();
    await dialog.getByRole("button", { name: "Disconnect" }).click();
    await dialog.locator("[data-outcome=echoed]").waitFor();
    const { code, reason } = await client.closed;
    expect(code).toBe(4123);
    expect(JSON.parse(reason)).toEqual(
      id === "moved" ? { to: "wss://other.example/demo" } : { retry: null },
    );
  }
});

test("what is typed stays when the client goes away", async () => {
  const client = await world.client({ id: "fleeting" });
  const page = await at("fleeting");
  await write(data(page), '{"typed":"before"}');
  client.close();
  await page.getByText("This connection has ended.").waitFor();
  expect(await data(page).inputValue()).toContain("before");
  expect(await invoke(page).isDisabled()).toBe(true);
});

test("an id that is none says so", async () => {
  const page = await world.open("/connections/ws.000000000000000000000000", { as: "viewer" });
  await page.getByText("There is no such connection").waitFor();
  await page.getByRole("link", { name: "All connections" }).click();
  await page.getByRole("heading", { name: "Connections" }).waitFor();
});
