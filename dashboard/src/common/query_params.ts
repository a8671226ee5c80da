import { useCallback } from "react";
import { navigate, useSearch } from "wouter/use-browser-location";

/** Members of the query string; an empty one is taken out of it. */
export type QueryChanges = Record<string, string | undefined>;

/**
 * The page's query string, where its filters, its order and its tab stand. A change replaces the
 * entry of the browser's history: Back leaves the page.
 */
export function useQueryParams(): [URLSearchParams, (changes: QueryChanges) => void] {
  const search = useSearch();
  const change = useCallback((changes: QueryChanges) => {
    // What is there now, not at the last render: two changes may come in a row.
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes))
      if (value) next.set(name, value);
      else next.delete(name);
    const text = next.toString();
    navigate(location.pathname + (text ? `?${text}` : ""), { replace: true });
  }, []);
  return [new URLSearchParams(search), change];
}
