import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

/** The answer to a GET call instead of the server's; undefined: the server's. */
export type Instead = (url: URL) => unknown;

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Stands before the server: shows pages from a folder, and answers calls with what a test has made
 * up. What it does not know it hands on.
 */
export class Front {
  private readonly calls = new Map<string, Instead>();
  private readonly server = createServer((asked, answer) => this.take(asked, answer));
  private readonly origin: string;
  private readonly folder: string | undefined;
  /** How often the streams look whether what they show has changed, in ms. */
  pace = 200;
  url = "";

  private constructor(origin: string, folder?: string) {
    this.origin = origin;
    this.folder = folder;
  }

  static async start(origin: string, folder?: string): Promise<Front> {
    const front = new Front(origin, folder);
    await new Promise<void>((done) => front.server.listen(0, "127.0.0.1", done));
    front.url = `http://127.0.0.1:${(front.server.address() as AddressInfo).port}`;
    return front;
  }

  /** Answers the call `path` (such as `/connections`), also when it is watched. */
  instead(path: string, answer: Instead): void {
    this.calls.set(path, answer);
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  private take(asked: IncomingMessage, answer: ServerResponse): void {
    const url = new URL(asked.url ?? "/", this.url);
    const call = /^\/api\/v1(\/.*)$/.exec(url.pathname)?.[1];
    if (asked.method === "GET" && call === "/live" && this.calls.size > 0)
      return this.stream(url, asked, answer);
    const made = asked.method === "GET" && call ? this.madeUp(call, url) : undefined;
    if (made !== undefined) {
      answer.setHeader("Content-Type", "application/json");
      answer.end(JSON.stringify(made));
    } else if (this.folder && !/^\/(api\/|docs|version|metrics|healthz|readyz)/.test(url.pathname))
      this.file(this.folder, url.pathname, answer);
    else this.handOn(asked, answer);
  }

  private madeUp(call: string, url: URL): unknown {
    return this.calls.get(decodeURIComponent(call))?.(url);
  }

  private file(folder: string, path: string, answer: ServerResponse): void {
    const wanted = join(folder, normalize(path));
    const is = existsSync(wanted) && statSync(wanted).isFile();
    const found = is ? wanted : join(folder, "index.html");
    answer.setHeader("Content-Type", types[extname(found)] ?? "application/octet-stream");
    answer.setHeader("Content-Security-Policy", policy);
    answer.end(readFileSync(found));
  }

  private handOn(asked: IncomingMessage, answer: ServerResponse): void {
    const to = new URL(asked.url ?? "/", this.origin);
    const headers = { ...asked.headers, host: to.host };
    if (headers.origin) headers.origin = this.origin;
    const onward = request(to, { method: asked.method, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
      got.on("error", () => answer.destroy());
    });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    asked.pipe(onward);
  }

  /** `/live` of what is made up and what the server says, whole values whenever they change. */
  private stream(url: URL, asked: IncomingMessage, answer: ServerResponse): void {
    answer.writeHead(200, { "Content-Type": "text/event-stream" });
    const watches = url.searchParams.getAll("watch").map((path) => new URL(`${this.url}${path}`));
    const sent: string[] = [];
    const look = async () => {
      for (const [watch, each] of watches.entries()) {
        const made = this.madeUp(each.pathname, each) ?? (await this.fetched(each, asked));
        const text = JSON.stringify(made);
        if (made === undefined || sent[watch] === text || answer.destroyed) continue;
        sent[watch] = text;
        answer.write(`event: state\ndata: {"watch":${watch},"value":${text}}\n\n`);
      }
      answer.write(": alive\n");
    };
    let busy = false;
    const turn = () => {
      if (busy) return;
      busy = true;
      void look()
        .catch(() => {})
        .finally(() => (busy = false));
    };
    const timer = setInterval(turn, this.pace);
    answer.on("close", () => clearInterval(timer));
    turn();
  }

  private async fetched(call: URL, asked: IncomingMessage): Promise<unknown> {
    const got = await fetch(`${this.origin}/api/v1${call.pathname}${call.search}`, {
      headers: { cookie: asked.headers.cookie ?? "" },
    });
    return got.ok ? got.json() : undefined;
  }
}
