import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `npm run dev` shows the pages with the data of a server that runs at MUSTER_ADMIN.
const server = process.env.MUSTER_ADMIN ?? "http://127.0.0.1:8081";
const calls = Object.fromEntries(
  ["/api/v1", "/docs", "/version"].map((path) => [path, { target: server, changeOrigin: true }]),
);

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    // These know light-dark(), which base.css is made of; for older ones it would be rewritten, and
    // wrongly, since the scheme is chosen in another file.
    cssTarget: ["chrome123", "edge123", "firefox120", "safari17.5"],
    // Everything is a file of its own: the policy allows no inline scripts and no `data:` ones.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    sourcemap: false,
  },
  server: { host: "127.0.0.1", proxy: calls },
  preview: { host: "127.0.0.1", proxy: calls },
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.{ts,tsx}"],
  },
});
