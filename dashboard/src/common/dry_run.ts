import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useState } from "react";

import { call } from "../api/client";
import { Problem } from "../api/problem";

/** What the server says to a change that it has only checked. */
export interface DryRun<T> {
  /** It has been typed since, or is on its way. */
  checking: boolean;
  problem?: Problem;
  /** The thing as it would be. */
  value?: T;
}

const pause = 250;

/** Has the server check a change as it is typed: `dry_run=true` on the call that would make it. */
export function useDryRun<T>(request: {
  method: "POST" | "PATCH";
  path: string;
  body: unknown;
  ifMatch?: string;
  enabled: boolean;
}): DryRun<T> {
  const now = JSON.stringify(request.enabled ? request : null);
  const [settled] = useDebouncedValue(now, pause);
  const [answer, setAnswer] = useState<{ to: string; problem?: Problem; value?: T }>();

  useEffect(() => {
    const asked = JSON.parse(settled) as typeof request | null;
    if (!asked) return;
    const gone = new AbortController();
    const { method, path, body, ifMatch } = asked;
    call<T>(method, path, { body, ifMatch, query: { dry_run: true }, signal: gone.signal })
      .then((value) => setAnswer({ to: settled, value }))
      .catch((error: unknown) => {
        if (gone.signal.aborted) return;
        setAnswer({ to: settled, problem: error instanceof Problem ? error : undefined });
      });
    return () => gone.abort();
  }, [settled]);

  if (!request.enabled) return { checking: false };
  // The last answer stays in view until the next one is there.
  return { checking: answer?.to !== now, problem: answer?.problem, value: answer?.value };
}
