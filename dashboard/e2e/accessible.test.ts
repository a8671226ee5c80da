import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { everyPage, settled } from "./support/places";
import { World } from "./support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

/** What axe finds that is serious or worse. */
async function faults(page: Page, where: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations
    .filter((each) => each.impact === "serious" || each.impact === "critical")
    .flatMap((each) =>
      each.nodes.map(
        (node) => `${where}: ${each.id}: ${node.target.join(" ")}: ${node.failureSummary}`,
      ),
    );
}

async function inBoth(page: Page, where: string): Promise<string[]> {
  const out: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    out.push(...(await faults(page, `${where} (${colorScheme})`)));
  }
  return out;
}

test("axe finds nothing serious on any page, light or dark", { timeout: 240_000 }, async () => {
  const out: string[] = [];
  const pages = await everyPage(world);
  const page = await world.open("/", { as: "nobody" });
  out.push(...(await inBoth(page, "/sign-in")));
  const mine = await world.open("/", { as: "admin" });
  for (const path of pages) {
    await mine.goto(path);
    await settled(mine);
    out.push(...(await inBoth(mine, path)));
  }
  expect(out).toEqual([]);
});

test("nor in the dialogs", { timeout: 120_000 }, async () => {
  const out: string[] = [];
  await everyPage(world);
  const page = await world.open("/connections");
  await settled(page);
  await page.keyboard.press("Control+k");
  await page.getByRole("textbox", { name: "Go to or find" }).fill("pos");
  await page.getByRole("option").first().waitFor();
  out.push(...(await inBoth(page, "the palette")));
  await page.goto(`/connections/${await world.connectionOf("pos-7")}`);
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("dialog").waitFor();
  out.push(...(await inBoth(page, "disconnect")));
  await page.goto("/users");
  await page.getByRole("button", { name: "Create user" }).click();
  await page.getByRole("dialog").waitFor();
  out.push(...(await inBoth(page, "create a user")));
  expect(out).toEqual([]);
});
