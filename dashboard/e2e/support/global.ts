import { existsSync } from "node:fs";

import { chromium as engine } from "playwright-core";
import type { TestProject } from "vitest/node";

import { binary, chromium, chromiumArguments } from "./settings";

declare module "vitest" {
  interface ProvidedContext {
    browser: string;
  }
}

/** One browser for all test files; each opens windows of its own in it. */
export default async function setup(project: TestProject) {
  for (const [what, path] of [
    ["The server", binary],
    ["Chromium", chromium],
  ])
    if (!existsSync(path ?? "")) throw new Error(`${what} is not at ${path}`);
  const server = await engine.launchServer({ executablePath: chromium, args: chromiumArguments });
  project.provide("browser", server.wsEndpoint());
  return () => server.close();
}
