import { useCallback, useSyncExternalStore } from "react";

import { base } from "./client";
import { applyDelta, type Delta } from "./delta";
import { EventReader, type StreamEvent } from "./event_stream";
import { Problem, problemOf } from "./problem";
import { expired, onSession, session } from "./session";

/** What is known of a watched call. */
export interface Live<T> {
  value?: T;
  /** Why there is no (newer) value. */
  problem?: Problem;
}

/** How the stream is: `away` once the server cannot be reached. */
export type LiveState = "idle" | "connecting" | "live" | "away";

interface Watch {
  state: Live<unknown>;
  users: number;
  listeners: Set<() => void>;
}

/** Pages that come and go within a moment share a stream. */
const settleTime = 30;
const firstPause = 500;
const longestPause = 5000;
/** The server says something every 5 s. */
const silence = 15_000;
/** A page that nobody looks at for so long needs no stream. */
const hiddenTime = 60_000;

/**
 * One stream for all that the page shows. It is opened anew, with what is then watched, whenever
 * that changes and whenever it breaks; values stay meanwhile.
 */
class LiveStream {
  private readonly watches = new Map<string, Watch>();
  private readonly stateListeners = new Set<() => void>();
  private state: LiveState = "idle";
  private opened: AbortController | undefined;
  private openPaths: string[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pause = firstPause;
  private hidden = false;

  constructor() {
    onSession(() => this.restart(0));
    if (typeof document !== "undefined") {
      let timer: ReturnType<typeof setTimeout> | undefined;
      document.addEventListener("visibilitychange", () => {
        clearTimeout(timer);
        if (document.hidden) {
          timer = setTimeout(() => this.setHidden(true), hiddenTime);
        } else this.setHidden(false);
      });
      window.addEventListener("online", () => this.state === "away" && this.restart(0));
    }
  }

  watch(path: string): () => void {
    const known = this.watches.get(path);
    if (known) known.users += 1;
    else this.watches.set(path, { state: {}, users: 1, listeners: new Set() });
    if (!known) this.restart(settleTime);
    return () => this.release(path);
  }

  get(path: string): Live<unknown> | undefined {
    return this.watches.get(path)?.state;
  }

  listen(path: string, listener: () => void): () => void {
    const release = this.watch(path);
    const listeners = this.watches.get(path)?.listeners;
    listeners?.add(listener);
    return () => {
      listeners?.delete(listener);
      release();
    };
  }

  listenState = (listener: () => void): (() => void) => {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  };
  readState = (): LiveState => this.state;

  /** Asks at once instead of at the end of a pause. */
  retry = (): void => this.restart(0);

  private release(path: string): void {
    const watch = this.watches.get(path);
    if (!watch || (watch.users -= 1) > 0) return;
    // Whoever comes back within a moment (a page that renders anew) finds the value.
    setTimeout(() => {
      if (watch.users > 0 || this.watches.get(path) !== watch) return;
      this.watches.delete(path);
      if (this.openPaths.includes(path)) this.restart(settleTime);
    }, settleTime);
  }

  private setHidden(hidden: boolean): void {
    if (this.hidden === hidden) return;
    this.hidden = hidden;
    this.restart(0);
  }

  private setState(next: LiveState): void {
    if (this.state === next) return;
    this.state = next;
    for (const each of [...this.stateListeners]) each();
  }

  private restart(after: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.open(), after);
  }

  private async open(): Promise<void> {
    this.opened?.abort();
    const paths = [...this.watches.keys()];
    this.openPaths = paths;
    if (paths.length === 0 || this.hidden || session().phase !== "in") {
      this.opened = undefined;
      this.setState("idle");
      return;
    }
    const mine = new AbortController();
    this.opened = mine;
    if (this.state === "idle") this.setState("connecting");
    let refused = false;
    try {
      refused = await this.read(paths, mine);
    } catch {
      // Whatever broke it: it is opened anew.
    }
    if (this.opened !== mine) return;
    // A server that refuses is not away.
    if (!refused) this.setState("away");
    this.restart(this.pause * (0.75 + Math.random() / 2));
    this.pause = Math.min(this.pause * 2, longestPause);
  }

  /** True when the server will not have the stream as it was asked for. */
  private async read(paths: string[], mine: AbortController): Promise<boolean> {
    const query = paths.map((path) => `watch=${encodeURIComponent(path)}`).join("&");
    let watchdog = setTimeout(() => mine.abort(), silence);
    try {
      const response = await fetch(`${base}/live?${query}`, {
        headers: { Accept: "text/event-stream" },
        credentials: "same-origin",
        cache: "no-store",
        signal: mine.signal,
      });
      if (response.status === 401) {
        expired();
        return false;
      }
      if (!response.ok || !response.body) {
        this.fail(paths, problemOf(response.status, await response.json().catch(() => null)));
        return response.status < 500;
      }
      this.pause = firstPause;
      this.setState("live");
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const events = new EventReader();
      for (;;) {
        const { done, value } = await reader.read();
        clearTimeout(watchdog);
        if (done || this.opened !== mine) return false;
        watchdog = setTimeout(() => mine.abort(), silence);
        for (const each of events.take(value)) this.take(paths, each);
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  /** The stream as such was refused: what is shown has no newer value. */
  private fail(paths: string[], problem: Problem): void {
    if (problem.status >= 500) return;
    for (const path of paths) this.put(path, { ...this.get(path), problem });
  }

  private take(paths: string[], { event, data }: StreamEvent): void {
    if (event === "signed_out") return expired();
    const said = JSON.parse(data) as Delta & { value?: unknown; problem?: unknown };
    const path = paths[said.watch];
    if (path === undefined) return;
    if (event === "state") this.put(path, { value: said.value });
    else if (event === "delta") {
      const before = this.get(path)?.value;
      if (before !== undefined) this.put(path, { value: applyDelta(before, said) });
    } else if (event === "problem") {
      const status = (said.problem as { status?: number } | undefined)?.status ?? 500;
      this.put(path, { value: this.get(path)?.value, problem: problemOf(status, said.problem) });
    }
  }

  private put(path: string, state: Live<unknown>): void {
    const watch = this.watches.get(path);
    if (!watch) return;
    watch.state = state;
    for (const each of [...watch.listeners]) each();
  }
}

const stream = new LiveStream();
const nothing: Live<never> = {};

/**
 * The answer of a GET call, kept up to date once a second by the page's one stream. `path` has its
 * query and stands below `/api/v1`; undefined: nothing is watched.
 */
export function useLive<T>(path: string | undefined): Live<T> {
  const subscribe = useCallback(
    (listener: () => void) => (path === undefined ? () => {} : stream.listen(path, listener)),
    [path],
  );
  const read = useCallback(
    () => (path === undefined ? nothing : (stream.get(path) ?? nothing)),
    [path],
  );
  return useSyncExternalStore(subscribe, read) as Live<T>;
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(stream.listenState, stream.readState);
}

export const retryLive = stream.retry;
