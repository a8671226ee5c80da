import type { Page } from "playwright-core";

import type { World } from "./world";

/** Every page, with something real on it. */
export async function everyPage(world: World): Promise<string[]> {
  const client = await world.client({ id: "pos-7", name: "Till 7", attrs: "site=A;till=7" });
  await client.call("pubsub.subscribe", { topic_name: "/demo/news", ack: "client" });
  await world.server.call("POST", "/topics/%2Fdemo%2Fnews/publish", { data: { number: 1 } });
  const id = await world.connectionOf("pos-7");
  const subscriptions = await world.server.call<{ items: Array<{ sub_key: string }> }>(
    "GET",
    `/connections/${id}/subscriptions`,
  );
  const operation = await world.server.call<{ id: string }>("POST", "/connections:invoke", {
    selector: 'client_id == "pos-7"',
    data: { what: "report" },
  });
  const key = encodeURIComponent(subscriptions.items[0]?.sub_key ?? "");
  return [
    "/overview",
    "/connections",
    `/connections/${id}`,
    "/channels",
    "/channels?create=1",
    "/channels/demo",
    "/channels/demo?edit=1",
    "/topics",
    "/topics/%2Fdemo%2Fnews",
    "/topics/%2Fdemo%2Fnews?tab=publish",
    `/subscriptions/${key}`,
    `/operations/${operation.id}`,
    "/services",
    "/users",
    "/tokens",
    "/reference",
    // The server has no page at other addresses; of this one it leaves the judgement to the page.
    "/channels/demo/nowhere",
  ];
}

/** Until nothing says any more that it is being loaded. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForFunction(
    () => !document.querySelector(".mantine-Loader-root, .mantine-Skeleton-root"),
  );
}
