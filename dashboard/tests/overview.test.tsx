import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { Live } from "../src/api/live";
import { Problem } from "../src/api/problem";
import Overview from "../src/pages/overview/overview";

let answers: Record<string, Live<unknown>> = {};
let state = "live";
vi.mock("../src/api/live", () => ({
  useLive: (path: string) =>
    Object.entries(answers).find(([start]) => path.split("?")[0] === start)?.[1] ?? {},
  useLiveState: () => state,
}));
vi.mock("../src/common/plot", () => ({
  binarySteps: [],
  Plot: (props: { label: string; series: Array<{ color?: string }> }) => (
    <i aria-label={props.label} data-colors={props.series.map((each) => each.color).join()} />
  ),
}));

const rates = {
  messages_in: 210,
  messages_out: 840,
  bytes_in: 2048,
  bytes_out: 4096,
  connects: 1,
  disconnects: 1,
  publications: 31,
  deliveries: 62,
  invocations: 4.2,
  errors: 0,
  slow_consumers: 0,
  commits: 9,
};
const now = {
  server_name: "muster-1",
  version: "0.1.0",
  uptime: 273_900,
  draining: false,
  channels: 3,
  channels_active: 2,
  connections: 1234,
  sessions: 1230,
  topics: 4,
  subscriptions: 50,
  resident_bytes: 64 * 1024 * 1024,
  open_fds: 1300,
  max_fds: 65_536,
  loop_load: [0.2, 0.4],
  commit_ms: 1.25,
  rates,
  counters: { messages_dropped: 0, sessions_refused: 0 },
};
const point = {
  ...rates,
  at: "2026-11-26T02:00:00Z",
  connections: 1200,
  sessions: 1200,
  commit_ms: 1,
  resident_bytes: 1,
  cpu: 0.5,
  loop_load: [0.2, 0.4],
};
const list = (items: unknown[]) => ({ value: { items, total: items.length } });

beforeEach(() => {
  state = "live";
  answers = {
    "/overview": { value: now },
    "/overview/history": { value: { interval: 5, items: [point] } },
    "/channels": list([]),
    "/incidents": list([]),
  };
  history.replaceState(null, "", "/");
});
afterEach(cleanup);

const show = () =>
  render(
    <MantineProvider>
      <Overview />
    </MantineProvider>,
  );
const tile = (label: string) => {
  const found = screen
    .getAllByRole("term")
    .find((each) => each.textContent?.startsWith(label))?.parentElement;
  if (!found) throw new Error(`no tile ${label}`);
  return found;
};

describe("the overview", () => {
  test("says which server it is and how it is", () => {
    show();
    expect(screen.getByText("muster-1")).toBeTruthy();
    expect(screen.getByText("up 3 d 4 h")).toBeTruthy();
    expect(screen.getByText("2 of 3 channels active")).toBeTruthy();
    expect(tile("Connections").textContent).toContain("1,234");
    expect(tile("Messages in").textContent).toContain("210 /s");
    expect(tile("Busiest loop").textContent).toContain("40 %");
    expect(tile("Commit").textContent).toContain("1.25 ms");
    expect(tile("Errors").textContent).toContain("none in 15 min");
  });

  test("has no colour while all is well", () => {
    show();
    expect(document.querySelectorAll(".bad, .warn")).toHaveLength(0);
    expect(screen.getByText("Nothing went wrong in the server")).toBeTruthy();
    const wrong = screen.getByLabelText("What goes wrong, last 15 minutes");
    expect(wrong.dataset.colors).toBe("dim,dim");
  });

  test("colours what is wrong, and says it in words", () => {
    answers["/overview"] = {
      value: {
        ...now,
        draining: true,
        loop_load: [0.2, 0.93],
        rates: { ...rates, errors: 2, slow_consumers: 1 },
      },
    };
    show();
    expect(tile("Errors").querySelector(".bad")?.textContent).toBe("There are errors now");
    expect(tile("Slow consumers").querySelector(".warn")).toBeTruthy();
    expect(tile("Busiest loop").querySelector(".bad")?.textContent).toBe("1 loop above 80 %");
    expect(screen.getByText(/is draining/)).toBeTruthy();
    expect(screen.getByLabelText("Loops' load, last 15 minutes").dataset.colors).toBe("accent,bad");
  });

  test("still shows errors of a while ago", () => {
    answers["/overview/history"] = {
      value: { interval: 5, items: [{ ...point, errors: 0.6 }, point] },
    };
    show();
    expect(tile("Errors").querySelector(".bad")?.textContent).toBe("3 in 15 min");
  });

  test("says of a server that has just started that the plots will fill", () => {
    show();
    expect(screen.getByText("The plots fill as time goes by.")).toBeTruthy();
  });

  test("says since when it has heard nothing while the server is away", () => {
    state = "away";
    show();
    expect(screen.getByText(/last seen/)).toBeTruthy();
    expect(tile("Connections").textContent).toContain("1,234");
  });

  test("says why when it has nothing to show", () => {
    const problem = new Problem({ status: 503, code: "busy", detail: "The server is busy" });
    answers = Object.fromEntries(Object.keys(answers).map((path) => [path, { problem }]));
    show();
    expect(screen.getByText("The numbers of now cannot be shown")).toBeTruthy();
    expect(screen.getByText("The plots cannot be shown")).toBeTruthy();
    expect(screen.getAllByText("The server is busy").length).toBeGreaterThan(2);
  });

  test("shows the newest of what went wrong, all of it when asked, names harmlessly", () => {
    answers["/incidents"] = list(
      Array.from({ length: 30 }, (_, index) => ({
        id: String(30 - index),
        at: "2026-11-26T02:00:00Z",
        level: index === 0 ? "warning" : "error",
        text: index === 0 ? "<b>bold\u202e</b>" : `text ${index}`,
      })),
    );
    show();
    const items = () => within(screen.getByRole("list")).getAllByRole("listitem");
    expect(items()).toHaveLength(6);
    expect(items()[0]?.textContent).toContain("<b>bold\u27e8U+202E\u27e9</b>");
    expect(items()[0]?.querySelector(".warn")).toBeTruthy();
    expect(items()[1]?.querySelector(".bad")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Show all 30" }));
    expect(items()).toHaveLength(30);
    expect(location.search).toBe("?incidents=all");
    fireEvent.click(screen.getByRole("button", { name: "The last 6 only" }));
    expect(items()).toHaveLength(6);
    expect(location.search).toBe("");
  });

  test("leads from channels to their connections, and marks those that are inactive", () => {
    vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(400);
    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(800);
    answers["/channels"] = list([
      { name: "a b", path: "/a", is_active: true, connections: 1200, sessions: 1100 },
      { name: "old", path: "/o", is_active: false, connections: 0, sessions: 0 },
    ]);
    show();
    const link = screen.getByRole("link", { name: "a b" });
    expect(link.getAttribute("href")).toBe("/connections?channel=a%20b");
    const rows = screen.getAllByRole("row");
    expect(rows[1]?.textContent).toContain("1,200");
    expect(rows[1]?.textContent).not.toContain("inactive");
    expect(rows[2]?.textContent).toContain("inactive");
    fireEvent.click(screen.getByRole("button", { name: "Connections" }));
    expect(location.search).toBe("?channels=connections");
    expect(screen.getAllByRole("row")[1]?.textContent).toContain("old");
    vi.restoreAllMocks();
  });
});
