import type { Field, Values } from "../../common/fields";
import { same } from "../../common/fields";

export interface Group {
  title: string;
  about?: string;
  names: string[];
  /** Folded as long as everything in it is as it is by default. */
  rare?: boolean;
}

/** The fields of a channel as somebody thinks of them. */
export const groups: Group[] = [
  { title: "The channel", names: ["name", "path", "listener", "is_active"] },
  {
    title: "Who may connect",
    names: ["security", "credentials", "keys", "allowed_origins", "duplicate_client_id"],
  },
  { title: "Requests", names: ["service", "services_allowed", "service_timeout"] },
  { title: "Publish and subscribe", names: ["permissions", "create_topics"] },
  {
    title: "Limits",
    about: "connections, requests at a time, length and rate of messages",
    names: [
      "max_connections",
      "max_connections_per_client",
      "max_in_flight",
      "max_message_bytes",
      "rate_limit",
    ],
    rare: true,
  },
  {
    title: "Slow clients",
    about: "what waits for a client that does not keep up, and what then",
    names: ["send_queue_bytes", "slow_consumer"],
    rare: true,
  },
  {
    title: "Timing",
    about: "sessions and Pings",
    names: ["new_token_wait_time", "token_ttl", "ping_interval", "pings_missed_threshold"],
    rare: true,
  },
  {
    title: "Compression and log",
    about: "smaller messages, and messages kept for operators to read",
    names: ["permessage_deflate", "message_log"],
    rare: true,
  },
];

/** The groups with their fields; fields that nobody has sorted yet stand at the end. */
export function grouped(fields: Field[]): Array<Group & { fields: Field[] }> {
  const known = new Set(groups.flatMap((each) => each.names));
  const more = fields.filter((each) => !known.has(each.name)).map((each) => each.name);
  const all = more.length > 0 ? [...groups, { title: "More", names: more }] : groups;
  return all
    .map((group) => ({
      ...group,
      fields: group.names.flatMap((name) => fields.find((each) => each.name === name) ?? []),
    }))
    .filter((group) => group.fields.length > 0);
}

/** The kind of security that a list of secrets belongs to. */
const owners: Record<string, string> = { credentials: "basic", keys: "api_key" };

/** Whether the field says something with these values: users are of `basic` only. */
export function applies(name: string, values: Values): boolean {
  return owners[name] === undefined || owners[name] === values.security;
}

/** What is sent: without what does not go with the kind of security. */
export function relevant(body: Values, values: Values): Values {
  return Object.fromEntries(Object.entries(body).filter(([name]) => applies(name, values)));
}

/** The names of fields in which two definitions differ. */
export function differing(fields: Field[], one: Values, other: Values): string[] {
  return fields.map((each) => each.name).filter((name) => !same(one[name], other[name]));
}
