import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

test("an operation is followed, its outcomes looked at, and cancelled after a question", async () => {
  await Promise.all(["a", "b", "c", "d"].map((id) => world.client({ id })));
  const { id } = await world.server.call<{ id: string }>("POST", "/connections:invoke", {
    selector: 'channel == "open"',
    data: 1,
    pace: 0.2,
  });
  const page = await world.open(`/operations/${id}`, { as: "operator" });
  await page.getByText("1 of 4 finished").waitFor();
  const outcomes = page.getByRole("grid", { name: "Outcomes" });
  await outcomes.getByText("Answered").first().click();
  await page.getByRole("dialog", { name: "Outcome" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Cancel the operation" }).click();
  const question = page.getByRole("dialog", { name: "Cancel the operation" });
  await question.getByRole("button", { name: "Cancel the operation" }).click();
  await page.getByText("cancelled", { exact: true }).first().waitFor();
  const now = await world.server.call<{ state: string; outcomes: unknown[] }>(
    "GET",
    `/operations/${id}`,
  );
  expect(now.state).toBe("cancelled");
});

test("an id that is none says so", async () => {
  const page = await world.open("/operations/op.000000000000000000000000", { as: "viewer" });
  await page.getByText("This operation is not known").waitFor();
});
