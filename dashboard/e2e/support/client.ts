import WebSocket from "ws";

import type { Server } from "./server";

interface Message {
  meta: { id: string; msg_type?: string; in_reply_to?: string; status?: number };
  data?: unknown;
}

export interface ClientOptions {
  channel?: "open" | "demo" | (string & {});
  id?: string;
  name?: string;
  attrs?: string;
  /** Credentials and what else create-session takes. */
  meta?: Record<string, unknown>;
  headers?: Record<string, string>;
  /** What it answers when the server calls; a promise that never resolves: nothing. */
  answer?: (data: unknown) => unknown;
}

/** A real client of the server with a session. */
export class Client {
  private readonly socket: WebSocket;
  private readonly waiting = new Map<string, (message: Message) => void>();
  private token = "";
  private ids = 0;
  /** What was delivered to its subscriptions. */
  readonly deliveries: Array<Record<string, unknown>> = [];
  /** What the server has called it with. */
  readonly asked: unknown[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(socket: WebSocket, answer: (data: unknown) => unknown) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    socket.on("error", () => {});
    socket.on("message", (data) => {
      const said = JSON.parse((data as Buffer).toString()) as Message | Message[];
      for (const each of [said].flat()) void this.take(each, answer);
    });
  }

  static async open(server: Server, options: ClientOptions = {}): Promise<Client> {
    const { channel = "open", id = "ext.1", name = "Test Client", attrs } = options;
    const socket = new WebSocket(`${server.listen}/${channel}`, { headers: options.headers });
    const client = new Client(socket, options.answer ?? ((asked) => ({ you_said: asked })));
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    const known = channel === "demo" ? { username: "user1", secret: "secret1" } : {};
    const opened = await client.ask("create-session", undefined, {
      client_id: id,
      client_name: name,
      attrs,
      ...known,
      ...options.meta,
    });
    client.token = (opened as { token: string }).token;
    return client;
  }

  call(service: string, request: unknown): Promise<Record<string, unknown>> {
    return this.ask("invoke-service", { service, request }) as Promise<Record<string, unknown>>;
  }

  close(): void {
    this.socket.close();
  }

  private async take({ meta, data }: Message, answer: (data: unknown) => unknown): Promise<void> {
    const waiting = this.waiting.get(meta.in_reply_to ?? "");
    if (waiting) waiting({ meta, data });
    else if (meta.msg_type === "zwsx.psrq")
      this.deliveries.push(...([data].flat() as Array<Record<string, unknown>>));
    else if (meta.msg_type === "zwsx.rqc") {
      this.asked.push(data);
      const response = await answer(data);
      this.send("client-response", { response }, { in_reply_to: meta.id });
    }
  }

  private async ask(action: string, data: unknown, meta: object = {}): Promise<unknown> {
    const answer = await new Promise<Message>((resolve, reject) => {
      this.waiting.set(this.send(action, data, meta), resolve);
      this.socket.once("close", (code) => reject(new Error(`closed with ${code}`)));
    });
    this.waiting.delete(answer.meta.in_reply_to ?? "");
    if ((answer.meta.status ?? 200) >= 400) throw new Error(JSON.stringify(answer));
    return answer.data;
  }

  private send(action: string, data: unknown, more: object): string {
    const id = `e2e.${(this.ids += 1)}`;
    const timestamp = new Date().toISOString();
    const meta = { id, action, timestamp, token: this.token || undefined, ...more };
    this.socket.send(JSON.stringify({ meta, data }));
    return id;
  }
}
