import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

import { get, withQuery, type Query } from "../../api/client";
import { useLive } from "../../api/live";
import { Problem } from "../../api/problem";
import type { Connection, ConnectionWindow } from "../../api/types";
import {
  added,
  anchorsOf,
  covers,
  movedBy,
  rowAt,
  windowAround,
  type View,
  type Window,
} from "./window";

/** While one scrolls a request is made at most so often, in ms. */
const scrollPause = 60;
/** When nothing has scrolled for so long the window is watched. */
const settleTime = 250;
/** The same rows are asked for again, and a server that is away, after so long. */
const againTime = 1500;
/** How long a row that has come is marked. */
const freshTime = 2500;

interface Shown extends Window<Connection> {
  /** The filter and order that it answers. */
  list: string;
  path: string;
}

/** What was asked for last: whatever answers another path comes too late. */
interface Asked {
  path: string;
  list: string;
  view: View;
  anchors: string[];
  atTop: boolean;
  /** When, in ms. */
  at: number;
}

/** None of the rows that keep the window in its place is there any more. */
function isLost(asked: Asked, have: { items: Connection[] }, anchored: boolean): boolean {
  if (!anchored || asked.atTop) return false;
  return !asked.anchors.some((id) => have.items.some((row) => row.id === id));
}

export interface Rows {
  /** Undefined before the first answer. */
  total?: number;
  row: (index: number) => Connection | undefined;
  /** Came within the last seconds. */
  isFresh: (id: string) => boolean;
  /** Why there are none, or none newer. */
  problem?: unknown;
  /** The rows are those of the filter before. */
  behind: boolean;
  onRange: (first: number, last: number) => void;
}

/**
 * The rows of a list too long to have: those around what can be seen are asked for as one scrolls
 * and watched once that has stopped. The row under the eye stays there when others come and go
 * above it, except at the very top and in orders that change by themselves (`anchored` false).
 */
