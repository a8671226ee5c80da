import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { settled } from "./support/places";
import { World } from "./support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

test("the palette goes anywhere", async () => {
  await world.client({ id: "pos-7" });
  const page = await world.open("/users");
  await settled(page);
  const box = page.getByRole("textbox", { name: "Go to or find" });
  const go = async (text: string, to: RegExp) => {
    await page.keyboard.press("Control+k");
    await box.waitFor();
    await page.keyboard.type(text);
    await page.getByRole("option").filter({ hasText: text }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(to);
    await box.waitFor({ state: "hidden" });
  };
  await go("Services", /\/services$/);
  await go("demo", /\/channels\/demo$/);
  await go("/demo/news", /\/topics\/%2Fdemo%2Fnews$/);
  await go("pos-7", /\/connections\/ws\./);
  await page.keyboard.press("Control+k");
  await box.waitFor();
  await page.keyboard.press("Escape");
  await box.waitFor({ state: "hidden" });
});

test.each(["/connections", "/channels", "/topics", "/services", "/users", "/tokens", "/reference"])(
  "a slash goes to the search of %s",
  async (path) => {
    const page = await world.open(path);
    await settled(page);
    await page.locator("main input[type=search]").first().waitFor();
    await page.keyboard.press("/");
    await page.waitForFunction(
      () => (document.activeElement as HTMLInputElement | null)?.type === "search",
    );
    await page.keyboard.type("a/b");
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe(
      "a/b",
    );
  },
);

test("a table is gone through with arrows and Enter opens a row", async () => {
  const page = await world.open("/channels");
  await settled(page);
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.key);
  await page.locator("[data-key=demo]").focus();
  await page.keyboard.press("ArrowDown");
  await expect.poll(focused).toBe("open");
  await page.keyboard.press("ArrowUp");
  await expect.poll(focused).toBe("demo");
  await page.keyboard.press("End");
  await expect.poll(focused).toBe("open");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/channels/open");
  await page.goBack();
  await page.waitForURL("**/channels");
});

test("the first Tab leads past the navigation", async () => {
  const page = await world.open("/channels");
  await settled(page);
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("To the content");
});
