import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef } from "react";

import { get } from "../../api/client";
import type { List } from "../../api/types";
import type { ListedMessage } from "./message";

export interface MessageFilter {
  /** Where the messages are, such as `/topics/%2Fdemo`. */
  base: string;
  order: "desc" | "asc";
  text: string;
}

type Page = List<ListedMessage>;
interface Pages {
  pages: Page[];
  pageParams: unknown[];
}

/** More than fits on any screen. */
const pageSize = 100;
/** Of longer data only so much comes in lists. */
const dataBytes = 300;
/** A page that is followed is asked for again at most so often. */
const followPause = 1000;

/** The messages of a topic or a queue, page after page. */
export function useMessages({ base, order, text }: MessageFilter) {
  const client = useQueryClient();
  const key = useMemo(() => ["messages", base, order, text], [base, order, text]);
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      get<Page>(
        `${base}/messages`,
        { limit: pageSize, data_bytes: dataBytes, order, text, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  });

  const rows = useMemo(() => {
    // A message that came meanwhile moves the others to the next page.
    const seen = new Map<string, ListedMessage>();
    for (const page of query.data?.pages ?? [])
      for (const each of page.items) seen.set(each.msg_id, each);
    return [...seen.values()];
  }, [query.data]);

  /** The first page anew, and only that. */
  const renew = useCallback(() => {
    client.setQueryData<Pages>(key, (old) =>
      old ? { pages: old.pages.slice(0, 1), pageParams: old.pageParams.slice(0, 1) } : old,
    );
    return client.invalidateQueries({ queryKey: key });
  }, [client, key]);

  return { query, rows, renew, onlyFirst: (query.data?.pages.length ?? 0) <= 1 };
}

/** Calls `act` when `stamp` has changed while `on`, at most once in a while. */
export function useFollow(stamp: string, on: boolean, act: () => void): void {
  const done = useRef(stamp);
  const last = useRef(0);
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (!on || stamp === done.current) return;
    const wait = Math.max(0, last.current + followPause - Date.now());
    const timer = setTimeout(() => {
      done.current = stamp;
      last.current = Date.now();
      latest.current();
    }, wait);
    return () => clearTimeout(timer);
  }, [stamp, on]);
}
