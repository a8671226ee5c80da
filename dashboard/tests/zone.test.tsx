import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { timeParts } from "../src/common/zone";

const zone = process.env.TZ;
afterEach(() => {
  process.env.TZ = zone;
  cleanup();
});

const shown = (at: string) => Object.values(timeParts(new Date(at), "local")).join(" ");

describe("times in the viewer's own zone", () => {
  test("have the offset of their moment: an hour in autumn comes twice", () => {
    process.env.TZ = "Europe/Berlin";
    expect(shown("2026-10-25T00:30:00Z")).toBe("2026-10-25 02:30:00 +02:00");
    expect(shown("2026-10-25T01:30:00Z")).toBe("2026-10-25 02:30:00 +01:00");
  });

  test("know the hour in spring that does not exist", () => {
    process.env.TZ = "Europe/Berlin";
    expect(shown("2026-03-29T00:59:59.999Z")).toBe("2026-03-29 01:59:59 +01:00");
    expect(shown("2026-03-29T01:00:00Z")).toBe("2026-03-29 03:00:00 +02:00");
  });

  test("west of Greenwich and beside whole hours", () => {
    process.env.TZ = "America/New_York";
    expect(shown("2026-10-25T01:30:00Z")).toBe("2026-10-24 21:30:00 -04:00");
    process.env.TZ = "America/St_Johns";
    expect(shown("2026-12-01T00:00:00Z")).toBe("2026-11-30 20:30:00 -03:30");
    process.env.TZ = "Asia/Kathmandu";
    expect(shown("2026-12-01T00:00:00Z")).toBe("2026-12-01 05:45:00 +05:45");
  });

  test("or all in UTC", () => {
    process.env.TZ = "Europe/Berlin";
    expect(timeParts(new Date("2026-10-25T01:30:00.123456Z"), "utc")).toEqual({
      date: "2026-10-25",
      time: "01:30:00",
      zone: "UTC",
    });
  });
});

describe("a click on a time", () => {
  let Time: typeof import("../src/common/time").Time;
  beforeEach(async () => {
    process.env.TZ = "Europe/Berlin";
    localStorage.clear();
    vi.resetModules();
    ({ Time } = await import("../src/common/time"));
  });

  test("switches every time of the page and back, and is remembered", async () => {
    render(
      <>
        <Time at="2026-10-25T00:30:00Z" />
        <Time at="2026-07-01T12:00:00Z" short />
      </>,
    );
    const texts = () => screen.getAllByRole("button").map((each) => each.textContent);
    expect(texts()).toEqual(["2026-10-25 02:30:00 +02:00", "14:00:00 +02:00"]);
    act(() => void fireEvent.click(screen.getAllByRole("button")[1]!));
    expect(texts()).toEqual(["2026-10-25 00:30:00 UTC", "12:00:00 UTC"]);
    vi.resetModules();
    const again = await import("../src/common/zone");
    act(() => void fireEvent.click(screen.getAllByRole("button")[0]!));
    expect(texts()).toEqual(["2026-10-25 02:30:00 +02:00", "14:00:00 +02:00"]);
    expect(again.localZoneName()).toBe("Europe/Berlin");
  });

  test("that is none shows what it is", () => {
    render(
      <>
        <Time at={null} />
        <Time at="soon" />
      </>,
    );
    expect(document.body.textContent).toBe("\u2013soon");
  });
});
