import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { eventStream, fakeFetch, json, someone, type Answering, type Asked } from "./support";

let live: typeof import("../src/api/live");
let sessions: typeof import("../src/api/session");
let asked: Asked[];
let streams: Array<ReturnType<typeof eventStream>>;

function opened(instead?: Answering): void {
  streams = [];
  asked = fakeFetch((each) => {
    const said = instead?.(each);
    if (said) return said;
    const stream = eventStream(each);
    streams.push(stream);
    return stream.response;
  });
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  live = await import("../src/api/live");
  sessions = await import("../src/api/session");
  opened();
  sessions.signedIn(someone);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Lets timers and promises come to rest after `time` ms. */
const pass = (time: number) => act(() => vi.advanceTimersByTimeAsync(time));

function Show({ path }: { path?: string }) {
  const { value, problem } = live.useLive<{ n: number }>(path);
  return (
    <p>
      {path} {value ? value.n : "nothing"} {problem?.message}
    </p>
  );
}
function State() {
  return <i>{live.useLiveState()}</i>;
}

describe("the live stream", () => {
  test("watches all that the page shows by one stream", async () => {
    render(
      <>
        <Show path="/a?x=1" />
        <Show path="/b" />
        <Show path="/b" />
        <Show />
      </>,
    );
    await pass(100);
    expect(asked.map((each) => each.url)).toEqual(["/api/v1/live?watch=%2Fa%3Fx%3D1&watch=%2Fb"]);
    streams[0]?.say("state", { watch: 1, value: { n: 7 } });
    await pass(0);
    expect(screen.getAllByText("/b 7")).toHaveLength(2);
    screen.getByText("/a?x=1 nothing");
  });

  test("applies deltas, and shows problems beside the last value", async () => {
    render(<Show path="/a" />);
    await pass(100);
    streams[0]?.say("state", { watch: 0, value: { n: 1 } });
    streams[0]?.say("delta", { watch: 0, set: { n: 2 } });
    await pass(0);
    screen.getByText("/a 2");
    streams[0]?.say("problem", { watch: 0, problem: { status: 404, detail: "It is gone" } });
    await pass(0);
    screen.getByText("/a 2 It is gone");
    streams[0]?.say("state", { watch: 0, value: { n: 3 } });
    await pass(0);
    screen.getByText("/a 3");
  });

  test("is opened anew when it breaks, and the values stay meanwhile", async () => {
    render(
      <>
        <Show path="/a" />
        <State />
      </>,
    );
    await pass(100);
    screen.getByText("live");
    streams[0]?.say("state", { watch: 0, value: { n: 1 } });
    await pass(0);
    streams[0]?.break();
    await pass(1);
    screen.getByText("away");
    screen.getByText("/a 1");
    await pass(1000);
    expect(streams).toHaveLength(2);
    streams[1]?.say("state", { watch: 0, value: { n: 2 } });
    await pass(0);
    screen.getByText("live");
    screen.getByText("/a 2");
  });

  test("tries less often while the server is away, at least every 7 s, and at once when asked to", async () => {
    opened(() => Promise.reject(new TypeError("Failed to fetch")));
    render(
      <>
        <Show path="/a" />
        <State />
      </>,
    );
    await pass(60_000);
    screen.getByText("away");
    expect(asked.length).toBeGreaterThanOrEqual(10);
    expect(asked.length).toBeLessThanOrEqual(25);
    const before = asked.length;
    opened();
    live.retryLive();
    await pass(1);
    expect(asked).toHaveLength(1);
    expect(before).toBeGreaterThan(0);
    screen.getByText("live");
  });

  test("is given up when it says nothing for 15 s, not when it only breathes", async () => {
    render(<Show path="/a" />);
    await pass(100);
    for (let each = 0; each < 6; each += 1) {
      streams[0]?.breathe();
      await pass(5000);
    }
    expect(streams).toHaveLength(1);
    await pass(16_000);
    expect(asked[0]?.signal?.aborted).toBe(true);
    expect(streams.length).toBeGreaterThan(1);
  });

  test("ends with what it showed", async () => {
    const { unmount } = render(<Show path="/a" />);
    await pass(100);
    unmount();
    await pass(500);
    expect(asked[0]?.signal?.aborted).toBe(true);
    expect(asked).toHaveLength(1);
  });

  test("says that the session has ended, and begins again after the next sign-in", async () => {
    render(<Show path="/a" />);
    await pass(100);
    streams[0]?.say("signed_out", {});
    await pass(5000);
    expect(sessions.session().phase).toBe("expired");
    expect(asked).toHaveLength(1);
    act(() => sessions.signedIn(someone));
    await pass(100);
    expect(asked).toHaveLength(2);
  });

  test("takes 401 for the end of the session", async () => {
    opened(() => json(401, {}));
    render(<Show path="/a" />);
    await pass(5000);
    expect(sessions.session().phase).toBe("expired");
    expect(asked).toHaveLength(1);
  });

  test("shows why the server refuses to watch", async () => {
    opened(() => json(400, { status: 400, detail: "No such call" }));
    render(
      <>
        <Show path="/nonsense" />
        <State />
      </>,
    );
    await pass(200);
    screen.getByText("/nonsense nothing No such call");
    await pass(5000);
    expect(screen.queryByText("away")).toBe(null);
  });
});
