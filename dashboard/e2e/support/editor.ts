import type { Locator } from "playwright-core";

/** Puts `text` in the place of all that stands in an editor. */
export async function write(editor: Locator, text: string): Promise<void> {
  await editor.click();
  await editor.press("Control+a");
  await editor.press("Delete");
  await editor.pressSequentially(text);
}
