import { useCallback, useMemo, useState } from "react";
import { useSearchParams } from "wouter";

import { parseSorting, sortingText, type Sorting } from "../../common/table";
import type { Filter } from "./selector_text";

export const usualSorting = "-connected_at";
const columnsKey = "muster.connections.columns";

/** What the page shows; all of it stands in its address. */
export interface Filters extends Filter {
  sorting: Sorting;
  /** Undefined: nobody has chosen. */
  columns?: string[];
}

function storedColumns(): string | null {
  try {
    return localStorage.getItem(columnsKey);
  } catch {
    return null;
  }
}

function storeColumns(text: string | undefined): void {
  try {
    if (text) localStorage.setItem(columnsKey, text);
    else localStorage.removeItem(columnsKey);
  } catch {
    // Kept in the address alone.
  }
}

export type Changes = Partial<Record<"channel" | "client_id" | "selector", string>> & {
  sorting?: Sorting;
  /** Null: the usual ones again. */
  columns?: string[] | null;
};

export function useFilters(): { filters: Filters; change: (changes: Changes) => void } {
  const [params, setParams] = useSearchParams();
  const [kept, setKept] = useState(storedColumns);
  const text = params.toString();
  const filters = useMemo(() => {
    const now = new URLSearchParams(text);
    const columns = (now.get("columns") ?? kept)?.split(",").filter(Boolean);
    return {
      channel: now.get("channel") ?? "",
      client_id: now.get("client_id") ?? "",
      selector: now.get("selector") ?? "",
      sorting: parseSorting(now.get("sort") || usualSorting),
      columns: columns?.length ? columns : undefined,
    };
  }, [text, kept]);

  const change = useCallback(
    (changes: Changes) => {
      const put = (into: URLSearchParams, name: string, value: string | undefined) => {
        if (value) into.set(name, value);
        else into.delete(name);
      };
      if (changes.columns !== undefined) {
        const columns = changes.columns?.join(",");
        storeColumns(columns);
        setKept(columns ?? null);
      }
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          for (const name of ["channel", "client_id", "selector"] as const)
            if (changes[name] !== undefined) put(after, name, changes[name]);
          if (changes.columns !== undefined) put(after, "columns", changes.columns?.join(","));
          if (changes.sorting) {
            const sort = sortingText(changes.sorting);
            put(after, "sort", sort === usualSorting ? undefined : sort);
          }
          return after;
        },
        // Every letter would be a step back otherwise.
        { replace: !changes.channel },
      );
    },
    [setParams],
  );
  return { filters, change };
}
