import { useSyncExternalStore } from "react";

import { privatePrefix } from "../../common/private";

/** A request that was made of a client of a channel. */
export interface PastRequest {
  /** When, in ms since the epoch; what tells them apart. */
  at: number;
  data: string;
  timeout: number;
  outcome: string;
  ms: number | null;
  /** Where a late answer is looked up. */
  operation?: string;
}

const mostRequests = 20;
/** In letters: one that is larger is not kept. */
export const longestRequest = 32_000;
/** Of all requests of a channel; the oldest go. */
const mostLetters = 160_000;
/** Of channels that have a history; those that were not used for the longest time go. */
const mostChannels = 16;

const prefix = `${privatePrefix}requests.`;
const listeners = new Set<() => void>();

function isRequest(value: unknown): value is PastRequest {
  const each = value as Partial<PastRequest> | null;
  return (
    typeof each?.at === "number" &&
    typeof each.data === "string" &&
    typeof each.timeout === "number" &&
    typeof each.outcome === "string"
  );
}

function parse(text: string | null): PastRequest[] {
  if (!text) return [];
  try {
    const read = JSON.parse(text) as unknown;
    return Array.isArray(read) ? read.filter(isRequest) : [];
  } catch {
    return [];
  }
}

/** The newest first, at most 20, and not too much of it. */
export function bounded(requests: PastRequest[]): PastRequest[] {
  const out: PastRequest[] = [];
  let letters = 0;
  for (const each of requests) {
    letters += each.data.length;
    if (out.length >= mostRequests || letters > mostLetters) break;
    out.push(each);
  }
  return out;
}

/** The same request again takes the place of the earlier one. */
export function withRequest(before: PastRequest[], made: PastRequest): PastRequest[] {
  if (made.data.length > longestRequest) return before;
  const others = before.filter(
    (each) => each.data !== made.data || each.timeout !== made.timeout || each.at === made.at,
  );
  return bounded([made, ...others.filter((each) => each.at !== made.at)]);
}

function dropOldChannels(): void {
  const newest = Object.keys(localStorage)
    .filter((key) => key.startsWith(prefix))
    .map((key) => ({ key, at: parse(localStorage.getItem(key))[0]?.at ?? 0 }))
    .sort((a, b) => b.at - a.at);
  for (const { key } of newest.slice(mostChannels)) localStorage.removeItem(key);
}

/** Keeps a request, or what became of one that is kept. */
export function keepRequest(channel: string, made: PastRequest): void {
  try {
    const key = prefix + channel;
    const next = withRequest(parse(localStorage.getItem(key)), made);
    localStorage.setItem(key, JSON.stringify(next));
    dropOldChannels();
  } catch {
    // There is no room, or no storage: the history is a convenience.
  }
  for (const each of [...listeners]) each();
}

export function forgetRequests(channel: string): void {
  try {
    localStorage.removeItem(prefix + channel);
  } catch {
    // There is nothing then.
  }
  for (const each of [...listeners]) each();
}

function stored(channel: string): string | null {
  try {
    return localStorage.getItem(prefix + channel);
  } catch {
    return null;
  }
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  // Other windows of the same browser.
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** The requests that were made of clients of the channel, the newest first. */
export function useRequests(channel: string): PastRequest[] {
  return parse(useSyncExternalStore(listen, () => stored(channel)));
}
