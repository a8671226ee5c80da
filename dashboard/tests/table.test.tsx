import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { DataTable, parseSorting, sortingText, type Sorting } from "../src/common/table";

interface Row {
  id: string;
  n: number;
}

const opened = vi.fn<(row: Row) => void>();
const sorted = vi.fn<(sorting: Sorting) => void>();

beforeEach(() => {
  // happy-dom lays nothing out.
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(400);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  opened.mockReset();
  sorted.mockReset();
});

function show(count: number) {
  return render(
    <DataTable<Row>
      label="Things"
      columns={[
        { id: "id", title: "Id", width: "1fr", sort: "id", cell: (row) => row.id },
        {
          id: "n",
          title: "Number",
          width: "5rem",
          align: "end",
          cell: (row) => <button type="button">{row.n}</button>,
        },
      ]}
      count={count}
      row={(index) => ({ id: `row ${index}`, n: index })}
      rowKey={(row) => row.id}
      sorting={{ field: "id", descending: false }}
      onSort={sorted}
      onOpen={opened}
      empty={<p>There are none</p>}
    />,
  );
}

const rows = () => [...document.querySelectorAll<HTMLElement>("[data-index]")];
const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
const focused = () => (document.activeElement as HTMLElement | null)?.dataset.key;

describe("a table", () => {
  test("of 100,000 rows has few of them in the page and says how many there are", () => {
    show(100_000);
    expect(screen.getByRole("grid", { name: "Things" }).getAttribute("aria-rowcount")).toBe(
      "100001",
    );
    expect(rows().length).toBeGreaterThan(5);
    expect(rows().length).toBeLessThan(60);
  });

  test("is gone through with the arrows and opened with Enter", async () => {
    show(100);
    rows()[0]?.focus();
    press("ArrowDown");
    await vi.waitFor(() => expect(focused()).toBe("row 1"));
    press("ArrowDown");
    await vi.waitFor(() => expect(focused()).toBe("row 2"));
    press("ArrowUp");
    await vi.waitFor(() => expect(focused()).toBe("row 1"));
    press("Enter");
    expect(opened.mock.calls.map(([row]) => row.id)).toEqual(["row 1"]);
    press("Home");
    await vi.waitFor(() => expect(focused()).toBe("row 0"));
    press("ArrowUp");
    await vi.waitFor(() => expect(focused()).toBe("row 0"));
  });

  test("has one row only that Tab goes to", () => {
    show(100);
    expect(rows().filter((row) => row.tabIndex === 0)).toHaveLength(1);
  });

  test("leaves keys with Ctrl, and those of a button in a row, alone", () => {
    show(100);
    rows()[0]?.focus();
    expect(fireEvent.keyDown(rows()[0]!, { key: "ArrowDown", ctrlKey: true })).toBe(true);
    const button = screen.getByRole("button", { name: "3" });
    fireEvent.keyDown(button, { key: "Enter" });
    fireEvent.click(button);
    expect(opened).not.toHaveBeenCalled();
    fireEvent.click(screen.getByText("row 3"));
    expect(opened).toHaveBeenCalledOnce();
  });

  test("keeps the focus when a row that was not there yet comes", () => {
    const table = (known: boolean) => (
      <DataTable<Row>
        label="Things"
        columns={[{ id: "id", title: "Id", width: "1fr", cell: (row) => row.id }]}
        count={50}
        row={(index) => (known ? { id: `row ${index}`, n: index } : undefined)}
        rowKey={(row) => row.id}
      />
    );
    const { rerender } = render(table(false));
    rows()[3]?.focus();
    expect(focused()).toBe(undefined);
    rerender(table(true));
    expect(focused()).toBe("row 3");
  });

  test("is sorted by a click on a title, the other way by the next", () => {
    show(3);
    const title = screen.getByRole("columnheader", { name: /Id/ });
    expect(title.getAttribute("aria-sort")).toBe("ascending");
    fireEvent.click(title.querySelector("button")!);
    expect(sorted).toHaveBeenCalledWith({ field: "id", descending: true });
    expect(screen.getByRole("columnheader", { name: "Number" }).querySelector("button")).toBe(null);
  });

  test("without rows says so", () => {
    show(0);
    screen.getByText("There are none");
  });
});

test("a sorting is a text and back", () => {
  for (const text of ["-connected_at", "client_id"])
    expect(sortingText(parseSorting(text))).toBe(text);
});
