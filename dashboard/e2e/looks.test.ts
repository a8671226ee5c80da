import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { World } from "./support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

test("the colours are switched, and stay so", async () => {
  const page = await world.open("/services", { as: "viewer", colorScheme: "light" });
  const scheme = () => page.locator("html").getAttribute("data-mantine-color-scheme");
  await expect.poll(scheme).toBe("light");
  await page.getByRole("button", { name: "Dark colours" }).click();
  await expect.poll(scheme).toBe("dark");
  await page.reload();
  await page.getByRole("button", { name: "Light colours" }).click();
  await expect.poll(scheme).toBe("light");
});

test("nothing moves where that is not wanted", async () => {
  const moved = async (reducedMotion: "reduce" | "no-preference", id: string) => {
    const page = await world.open("/connections", { as: "viewer", reducedMotion });
    await page.getByText("Nobody is connected").waitFor();
    await page.evaluate(() => {
      document.addEventListener("animationstart", () => Object.assign(window, { moved: true }));
    });
    const client = await world.client({ id: `${id}-1` });
    await page.getByRole("grid").getByText(`${id}-1`).waitFor();
    const second = await world.client({ id: `${id}-2` });
    await page.getByRole("grid").getByText(`${id}-2`).waitFor();
    const seen = await page.evaluate(() => "moved" in window);
    for (const each of [client, second]) {
      each.close();
      await each.closed;
    }
    return seen;
  };
  expect(await moved("no-preference", "free")).toBe(true);
  expect(await moved("reduce", "still")).toBe(false);
});

test("both ends of a connection are named", async () => {
  const client = await world.client({ id: "till-7", name: "Till 7" });
  const page = await world.open("/connections", { as: "viewer" });
  const row = page.getByRole("grid").getByRole("row").filter({ hasText: "till-7" });
  const known = await world.server.call<Record<string, string | number>>(
    "GET",
    `/connections/${await world.connectionOf("till-7")}`,
  );
  for (const name of ["id", "client_name", "remote_address", "local_address", "server_name"])
    await row.getByText(String(known[name])).first().waitFor();
  await row.getByText(`pid ${known.server_pid}`).waitFor();
  client.close();
});
