import type { components } from "./schema";

/** What the admin endpoint answers; `schema.ts` is made from its OpenAPI document. */
type Schemas = components["schemas"];

export interface List<Item> {
  items: Item[];
  total: number;
  next_cursor: string | null;
  revision?: number | null;
  complete: boolean;
  missing: string[];
}

/** A connection; `labels` are the client's own `attrs`. */
export type Connection = Omit<Schemas["connection"], "id" | "channel" | "labels"> & {
  id: string;
  channel: string;
  labels: Record<string, string>;
};
/** A window of the list of connections. */
export type ConnectionWindow = List<Connection> & { offset: number };

export type Channel = Schemas["channel"];
export type Topic = Schemas["topic"];
export type TopicMessage = Schemas["topic_message"];
export type Subscription = Schemas["subscription"];
export type Publisher = Schemas["publisher"];
export type Service = Schemas["service"];
export type User = Schemas["user"];
export type Token = Schemas["token"];
export type TokenCreated = Schemas["token_created"];
export type CloseReceipt = Schemas["close_receipt"];
export type InvokeReply = Schemas["invoke_reply"];
export type Operation = Schemas["operation"];
export type Outcome = Schemas["outcome"];
export type LoggedMessage = Schemas["message"];

export type Overview = Omit<Schemas["overview"], "counters"> & { counters: Record<string, number> };
/** What happens, by the second. */
export type Rates = Omit<Schemas["rates"], "window">;
/** How it was at one time of the last quarter of an hour. */
export type HistoryPoint = Schemas["history_point"];
/** `interval`: seconds between two points. */
export type History = Schemas["history"];
export type Incident = Omit<Schemas["incident"], "level"> & {
  level: "warning" | "error" | "critical";
};
