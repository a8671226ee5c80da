import { useCallback } from "react";
import { useSearchParams } from "wouter";

/**
 * One value of the query string, `fallback` when it is not there. What one types replaces the entry
 * of the browser's history; with `push` the back button comes back to it.
 */
export function useQueryState(
  name: string,
  fallback = "",
): [string, (next: string, push?: boolean) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (next: string, push = false) =>
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          if (next === fallback) after.delete(name);
          else after.set(name, next);
          return after;
        },
        { replace: !push },
      ),
    [setParams, name, fallback],
  );
  return [params.get(name) ?? fallback, set];
}
