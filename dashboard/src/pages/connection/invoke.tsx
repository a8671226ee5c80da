import { Button, Kbd, NumberInput } from "@mantine/core";
import { useState } from "react";

import { base, segment } from "../../api/client";
import type { Connection } from "../../api/types";
import { CopyButton } from "../../common/copy";
import { JsonEditor, jsonFault } from "../../common/json_editor";
import { Panel } from "../../common/page";
import { ErrorLine } from "../../common/states";
import { AnswerView, Running } from "./answer";
import { asCurl, invokeBody } from "./curl";
import { draftOf, keepDraft, type Draft } from "./draft";
import classes from "./invoke.module.css";
import { useInvoke } from "./invoking";
import { PastRequests } from "./past_requests";

const longestTimeout = 3600;

function timeoutFault(timeout: number | string): string | undefined {
  if (typeof timeout === "number" && timeout >= 0.001 && timeout <= longestTimeout)
    return undefined;
  return "From 0.001 to 3600 seconds";
}

/** Calls the client and shows what it answers. */
export function Invoke(props: { row: Connection; gone: boolean }) {
  const { row, gone } = props;
  const [draft, setDraft] = useState<Draft>(() => draftOf(row.channel));
  const [fault, setFault] = useState<string>();
  const invoking = useInvoke(row.id, row.channel);
  const { data, timeout } = draft;

  const change = (next: Partial<Draft>) => {
    setFault(undefined);
    setDraft((before) => {
      const after = { ...before, ...next };
      keepDraft(row.channel, after);
      return after;
    });
  };
  const start = () => {
    const wrong = jsonFault(data);
    setFault(wrong && "This is not JSON, so it cannot be sent");
    if (!wrong && !timeoutFault(timeout) && !gone) invoking.start(data, Number(timeout));
  };

  const url = `${location.origin}${base}/connections/${segment(row.id)}/invoke`;
  return (
    <Panel
      title="Invoke"
      actions={
        <CopyButton
          text={asCurl("POST", url, invokeBody(data, Number(timeout) || 5))}
          label="Copy as curl"
          size="compact-xs"
        />
      }
    >
      <div className={classes.form}>
        <JsonEditor
          label="Data of the request, JSON"
          value={data}
          onChange={(next) => change({ data: next })}
          onSubmit={start}
          minLines={5}
          maxLines={18}
        />
        <ErrorLine error={fault} />
        <div className={classes.bar}>
          <NumberInput
            label="Timeout, seconds"
            value={timeout}
            onChange={(next) => change({ timeout: next })}
            error={timeoutFault(timeout)}
            min={0.001}
            max={longestTimeout}
            clampBehavior="none"
            step={1}
            w="9rem"
          />
          {invoking.since !== undefined && (
            <Button variant="default" onClick={invoking.stop}>
              Stop waiting
            </Button>
          )}
          {invoking.since !== undefined && invoking.timeout !== undefined && (
            <Running since={invoking.since} timeout={invoking.timeout} />
          )}
          <Button
            onClick={start}
            disabled={gone}
            loading={invoking.since !== undefined}
            rightSection={
              <span aria-hidden>
                <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">{"\u21b5"}</Kbd>
              </span>
            }
          >
            Invoke
          </Button>
        </div>
        {gone && (
          <div className="dim">
            The connection has ended: what stands here stays for the client&apos;s next one.
          </div>
        )}
        <ErrorLine error={invoking.error} />
        {invoking.answer && <AnswerView answer={invoking.answer} />}
        <PastRequests
          channel={row.channel}
          onUse={(past) => change({ data: past.data, timeout: past.timeout })}
        />
      </div>
    </Panel>
  );
}
