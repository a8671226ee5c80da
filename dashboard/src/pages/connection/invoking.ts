import { useEffect, useRef, useState } from "react";

import { callFull, segment } from "../../api/client";
import { useLive } from "../../api/live";
import { Problem } from "../../api/problem";
import type { InvokeReply, Operation } from "../../api/types";
import { invokeBody } from "./curl";
import { keepRequest, type PastRequest } from "./history";

/** What came of a call of the client. */
export interface Answer {
  outcome: string;
  data: unknown;
  detail?: string;
  sent_at: string | null;
  ms: number | null;
  operation?: string;
}

/** A call of the client, from the button to the answer, also one that comes late. */
export interface Invoking {
  /** When it began (ms since the epoch), while it runs. */
  since?: number;
  /** The timeout of the call that runs, in seconds. */
  timeout?: number;
  answer?: Answer;
  error?: unknown;
  start: (data: string, timeout: number) => void;
  /** Nobody waits any more. */
  stop: () => void;
}

/** What the operation knows of the answer to one call. */
export function lateAnswer(operation: Operation | undefined): Answer | undefined {
  const found = operation?.outcomes.find((each) => each.outcome === "late");
  return found && { ...found, sent_at: found.at, operation: operation?.id };
}

/** Whether the client has the request cannot be told when the server did not answer. */
function inWords(failure: unknown): unknown {
  if (failure instanceof Problem && failure.status === 0)
    return new Error(
      "The server cannot be reached: it is not known whether the client has got the request",
    );
  return failure;
}

export function useInvoke(id: string, channel: string): Invoking {
  const [running, setRunning] = useState<{ since: number; timeout: number }>();
  const [answer, setAnswer] = useState<Answer>();
  const [error, setError] = useState<unknown>();
  const stopper = useRef<AbortController>(undefined);
  const last = useRef<PastRequest>(undefined);

  const awaited = answer?.outcome === "timeout" ? answer.operation : undefined;
  const { value } = useLive<Operation>(awaited && `/operations/${segment(awaited)}`);
  useEffect(() => {
    const late = lateAnswer(value);
    if (!late || late.operation !== awaited) return;
    setAnswer(late);
    if (last.current) keepRequest(channel, { ...last.current, outcome: late.outcome, ms: late.ms });
  }, [value, awaited, channel]);

  const run = async (data: string, timeout: number, mine: AbortController) => {
    const past: PastRequest = { at: Date.now(), data, timeout, outcome: "unknown", ms: null };
    last.current = past;
    const settle = (next: Answer) => {
      const { outcome, ms, operation } = next;
      last.current = { ...past, outcome, ms, operation };
      keepRequest(channel, last.current);
      setAnswer(next);
    };
    try {
      const path = `/connections/${segment(id)}/invoke`;
      const { value: reply } = await callFull<InvokeReply>("POST", path, {
        json: invokeBody(data, timeout),
        signal: mine.signal,
      });
      settle(reply);
    } catch (failure) {
      if (mine.signal.aborted)
        settle({ outcome: "cancelled", data: null, sent_at: null, ms: Date.now() - past.at });
      else {
        keepRequest(channel, past);
        setError(inWords(failure));
      }
    } finally {
      if (stopper.current === mine) {
        stopper.current = undefined;
        setRunning(undefined);
      }
    }
  };

  return {
    ...running,
    answer,
    error,
    start: (data, timeout) => {
      if (stopper.current) return;
      const mine = new AbortController();
      stopper.current = mine;
      setAnswer(undefined);
      setError(undefined);
      setRunning({ since: Date.now(), timeout });
      void run(data, timeout, mine);
    },
    stop: () => stopper.current?.abort(),
  };
}
