import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { adminToken, binary } from "./settings";

const services = `["zato.ping", "ping", "echo", "pubsub.*", "zato.pubsub.*"]`;
const config = `
[[channel]]
name = "demo"
path = "/demo"
security = "basic"
credentials = [{ username = "user1", secret = "secret1" }]
services_allowed = ${services}
message_log = { messages = 20, payload_bytes = 1024 }
permissions = "pub=/demo/**\\nsub=/demo/**"

[[channel]]
name = "open"
path = "/open"
services_allowed = ${services}
permissions = "pub=/demo/**\\nsub=/demo/**"

[[topic]]
name = "/demo/news"
`;

/** An answer of the admin endpoint that is no success. */
export class Refused extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, text: string, body: unknown) {
    super(`${status} ${text}`);
    this.status = status;
    this.body = body;
  }
}

/** One server process with a folder of its own; it can die and come back at the same addresses. */
export class Server {
  private readonly folder = mkdtempSync(join(tmpdir(), "muster-e2e-"));
  private process: ChildProcess | undefined;
  private said: string[] = [];
  /** `http://127.0.0.1:PORT` and `ws://127.0.0.1:PORT`. */
  admin = "";
  listen = "";

  static async start(): Promise<Server> {
    const server = new Server();
    writeFileSync(join(server.folder, "muster.toml"), config);
    await server.start();
    return server;
  }

  /** Starts it, at the addresses that it had before if there are any. */
  async start(): Promise<void> {
    const at = (url: string) => (url ? new URL(url).host : "127.0.0.1:0");
    this.said = [];
    const child = spawn(
      binary,
      [
        ...["serve", "--config", join(this.folder, "muster.toml")],
        ...["--data", join(this.folder, "data")],
        ...["--admin", at(this.admin), "--listen", at(this.listen)],
      ],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, MUSTER_ADMIN_TOKEN: adminToken },
      },
    );
    this.process = child;
    await new Promise<void>((resolve, reject) => {
      createInterface(child.stderr).on("line", (line) => this.said.push(line));
      createInterface(child.stdout).on("line", (line) => {
        this.said.push(line);
        this.listen = /Listening\s+(ws:\/\/\S+)/.exec(line)?.[1] ?? this.listen;
        const admin = /Admin\s+(http:\/\/\S+)/.exec(line)?.[1];
        if (!admin) return;
        this.admin = admin;
        resolve();
      });
      child.once("error", reject);
      child.once("exit", (code) => {
        reject(new Error(`the server ended with ${code}:\n${this.said.slice(-30).join("\n")}`));
      });
    });
  }

  /** It dies without a word. */
  async kill(): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A call as the administrator, past the pages. */
  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const response = await fetch(`${this.admin}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${adminToken}`,
        "Content-Type": "application/json",
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const said: unknown =
      text && response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
    if (!response.ok) throw new Refused(response.status, `${method} ${path}: ${text}`, said);
    return said as T;
  }
}
