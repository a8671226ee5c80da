import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { endSession, signIn, signInAgain } from "./support/sign_in";
import { World } from "./support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

test("a wrong password is told, the right one lets in", async () => {
  const page = await world.open("/", { as: "nobody" });
  await page.getByRole("heading", { name: "Muster" }).waitFor();
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("alert").getByText("Both the user name and the password").waitFor();
  await signIn(page, "the-viewer", "wrong password");
  await page
    .getByRole("alert")
    .getByText(/password/i)
    .waitFor();
  expect(await page.getByLabel("User name").inputValue()).toBe("the-viewer");
  expect(await page.getByLabel("Password", { exact: true }).inputValue()).toBe("");
  await signIn(page, "the-viewer");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
});

test("who follows a link lands where it leads after signing in", async () => {
  const page = await world.open("/services", { as: "nobody" });
  await signIn(page, "the-operator");
  await page.getByRole("heading", { name: "Services" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/services");
});

test("a reload keeps the session, signing out ends it", async () => {
  const page = await world.open("/channels", { as: "viewer" });
  await page.getByRole("heading", { name: "Channels" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Channels" }).waitFor();
  await page.getByRole("button", { name: "Signed in as the-viewer" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByLabel("User name").waitFor();
  expect((await page.context().request.get("/api/v1/session")).status()).toBe(401);
  await page.reload();
  await page.getByLabel("User name").waitFor();
});

test("the script cannot read the cookie, and no token is kept in the page's storage", async () => {
  const page = await world.open("/", { as: "admin" });
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  expect(await page.evaluate(() => document.cookie)).toBe("");
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
  );
  const who = (await (await page.context().request.get("/api/v1/session")).json()) as {
    csrf_token: string;
  };
  expect(kept).not.toContain(who.csrf_token);
});

test("a session that ends under a form leaves it as it is, and its call goes through", async () => {
  const page = await world.open("/users");
  await page.getByRole("button", { name: "Create user" }).click();
  const form = page.getByRole("dialog", { name: /Create a user/ });
  await form.getByLabel("User name").fill("typed.before");
  await form.getByLabel("Password", { exact: true }).fill("a password of some length");
  await endSession(page);
  await form.getByRole("button", { name: "Create user" }).click();
  const again = signInAgain(page);
  await again.waitFor();
  await page.keyboard.press("Escape");
  expect(await again.isVisible()).toBe(true);
  await again.getByLabel("Password", { exact: true }).fill("correct horse battery staple");
  await again.getByRole("button", { name: "Sign in" }).click();
  await again.waitFor({ state: "hidden" });
  await form.waitFor({ state: "hidden" });
  await page.getByRole("grid", { name: "Users" }).getByText("typed.before").waitFor();
});

test("the stream notices the end of the session by itself, and goes on after", async () => {
  const page = await world.open("/channels", { as: "operator" });
  await page.getByRole("heading", { name: "Channels" }).waitFor();
  await endSession(page);
  await signInAgain(page).waitFor();
  await signIn(page, "the-operator");
  await signInAgain(page).waitFor({ state: "hidden" });
  await world.server.call("POST", "/channels", { name: "late", path: "/late" });
  await page.getByText("late", { exact: true }).first().waitFor();
});
