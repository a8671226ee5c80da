import { act, cleanup, render } from "@testing-library/react";
import { useRef } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { Rows } from "../src/pages/connections/use_window";
import { eventStream, fakeFetch, json, someone, type Asked } from "./support";

let useWindow: typeof import("../src/pages/connections/use_window").useWindow;
let asked: Asked[];
let streams: Array<{ path: string; stream: ReturnType<typeof eventStream> }>;
/** The list that the endpoint has. */
let ids: string[];
let fail: { status: number } | undefined;
let rows: Rows;
let pane: HTMLDivElement;

const height = 50;
const rowId = (number: number) => `ws.${String(number).padStart(5, "0")}`;

/** The endpoint's answer, by what docs/admin-api.md says of `offset` and `near`. */
function answer(query: URLSearchParams) {
  let offset = Number(query.get("offset"));
  for (const each of (query.get("near") ?? "").split(",").filter(Boolean)) {
    const [id = "", was] = each.split("@");
    const now = ids.indexOf(id);
    if (now < 0) continue;
    offset = Math.max(0, offset + now - Number(was));
    break;
  }
  const items = ids.slice(offset, offset + Number(query.get("limit"))).map((id) => ({ id }));
  return { items, total: ids.length, offset, next_cursor: null, complete: true, missing: [] };
}

const queryOf = (url: string) => new URL(url, "http://x").searchParams;
const gets = () => asked.filter(isGet);
const isGet = (each: Asked) => new URL(each.url, "http://x").pathname.endsWith("/connections");
const lastGet = () => queryOf(gets().at(-1)?.url ?? "");

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  ids = Array.from({ length: 1000 }, (_, at) => rowId(at));
  streams = [];
  fail = undefined;
  asked = fakeFetch((each) => {
    if (isGet(each))
      return fail ? json(fail.status, { detail: "no" }) : json(200, answer(queryOf(each.url)));
    const stream = eventStream(each);
    streams.push({ path: queryOf(each.url).get("watch") ?? "", stream });
    return stream.response;
  });
  ({ useWindow } = await import("../src/pages/connections/use_window"));
  const { signedIn } = await import("../src/api/session");
  signedIn(someone);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (time: number) => act(() => vi.advanceTimersByTimeAsync(time));

/** Until a window is watched: what it draws opens the stream only once `act` is over. */
async function rest() {
  for (let each = 0; each < 5; each += 1) await pass(100);
}

function Show(props: { client?: string; anchored?: boolean }) {
  const scroller = useRef<HTMLDivElement>(null);
  rows = useWindow({
    query: { client_id: props.client },
    fields: "id",
    anchored: props.anchored ?? true,
    scroller,
    rowHeight: height,
    startAt: 0,
  });
  return (
    <div
      ref={(element) => {
        scroller.current = element;
        if (element) pane = element;
      }}
    />
  );
}

/** Scrolls so that the row with this index is the first that can be seen. */
async function scrollTo(index: number) {
  Object.defineProperty(pane, "clientHeight", { value: 10 * height, configurable: true });
  pane.scrollTop = index * height;
  act(() => rows.onRange(index, index + 10));
  await pass(0);
}

/** The stream that is open says how the list is now. */
async function tick() {
  const { path, stream } = streams.at(-1)!;
  stream.say("state", { watch: 0, value: answer(queryOf(path)) });
  await pass(5);
}

describe("the window of a long list", () => {
  test("asks at once, then watches the same", async () => {
    render(<Show />);
    await pass(1);
    expect(rows.total).toBe(1000);
    expect(rows.row(0)?.id).toBe(rowId(0));
    expect(rows.row(500)).toBeUndefined();
    expect(streams).toHaveLength(0);
    await rest();
    expect(streams).toHaveLength(1);
    expect(streams[0]?.path).toContain("offset=0");
    expect(gets()).toHaveLength(1);
  });

  test("asks for what scrolling brings into view, and keeps what it has meanwhile", async () => {
    render(<Show />);
    await rest();
    await scrollTo(500);
    expect(gets()).toHaveLength(1);
    expect(rows.row(0)?.id).toBe(rowId(0));
    await pass(70);
    expect(gets()).toHaveLength(2);
    expect(rows.row(505)?.id).toBe(rowId(505));
    // Watched once it has come to rest, by the rows that can be seen.
    await rest();
    expect(streams.at(-1)?.path).toContain(`near=${encodeURIComponent(`${rowId(500)}@500`)}`);
  });

  test("asks for nothing while what can be seen is there", async () => {
    render(<Show />);
    await rest();
    await scrollTo(5);
    await pass(1000);
    expect(gets()).toHaveLength(1);
  });

  test("keeps the row under the eye in its place when others come above", async () => {
    render(<Show />);
    await rest();
    await scrollTo(500);
    await rest();
    ids.unshift("ws.new1", "ws.new2");
    await tick();
    expect(rows.row(502)?.id).toBe(rowId(500));
    expect(pane.scrollTop).toBe(502 * height);
    ids.splice(0, 3);
    await tick();
    expect(pane.scrollTop).toBe(499 * height);
  });

  test("lets new rows appear at the very top, and marks them", async () => {
    render(<Show />);
    await rest();
    await tick();
    ids.unshift("ws.new");
    await tick();
    expect(pane.scrollTop).toBe(0);
    expect(rows.row(0)?.id).toBe("ws.new");
    expect(rows.isFresh("ws.new")).toBe(true);
    expect(rows.isFresh(rowId(0))).toBe(false);
  });

  test("does not follow rows in an order that changes by itself", async () => {
    render(<Show anchored={false} />);
    await rest();
    await scrollTo(500);
    await rest();
    expect(streams.at(-1)?.path).not.toContain("near");
    ids.unshift("ws.new");
    await tick();
    expect(pane.scrollTop).toBe(500 * height);
  });

  test("looks for other rows to hold on to when all have gone", async () => {
    render(<Show />);
    await rest();
    await scrollTo(500);
    await rest();
    const before = streams.at(-1)!.path;
    ids.splice(495, 20);
    await tick();
    await rest();
    expect(streams.at(-1)!.path).not.toBe(before);
    expect(streams.at(-1)!.path).toContain("near=");
  });

  test("begins another list at its top, and shows the one before until it is there", async () => {
    const shown = render(<Show />);
    await rest();
    await scrollTo(500);
    await rest();
    ids = ids.slice(0, 20);
    shown.rerender(<Show client="pos" />);
    expect(rows.behind).toBe(true);
    expect(rows.row(500)?.id).toBe(rowId(500));
    await pass(5);
    expect(rows.behind).toBe(false);
    expect(rows.total).toBe(20);
    expect(lastGet().get("offset")).toBe("0");
    expect(pane.scrollTop).toBe(0);
  });

  test("says why there is no list, and tries again when that may pass", async () => {
    fail = { status: 503 };
    render(<Show />);
    await pass(5);
    expect(rows.problem).toBeInstanceOf(Error);
    fail = undefined;
    await pass(2000);
    expect(rows.problem).toBeUndefined();
    expect(rows.total).toBe(1000);
  });

  test("does not ask again for what the server refuses", async () => {
    fail = { status: 400 };
    render(<Show />);
    await pass(10_000);
    expect(gets()).toHaveLength(1);
    expect(rows.problem).toBeInstanceOf(Error);
  });
});
