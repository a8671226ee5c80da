import { problemOf, unreachable } from "./problem";
import { expired, renewed, session, signedIn, signedOut, type Who } from "./session";

export const base = "/api/v1";

export interface CallOptions {
  body?: unknown;
  /** Instead of `body`: JSON that goes out as it is, with all the digits that somebody typed. */
  json?: string;
  /** Parameters of the query string; those that are undefined or empty are left out. */
  query?: Query;
  signal?: AbortSignal;
  ifMatch?: string;
}

export type Query = Record<string, string | number | boolean | undefined>;

export interface Answer<T> {
  value: T;
  status: number;
  headers: Headers;
}

/** `path` with a query string; what is undefined or empty is left out. */
export function withQuery(path: string, query: Query = {}): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== "") pairs.set(name, String(value));
  const text = pairs.toString();
  return text ? `${path}?${text}` : path;
}

/** One segment of a path: names of topics have slashes. */
export const segment = encodeURIComponent;

/** How far the server's clock is ahead of this one's, in ms; only what is beyond doubt. */
let skew = 0;
export function serverNow(): number {
  return Date.now() + skew;
}

function noteClock(headers: Headers): void {
  const at = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(at)) return;
  const ahead = at + 500 - Date.now();
  skew = Math.abs(ahead) > 2000 ? ahead : 0;
}

async function send(method: string, path: string, options: CallOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const body =
    options.json ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (options.ifMatch) headers["If-Match"] = options.ifMatch;
  const token = session().who?.csrf_token;
  if (method !== "GET" && token) headers["X-CSRF-Token"] = token;
  try {
    return await fetch(base + withQuery(path, options.query), {
      method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      body,
      signal: options.signal,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw unreachable();
  }
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Calls the admin endpoint. When the session has expired the call waits until somebody has signed in
 * again and is then made anew: nothing that was typed is lost.
 */
export async function callFull<T>(
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Answer<T>> {
  for (;;) {
    const response = await send(method, path, options);
    noteClock(response.headers);
    if (response.status === 401 && session().phase !== "out") {
      const wasIn = session().who !== undefined;
      expired();
      if (wasIn) {
        await renewed(options.signal);
        continue;
      }
    }
    const value = await read(response);
    if (!response.ok) throw problemOf(response.status, value);
    return { value: value as T, status: response.status, headers: response.headers };
  }
}

export async function call<T>(method: string, path: string, options?: CallOptions): Promise<T> {
  return (await callFull<T>(method, path, options)).value;
}

export function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return call<T>("GET", path, { query, signal });
}

/** Who is signed in is found out at the start: the cookie may be good still. */
export async function resumeSession(): Promise<void> {
  const response = await send("GET", "/session", {});
  noteClock(response.headers);
  const said = await read(response);
  if (response.ok) signedIn(said as Who);
  else if (response.status === 401) signedOut();
  else throw problemOf(response.status, said);
}

export async function signIn(username: string, password: string): Promise<void> {
  const response = await send("POST", "/session", { body: { username, password } });
  const said = await read(response);
  if (!response.ok) throw problemOf(response.status, said);
  signedIn(said as Who);
}

export async function signOut(): Promise<void> {
  try {
    await send("DELETE", "/session", {});
  } finally {
    signedOut();
  }
}
