import type { Page } from "playwright-core";

import { password } from "./settings";

/** Fills in the form for signing in, wherever it stands, and sends it off. */
export async function signIn(page: Page, username: string, secret = password): Promise<void> {
  const name = page.getByLabel("User name");
  if ((await name.inputValue()) !== username) await name.fill(username);
  await page.getByLabel("Password", { exact: true }).fill(secret);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** The dialog over the page of somebody whose session has ended. */
export const signInAgain = (page: Page) => page.getByRole("dialog", { name: "Sign in again" });

/** Ends the session of this window from elsewhere, as its expiry does. */
export async function endSession(page: Page): Promise<void> {
  const calls = page.context().request;
  const who = (await (await calls.get("/api/v1/session")).json()) as { csrf_token: string };
  const cookies = await page.context().cookies();
  const answer = await calls.delete("/api/v1/session", {
    headers: { "X-CSRF-Token": who.csrf_token },
  });
  if (!answer.ok()) throw new Error(`ending the session: ${answer.status()}`);
  // An expired session leaves its cookie behind.
  await page.context().addCookies(cookies);
}
