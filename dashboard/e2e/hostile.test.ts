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

/** Client ids and names: markup, directions, control characters, length, marks, addresses. */
const hostile: Array<[string, string]> = [
  ["<img src=x onerror=alert(1)>", "<script>alert(1)</script><b>bold</b>"],
  ["\u202eevil.exe\u202c", "right \u202eto left\u202c \u2066and\u2069"],
  ["nul\u0000bell\u0007esc\u001b[31m", "a\nb\tc\r\u0085\u2028d"],
  [`long.${"x".repeat(9995)}`, "W".repeat(10_000)],
  [`zalgo.Z${"\u0351\u0352\u0353".repeat(50)}`, "{{7*7}} ${7*7} %s%n"],
  ["../../users?x=1#y", "javascript:alert(1)"],
];
/** Elements that the names would make; the editor has images of its own. */
const elements = "img, script, b, iframe, a[href^='javascript']";
const odd = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** Fails when what the page shows does anything. */
async function harmless(page: Page, where: string): Promise<void> {
  expect(await page.locator("main, [role=dialog]").locator(elements).count(), where).toBe(0);
  const text = (await page.locator("body").innerText()).replace(/[\n\t\r]/g, " ");
  expect(odd.exec(text), where).toBe(null);
  expect(odd.exec(await page.title()), where).toBe(null);
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wide, where).toBeLessThanOrEqual(0);
}

test(
  "hostile names and messages are harmless wherever they are shown",
  { timeout: 180_000 },
  async () => {
    for (const [id, name] of hostile) {
      const attrs = `note=${name.slice(0, 40).replace(/[=;\n]/g, "")}`;
      const client = await world.client({ id, name, attrs });
      const topic = { topic_name: "/demo/news", durable: true, ack: "client" };
      await client.call("pubsub.subscribe", topic);
      const data = { text: name, [id]: 1 };
      await client.call("pubsub.publish", { topic_name: "/demo/news", data });
    }
    const { items: connections } = await world.server.call<{ items: Array<{ id: string }> }>(
      "GET",
      "/connections?fields=id",
    );
    const { items: subscriptions } = await world.server.call<{ items: Array<{ sub_key: string }> }>(
      "GET",
      "/topics/%2Fdemo%2Fnews/subscriptions",
    );
    expect(connections.length).toBe(hostile.length);
    const page = await world.open("/connections?columns=client,labels");
    for (const path of [
      "/connections?columns=client,labels",
      "/topics/%2Fdemo%2Fnews",
      "/topics/%2Fdemo%2Fnews?tab=subscriptions",
      "/topics/%2Fdemo%2Fnews?tab=publishers",
      ...subscriptions.map((each) => `/subscriptions/${encodeURIComponent(each.sub_key)}`),
    ]) {
      await page.goto(path);
      await settled(page);
      await page.locator("main [data-key]").first().waitFor();
      await harmless(page, path);
    }
    for (const { id } of connections) {
      // The palette finds it, and the question before a Close names it.
      await page.keyboard.press("Control+k");
      await page.getByRole("textbox", { name: "Go to or find" }).fill(id);
      await page.getByRole("option").filter({ hasText: id }).waitFor();
      await page.keyboard.press("Enter");
      await page.waitForURL(`**/connections/${id}`);
      await settled(page);
      await page.getByText(id, { exact: true }).first().waitFor();
      await harmless(page, id);
      await page.getByRole("button", { name: "Disconnect" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Continue" }).click();
      await page
        .getByRole("dialog")
        .getByText(/disconnected\. Calls/)
        .waitFor();
      await harmless(page, `the question about ${id}`);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
    }
  },
);
