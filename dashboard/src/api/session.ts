import { useSyncExternalStore } from "react";

import { forgetPrivate } from "../common/private";

export type Role = "viewer" | "operator" | "admin";

export interface Who {
  username: string;
  role: Role;
  csrf_token: string | null;
  expires_at: string | null;
}

/**
 * `unknown`: not asked yet. `out`: nobody is signed in. `expired`: somebody was, and the page they
 * were at stays as it is until they sign in again.
 */
export type Session =
  { phase: "unknown" | "out"; who?: undefined } | { phase: "in" | "expired"; who: Who };

let current: Session = { phase: "unknown" };
const listeners = new Set<() => void>();
let waiting: Array<() => void> = [];

function set(next: Session): void {
  current = next;
  for (const each of [...listeners]) each();
}

export function session(): Session {
  return current;
}

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function signedIn(who: Who): void {
  if (current.who && current.who.username !== who.username) forgetPrivate();
  set({ phase: "in", who });
  const all = waiting;
  waiting = [];
  for (const each of all) each();
}

export function signedOut(): void {
  forgetPrivate();
  set({ phase: "out" });
}

/** The server no longer knows the session. */
export function expired(): void {
  if (current.phase === "in") set({ phase: "expired", who: current.who });
  else if (current.phase === "unknown") set({ phase: "out" });
}

/** Resolves when somebody has signed in again. */
export function renewed(signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    waiting.push(resolve);
    signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

export function useSession(): Session {
  return useSyncExternalStore(onSession, session);
}

const order: Role[] = ["viewer", "operator", "admin"];

/** Whether who is signed in may do what needs `role`; what they may not is not shown. */
export function useMay(role: Role): boolean {
  const now = useSession();
  return now.who !== undefined && order.indexOf(now.who.role) >= order.indexOf(role);
}
