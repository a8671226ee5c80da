import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { inject } from "vitest";

import type { Role } from "../../src/api/session";
import { Client, type ClientOptions } from "./client";
import { Front } from "./front";
import { Guard } from "./guard";
import { Server } from "./server";
import { pagesFolder, password } from "./settings";

export interface Opening extends BrowserContextOptions {
  /** Nobody: nobody is signed in. */
  as?: Role | "nobody";
  /** Instead of the world's own pages. */
  base?: string;
}

/** A server with a user of each role, and windows of the browser that look at it. */
export class World {
  private readonly guards: Guard[] = [];
  private readonly clients: Client[] = [];
  private front: Front | undefined;
  readonly server: Server;
  readonly browser: Browser;
  /** Where the pages are. */
  base = "";

  private constructor(server: Server, browser: Browser) {
    this.server = server;
    this.browser = browser;
  }

  static async start(): Promise<World> {
    const [server, browser] = await Promise.all([
      Server.start(),
      chromium.connect(inject("browser")),
    ]);
    const world = new World(server, browser);
    for (const role of ["viewer", "operator", "admin"])
      await server.call("POST", "/users", { username: `the-${role}`, password, role });
    world.base = server.admin;
    if (pagesFolder) {
      world.front = await Front.start(server.admin, pagesFolder);
      world.base = world.front.url;
    }
    return world;
  }

  /** A window of its own, signed in, at `path`. */
  async open(path: string, opening: Opening = {}): Promise<Page> {
    const { as = "admin", base = this.base, ...more } = opening;
    const context = await this.browser.newContext({
      baseURL: base,
      viewport: { width: 1440, height: 900 },
      locale: "en-GB",
      reducedMotion: "reduce",
      ...more,
    });
    if (as !== "nobody") {
      const answer = await context.request.post("/api/v1/session", {
        data: { username: `the-${as}`, password },
      });
      if (!answer.ok()) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`);
    }
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    this.guards.push(new Guard(page, base));
    await page.goto(path);
    return page;
  }

  /** Another place that the pages can be had from, which answers some calls itself. */
  madeUp(): Promise<Front> {
    return Front.start(this.server.admin, pagesFolder);
  }

  async client(options?: ClientOptions): Promise<Client> {
    const client = await Client.open(this.server, options);
    this.clients.push(client);
    return client;
  }

  /** The connection's id by the client's id. */
  async connectionOf(clientId: string): Promise<string> {
    const found = await this.server.call<{ items: Array<{ id: string; client_id: string }> }>(
      "GET",
      "/connections?limit=1000&fields=id,client_id",
    );
    const id = found.items.find((each) => each.client_id === clientId)?.id;
    if (!id) throw new Error(`${clientId} is not connected`);
    return id;
  }

  /** After each test: closes the windows and clients, and fails for what must never happen. */
  async tidy(): Promise<void> {
    for (const client of this.clients.splice(0)) client.close();
    const guards = this.guards.splice(0);
    for (const each of guards) await each.close();
    const faults = guards.flatMap((each) => each.faults);
    if (faults.length > 0) throw new Error(faults.join("\n"));
  }

  async close(): Promise<void> {
    await this.front?.close();
    await this.browser.close();
    await this.server.close();
  }
}
