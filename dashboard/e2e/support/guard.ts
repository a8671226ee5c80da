import type { Page } from "playwright-core";

import { shotsFolder } from "./settings";

/** Answers that a page may get without being at fault; the browser says them in the console. */
const expected = /Failed to load resource|net::ERR_/;

/** Watches one window for what must never happen in any. */
export class Guard {
  private readonly page: Page;
  readonly faults: string[] = [];

  constructor(page: Page, base: string) {
    this.page = page;
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(`${base}/`) && !url.startsWith("data:"))
        this.faults.push(`a request to another host: ${url}`);
    });
    page.on("response", (response) => {
      if (response.url().includes("/assets/") && response.status() >= 400)
        this.faults.push(`${response.status()} for ${response.url()}`);
    });
    page.on("dialog", (dialog) => {
      this.faults.push(`a dialog of the browser: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("pageerror", (error) => this.faults.push(`an error of the page: ${error.stack}`));
    page.on("console", (message) => {
      if (!["error", "warning"].includes(message.type()) || expected.test(message.text())) return;
      this.faults.push(`the console says: ${message.text()}`);
    });
  }

  async close(): Promise<void> {
    if (shotsFolder) await this.page.screenshot({ path: `${shotsFolder}/${Date.now()}.png` });
    await this.page.context().close();
  }
}
