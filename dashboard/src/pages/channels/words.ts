import { bytes, count, plural, rate } from "../../common/format";
import { inWords, type Field } from "../../common/fields";
import { secretsOf } from "./secrets";

/** What the choices mean, in a few words. */
export const choiceWords: Record<string, Record<string, string>> = {
  security: {
    none: "anybody",
    basic: "user name and secret",
    api_key: "a key",
  },
  slow_consumer: {
    close: "close the connection",
    drop_oldest: "drop what has waited longest",
    drop_newest: "drop what comes new",
    conflate: "keep only the newest of each key",
  },
  duplicate_client_id: {
    allow: "both stay connected",
    replace: "the old connection is closed",
    reject: "the new connection is refused",
  },
};

interface RateLimit {
  rate: number;
  burst: number;
}
interface MessageLog {
  messages: number;
  payload_bytes: number;
  redact: string[];
}

/** A channel's value for people. */
export function valueWords(field: Field, value: unknown): string {
  if (field.name === "credentials" || field.name === "keys") {
    const names = secretsOf(field.name, value).map((each) => each.name);
    return names.length > 0 ? names.join("\n") : "nobody";
  }
  if (field.name === "rate_limit") {
    const limit = value as RateLimit | null | undefined;
    return limit ? `${rate(limit.rate)} a second, ${rate(limit.burst)} at once` : "no limit";
  }
  if (field.name === "message_log") {
    const log = value as MessageLog | null | undefined;
    if (!log || log.messages === 0) return "none";
    const hidden = log.redact.length > 0 ? `, without ${log.redact.join(", ")}` : "";
    return `${plural(log.messages, "message")} each way, ${bytes(log.payload_bytes)} of each${hidden}`;
  }
  if (field.kind === "choice") {
    const words = choiceWords[field.name]?.[String(value)];
    return words ? `${String(value)}: ${words}` : String(value ?? "");
  }
  if (field.kind === "texts") {
    const all = (value ?? []) as string[];
    if (all.length > 0) return all.join("\n");
    return field.name === "allowed_origins" ? "any" : "none";
  }
  if (field.kind === "lines") return String(value ?? "").trim() || "none";
  if (field.kind === "count" && typeof value === "number" && !field.name.endsWith("_bytes"))
    return count(value);
  return inWords(field, value);
}
