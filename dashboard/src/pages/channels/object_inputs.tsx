import { Switch, Textarea, TextInput } from "@mantine/core";

import { readCount, Unread, unread } from "../../common/fields";
import type { FieldInputProps } from "../../common/field_input";
import { useParts } from "./use_parts";
import classes from "./channels.module.css";

interface RateParts {
  rate: string;
  burst: string;
}

function ratePartsOf(value: unknown): RateParts {
  if (value instanceof Unread) return JSON.parse(value.text) as RateParts;
  const limit = value as { rate: number; burst: number } | null | undefined;
  return limit ? { rate: String(limit.rate), burst: String(limit.burst) } : { rate: "", burst: "" };
}

/** A burst that is left out is as large as the rate. */
export function rateOf(parts: RateParts): unknown {
  if (!parts.rate.trim() && !parts.burst.trim()) return null;
  const rate = Number(parts.rate);
  const burst = parts.burst.trim() ? Number(parts.burst) : rate;
  if (!parts.rate.trim() || !(rate > 0) || !(burst > 0) || !Number.isFinite(rate + burst))
    return unread(JSON.stringify(parts), "Both are numbers above 0, or both are left empty");
  return { rate, burst };
}

/** So many messages a second, and so many at once. */
export function RateInput(props: FieldInputProps) {
  const { value, onChange, id, invalid, describedBy, label } = props;
  const [parts, setParts] = useParts(value, ratePartsOf, rateOf, onChange);
  return (
    <div role="group" aria-label={label} aria-describedby={describedBy} className={classes.pair}>
      <TextInput
        id={id}
        label="Messages a second"
        placeholder="no limit"
        inputMode="decimal"
        error={invalid}
        value={parts.rate}
        onChange={(event) => setParts({ ...parts, rate: event.currentTarget.value })}
        autoComplete="off"
      />
      <TextInput
        label="At once"
        placeholder={parts.rate || "no limit"}
        inputMode="decimal"
        error={invalid}
        value={parts.burst}
        onChange={(event) => setParts({ ...parts, burst: event.currentTarget.value })}
        autoComplete="off"
      />
    </div>
  );
}

interface LogParts {
  on: boolean;
  messages: string;
  payload: string;
  redact: string;
}

function logPartsOf(value: unknown): LogParts {
  if (value instanceof Unread) return JSON.parse(value.text) as LogParts;
  const log = value as
    { messages: number; payload_bytes: number; redact?: string[] } | null | undefined;
  return {
    on: Boolean(log && log.messages > 0),
    messages: String(log?.messages || 20),
    payload: String(log?.payload_bytes ?? 1024),
    redact: (log?.redact ?? []).join("\n"),
  };
}

export function logOf(parts: LogParts): unknown {
  if (!parts.on) return null;
  const messages = readCount(parts.messages, false);
  const payload = readCount(parts.payload, true);
  const refuse = (fault: string) => unread(JSON.stringify(parts), fault);
  if (!messages || messages > 100_000) return refuse("Messages: a number between 1 and 100,000");
  if (payload === undefined || payload > 1_048_576)
    return refuse("Bytes of each: a number up to 1,048,576");
  const redact = parts.redact
    .split("\n")
    .map((each) => each.trim())
    .filter((each) => each !== "");
  return { messages, payload_bytes: payload, redact };
}

/** How many messages are kept for operators, and how much of each. */
export function LogInput({ value, onChange, id, invalid, describedBy }: FieldInputProps) {
  const [parts, setParts] = useParts(value, logPartsOf, logOf, onChange);
  return (
    <div className={classes.parts}>
      <Switch
        id={id}
        checked={parts.on}
        onChange={(event) => setParts({ ...parts, on: event.currentTarget.checked })}
        label={parts.on ? "Messages are kept" : "None are kept"}
        aria-describedby={describedBy}
      />
      {parts.on && (
        <>
          <div className={classes.pair}>
            <TextInput
              label="Messages each way"
              inputMode="numeric"
              error={invalid}
              value={parts.messages}
              onChange={(event) => setParts({ ...parts, messages: event.currentTarget.value })}
              autoComplete="off"
            />
            <TextInput
              label="Bytes of each"
              inputMode="numeric"
              error={invalid}
              value={parts.payload}
              onChange={(event) => setParts({ ...parts, payload: event.currentTarget.value })}
              autoComplete="off"
            />
          </div>
          <Textarea
            label="Blanked members"
            description="Names of members whose values are not kept, one a line"
            placeholder={"password\ncard_number"}
            autosize
            minRows={2}
            maxRows={8}
            value={parts.redact}
            onChange={(event) => setParts({ ...parts, redact: event.currentTarget.value })}
            spellCheck={false}
          />
        </>
      )}
    </div>
  );
}
