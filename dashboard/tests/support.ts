import { vi } from "vitest";

/** What was asked of the endpoint. */
export interface Asked {
  method: string;
  url: string;
  headers: Headers;
  body: unknown;
  signal: AbortSignal | undefined;
}

export type Answering = (asked: Asked) => Response | Promise<Response>;

/** Puts `answer` in the place of the network; gives all that was asked. */
export function fakeFetch(answer: Answering): Asked[] {
  const all: Asked[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    const asked: Asked = {
      method: init.method ?? "GET",
      url,
      headers: new Headers(init.headers),
      body: typeof init.body === "string" ? JSON.parse(init.body) : undefined,
      signal: init.signal ?? undefined,
    };
    all.push(asked);
    return answer(asked);
  });
  return all;
}

export function json(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Response {
  return new Response(body === undefined ? null : JSON.stringify(body), { status, headers });
}

/** A stream of events that the test writes to. */
export function eventStream(asked: Asked) {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) });
  asked.signal?.addEventListener("abort", () => {
    try {
      controller.error(new DOMException("aborted", "AbortError"));
    } catch {
      // It has ended already.
    }
  });
  return {
    response: new Response(body, { headers: { "Content-Type": "text/event-stream" } }),
    say: (event: string, data: unknown) =>
      controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)),
    breathe: () => controller.enqueue(encoder.encode(": alive\n")),
    end: () => controller.close(),
    break: () => controller.error(new Error("the network is gone")),
  };
}

export const someone = {
  username: "ada",
  role: "admin" as const,
  csrf_token: "csrf-1",
  expires_at: null,
};
