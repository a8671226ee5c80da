import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { everyPage, settled } from "./support/places";
import { World } from "./support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

test(
  "no page has to be scrolled sideways, on a phone or a wall",
  { timeout: 180_000 },
  async () => {
    const pages = await everyPage(world);
    const page = await world.open("/", { as: "admin" });
    for (const path of pages) {
      await page.goto(path);
      await settled(page);
      for (const width of [360, 3840]) {
        await page.setViewportSize({ width, height: 900 });
        await expect
          .poll(() => page.evaluate(() => document.documentElement.scrollWidth), {
            message: `${path} at ${width}`,
          })
          .toBeLessThanOrEqual(width);
      }
    }
  },
);

test("on a phone the navigation opens, leads on and closes", async () => {
  const page = await world.open("/", { as: "viewer", viewport: { width: 360, height: 780 } });
  await settled(page);
  const link = page
    .getByRole("navigation", { name: "Pages" })
    .getByRole("link", { name: "Topics" });
  await page.getByRole("button", { name: "Navigation" }).click();
  await link.click();
  await page.getByRole("heading", { name: "Topics" }).waitFor();
  await expect.poll(async () => (await link.boundingBox())?.x ?? -1).toBeLessThan(0);
});