export function useWindow(props: {
  query: Query;
  fields: string;
  anchored: boolean;
  scroller: RefObject<HTMLDivElement | null>;
  rowHeight: number;
  /** Where the list was left, in px. */
  startAt: number;
}): Rows {
  const { query, fields, anchored, scroller, rowHeight, startAt } = props;
  const start = useRef(startAt);
  const list = withQuery("/connections", query);
  const [shown, setShown] = useState<Shown>();
  const [watched, setWatched] = useState<string>();
  const [failure, setFailure] = useState<{ list: string; error: unknown }>();
  const begin = Math.floor(start.current / rowHeight);
  const view = useRef<View>({ first: begin, last: begin + 29 });
  const asked = useRef<Asked>(undefined);
  const flying = useRef<AbortController>(undefined);
  const latest = useRef<Shown>(undefined);
  const fresh = useRef(new Map<string, number>());
  const timers = useRef<{ scroll?: Timer; settle?: Timer; again?: Timer }>({});

  const atTop = () => (scroller.current?.scrollTop ?? 0) <= 0;

  const put = useCallback((path: string, answer: ConnectionWindow) => {
    const now = asked.current;
    if (now?.path !== path) return;
    const { items, total, offset } = answer;
    const next = { list: now.list, path, items, total, offset: offset ?? 0 };
    const before = latest.current;
    if (before?.path === path) {
      const at = Date.now();
      for (const [id, since] of fresh.current) if (at - since > freshTime) fresh.current.delete(id);
      for (const id of added(before, next)) fresh.current.set(id, at);
    }
    latest.current = next;
    setFailure(undefined);
    setShown(next);
  }, []);

  /** What to ask for now. */
  const plan = useCallback((): Asked => {
    const have = latest.current;
    const same = have?.list === list;
    // Another list begins at its top.
    const size = view.current.last - view.current.first;
    const seen = same || !have ? view.current : { first: 0, last: size };
    const top = !same || atTop();
    const eye = Math.floor((scroller.current?.scrollTop ?? 0) / rowHeight);
    const anchors =
      have && same && !top && anchored ? anchorsOf(have, { first: eye, last: seen.last }) : [];
    const path = withQuery("/connections", {
      ...query,
      fields,
      ...windowAround(seen),
      near: anchors.map(([id, at]) => `${id}@${at}`).join(","),
    });
    const ids = anchors.map(([id]) => id);
    return { path, list, view: seen, anchors: ids, atTop: top, at: Date.now() };
    // the list says what the query is
  }, [list, fields, anchored, rowHeight]);

  const settle = useCallback(() => {
    clearTimeout(timers.current.settle);
    timers.current.settle = setTimeout(() => {
      const now = asked.current;
      const have = latest.current;
      if (!now || have?.path !== now.path) return;
      if (isLost(now, have, anchored) || now.atTop !== atTop()) {
        asked.current = plan();
        latest.current = { ...have, path: asked.current.path };
      }
      setWatched(asked.current!.path);
    }, settleTime);
    // atTop reads what is there now
  }, [plan, anchored]);

  const ask = useCallback(async () => {
    flying.current?.abort();
    const mine = new AbortController();
    const now = plan();
    flying.current = mine;
    asked.current = now;
    try {
      put(now.path, await get<ConnectionWindow>(now.path, undefined, mine.signal));
    } catch (error) {
      if (flying.current === mine) flying.current = undefined;
      if (mine.signal.aborted) return;
      setFailure({ list: now.list, error });
      if (error instanceof Problem && error.status > 0 && error.status < 500) return;
      clearTimeout(timers.current.again);
      timers.current.again = setTimeout(() => asked.current === now && void ask(), againTime);
    }
    if (flying.current !== mine) return;
    flying.current = undefined;
    settle();
    look();
    // `look` is a function of these too
  }, [plan, put, settle]);

  /** Asks when something can be seen that is not there; again when it has been answered. */
  const look = useCallback(() => {
    if (timers.current.scroll || flying.current) return;
    timers.current.scroll = setTimeout(() => {
      timers.current.scroll = undefined;
      const have = latest.current;
      const now = asked.current;
      if (!have || flying.current || covers(have, view.current)) return;
      const { first, last } = view.current;
      const again = now?.view.first === first && now.view.last === last;
      if (!again || Date.now() - now.at > againTime) void ask();
    }, scrollPause);
  }, [ask]);

  // Another list, or other columns of it.
  useEffect(() => {
    void ask();
    const pending = timers.current;
    return () => {
      flying.current?.abort();
      flying.current = undefined;
      clearTimeout(pending.scroll);
      clearTimeout(pending.settle);
      clearTimeout(pending.again);
      pending.scroll = undefined;
    };
  }, [ask]);

  const live = useLive<ConnectionWindow>(watched);
  useEffect(() => {
    const now = asked.current;
    if (!live.value || !watched || now?.path !== watched) return;
    put(watched, live.value);
    look();
    if (isLost(now, live.value, anchored)) settle();
  }, [live.value, watched, anchored, put, look, settle]);

  // The row under the eye stays there.
  const drawn = useRef<Shown>(undefined);
  useLayoutEffect(() => {
    const before = drawn.current;
    drawn.current = shown;
    const pane = scroller.current;
    if (!shown || !pane || before === shown) return;
    if (!before) pane.scrollTop = start.current;
    else if (before.list !== shown.list) pane.scrollTop = 0;
    else if (anchored && pane.scrollTop > 0) {
      const first = Math.floor(pane.scrollTop / rowHeight);
      const last = first + Math.ceil(pane.clientHeight / rowHeight);
      const moved = movedBy(before, shown, { first, last });
      if (moved !== 0) pane.scrollTop += moved * rowHeight;
    }
  }, [shown, anchored, rowHeight, scroller]);

  const onRange = useCallback(
    (first: number, last: number) => {
      view.current = { first, last };
      look();
      settle();
    },
    [look, settle],
  );

  const row = useCallback((index: number) => rowAt(shown, index), [shown]);
  const isFresh = useCallback(
    (id: string) => Date.now() - (fresh.current.get(id) ?? 0) < freshTime,
    [],
  );
  const mine = failure?.list === list ? failure.error : undefined;
  const behind = shown !== undefined && shown.list !== list;
  return { total: shown?.total, row, isFresh, problem: mine ?? live.problem, behind, onRange };
}

type Timer = ReturnType<typeof setTimeout>;
