import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import type { Front } from "./support/front";
import { madeUp, Roll } from "./support/roll";
import { World } from "./support/world";

let world: World;
let front: Front;
beforeAll(async () => {
  world = await World.start();
  front = await world.madeUp();
});
afterEach(() => world.tidy());
afterAll(async () => {
  await front.close();
  await world.close();
});

/** Berlin turns its clocks back on 25 October, New York on 1 November. */
const zones = [
  {
    zone: "Europe/Berlin",
    moments: ["2026-10-25T01:30:00.000000Z", "2026-10-25T00:30:00.000000Z"],
    local: ["2026-10-25 02:30:00 +01:00", "2026-10-25 02:30:00 +02:00"],
    utc: ["2026-10-25 01:30:00 UTC", "2026-10-25 00:30:00 UTC"],
  },
  {
    zone: "America/New_York",
    moments: ["2026-11-01T06:30:00.000000Z", "2026-11-01T05:30:00.000000Z"],
    local: ["2026-11-01 01:30:00 -05:00", "2026-11-01 01:30:00 -04:00"],
    utc: ["2026-11-01 06:30:00 UTC", "2026-11-01 05:30:00 UTC"],
  },
  {
    zone: "America/New_York",
    moments: ["2026-10-25T01:30:00.000000Z", "2026-10-25T00:30:00.000000Z"],
    local: ["2026-10-24 21:30:00 -04:00", "2026-10-24 20:30:00 -04:00"],
    utc: ["2026-10-25 01:30:00 UTC", "2026-10-25 00:30:00 UTC"],
  },
];

describe.each(zones)("in $zone, $moments", ({ zone, moments, local, utc }) => {
  test("a click on a time shows all of them in UTC, the next one in the zone again", async () => {
    const rows = moments.map((at, number) => madeUp(number, { connected_at: at }));
    front.instead("/connections", new Roll(rows).answer);
    const page = await world.open("/connections?columns=client,connected_at", {
      as: "viewer",
      base: front.url,
      timezoneId: zone,
    });
    const times = page.getByRole("grid").locator("time");
    const shows = async (wanted: string[]) => {
      for (const [at, text] of wanted.entries())
        await times
          .nth(at)
          .getByText(text.split(" ")[2] ?? "")
          .waitFor();
      expect((await times.allInnerTexts()).map((text) => text.replace(/\s+/g, " "))).toEqual(
        wanted,
      );
    };
    await shows(local);
    await times.first().click();
    await shows(utc);
    await page.reload();
    await shows(utc);
    await times.nth(1).click();
    await shows(local);
    // The switch in the header is the same one.
    await page.getByRole("button", { name: "Show times in UTC" }).click();
    await shows(utc);
    await page.getByRole("button", { name: `Show times in ${zone}` }).click();
    await shows(local);
    // A time that is clicked does not open its row.
    expect(new URL(page.url()).pathname).toBe("/connections");
  });
});
