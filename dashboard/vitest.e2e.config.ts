import { defineConfig } from "vitest/config";

/** The whole: Chromium, the real server, real clients. */
export default defineConfig({
  test: {
    include: ["e2e/**/*.test.ts"],
    globalSetup: ["e2e/support/global.ts"],
    environment: "node",
    // The machine has to do for a server and a browser beside the tests.
    maxWorkers: 2,
    // A browser on a busy machine can be late: what fails is tried once more.
    retry: 1,
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
