import type { Channel } from "../../api/types";

/** What of a channel says which services it uses. */
export type UserChannel = Pick<
  Channel,
  "name" | "is_active" | "service" | "services_allowed" | "connections"
>;

/** How a channel uses a service. */
export interface Use {
  channel: UserChannel;
  /** `all`: every request of its clients goes there. Else what clients may call it by. */
  by: "all" | { pattern: string };
}

const isUrl = (name: string) => /^https?:\/\//i.test(name);

/** Whether `*`, which is any run of characters, makes the pattern the whole name. */
export function matchesPattern(pattern: string, name: string): boolean {
  const pieces = pattern.split("*");
  const first = pieces[0] ?? "";
  if (pieces.length === 1) return first === name;
  const last = pieces[pieces.length - 1] ?? "";
  if (!name.startsWith(first) || name.length < first.length + last.length) return false;
  if (!name.endsWith(last)) return false;
  // The leftmost place of each piece leaves the most for those behind it.
  let at = first.length;
  const end = name.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}

/** The channels that use the service: those that send it everything first. */
export function usesOf(service: string, channels: UserChannel[]): Use[] {
  const all: Use[] = [];
  const some: Use[] = [];
  for (const channel of channels) {
    if (channel.service === service) {
      all.push({ channel, by: "all" });
      continue;
    }
    // The gateway passes on what its clients name; it does not call itself.
    if (channel.service !== "gateway" || service === "gateway") continue;
    const pattern = channel.services_allowed.find((each) =>
      isUrl(service) ? each === service : matchesPattern(each, service),
    );
    if (pattern !== undefined) some.push({ channel, by: { pattern } });
  }
  return [...all, ...some];
}
