import type { Page } from "playwright-core";

/** Opens all parts of a form that are folded. */
export async function unfold(page: Page): Promise<void> {
  await page.locator("main form section").first().waitFor();
  const folded = page.locator("main form h2 button[aria-expanded=false]");
  while ((await folded.count()) > 0) await folded.first().click();
}
