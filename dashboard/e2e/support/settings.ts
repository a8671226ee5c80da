import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The server that is tested. */
export const binary = process.env.MUSTER_BINARY ?? `${root}build/dev/bin/muster`;

/**
 * A folder with built pages to show instead of those inside the server, so that a change of the pages
 * can be tried without building the server.
 */
export const pagesFolder = process.env.MUSTER_PAGES;

/** Where to keep what each window showed at the end of its test. */
export const shotsFolder = process.env.MUSTER_SHOTS;

export const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** What Chromium needs to be quiet, and to run as root in a container. */
export const chromiumArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const adminToken = "test-token-of-the-administrator";
export const password = "correct horse battery staple";
