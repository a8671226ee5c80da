import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { Live } from "../src/api/live";
import { Problem } from "../src/api/problem";
import Services from "../src/pages/services/services";

let answers: Record<string, Live<unknown>> = {};
let now = 0;
vi.mock("../src/api/live", () => ({
  useLive: (path: string) => answers[path.split("?")[0] ?? ""] ?? {},
  useLiveState: () => "live",
}));
vi.mock("../src/common/clock", () => ({ useNow: () => now }));

const service = (name: string, over: object = {}) => ({
  name,
  kind: "builtin",
  calls: 0,
  errors: 0,
  in_flight: 0,
  restarts: 0,
  mean_ms: 0,
  ...over,
});
const list = (items: unknown[]) => ({ value: { items, total: items.length } });

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1200);
  history.replaceState(null, "", "/services");
  now = 1_000_000;
  answers = {
    "/services": list([
      service("echo", { calls: 40, errors: 2, in_flight: 1, mean_ms: 0.5 }),
      service("orders.price", { kind: "custom", restarts: 1 }),
      service("ping", { calls: 1200 }),
    ]),
    "/channels": list([
      {
        name: "demo",
        is_active: true,
        service: "gateway",
        services_allowed: ["echo", "p*"],
        connections: 17,
      },
    ]),
  };
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const page = () => (
  <MantineProvider>
    <Services />
  </MantineProvider>
);
const names = () =>
  [...document.querySelectorAll<HTMLElement>("[data-key]")].map((each) => each.dataset.key);
const row = (name: string) => document.querySelector<HTMLElement>(`[data-key="${name}"]`);

describe("the services", () => {
  test("are listed with what they do and who uses them", () => {
    render(page());
    expect(names()).toEqual(["echo", "orders.price", "ping"]);
    expect(screen.getByText("3 services, 1 in flight")).toBeTruthy();
    expect(row("ping")?.textContent).toContain("1,200");
    expect(row("ping")?.textContent).toContain("demo");
    expect(row("orders.price")?.textContent).toContain("no channel");
    expect(row("orders.price")?.querySelector(".warn")?.textContent).toBe("1");
  });

  test("show errors that were, and more so errors that come", () => {
    const { rerender } = render(page());
    expect(row("echo")?.querySelector(".warn")?.textContent).toBe("2");
    now += 1000;
    answers["/services"] = list([service("echo", { calls: 44, errors: 5 })]);
    rerender(page());
    expect(row("echo")?.querySelector(".bad")?.textContent).toContain("+3 5");
    expect(row("echo")?.textContent).toContain("4");
    for (let second = 0; second < 70; second += 1) {
      now += 1000;
      rerender(page());
    }
    expect(row("echo")?.querySelector(".bad")).toBeNull();
    expect(row("echo")?.querySelector(".warn")?.textContent).toBe("5");
  });

  test("are sorted and searched, and the address remembers it", () => {
    render(page());
    fireEvent.click(screen.getByRole("button", { name: "Calls" }));
    expect(names()).toEqual(["orders.price", "echo", "ping"]);
    fireEvent.click(screen.getByRole("button", { name: /^Calls$|Calls [^/]/ }));
    expect(names()).toEqual(["ping", "echo", "orders.price"]);
    expect(location.search).toBe("?sort=-calls");
    const search = screen.getByRole("searchbox", { name: "Search services" });
    fireEvent.change(search, { target: { value: "DEMO" } });
    expect(names()).toEqual(["ping", "echo"]);
    expect(screen.getByText("2 of 3 services, 1 in flight")).toBeTruthy();
    fireEvent.change(search, { target: { value: "nowhere" } });
    expect(screen.getByText("No service is called so")).toBeTruthy();
  });

  test("open beside the list, with how each channel uses them", async () => {
    render(page());
    fireEvent.click(row("ping")?.querySelector("[role=gridcell]") as Element);
    const dialog = await screen.findByRole("dialog");
    expect(location.search).toBe("?service=ping");
    expect(dialog.textContent).toContain("allowed by p*");
    expect(dialog.textContent).toContain("17 connections");
  });

  test("say of one that is not there that it is not", async () => {
    history.replaceState(null, "", "/services?service=gone");
    render(page());
    expect((await screen.findByRole("dialog")).textContent).toContain("There is no such service");
  });

  test("say why they cannot be shown", () => {
    answers = {
      "/services": { problem: new Problem({ status: 500, code: "x", detail: "Out of memory" }) },
    };
    render(page());
    expect(screen.getByText("Out of memory")).toBeTruthy();
  });
});
