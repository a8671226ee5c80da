import { gzipSync } from "node:zlib";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { signIn } from "./support/sign_in";
import { pagesFolder } from "./support/settings";
import { World } from "./support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.tidy());
afterAll(() => world.close());

/** The addresses of what a page is made of: scripts and styles, those loaded later as well. */
async function assets(): Promise<string[]> {
  const found = new Set<string>();
  const page = await (await fetch(`${world.base}/`)).text();
  const queue = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(
    (match) => match[1] ?? "",
  );
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    const text = next.endsWith(".js") ? await (await fetch(world.base + next)).text() : "";
    for (const [, name] of text.matchAll(/["'`](?:\.\/|assets\/)([\w.-]+\.(?:js|css))["'`]/g))
      queue.push(`/assets/${name}`);
  }
  return [...found];
}

test("the policy allows no script but the server's own", async () => {
  const answer = await fetch(`${world.base}/connections?x=1`);
  const policy = answer.headers.get("content-security-policy") ?? "";
  const rules = new Map(
    policy.split(";").map((rule) => rule.trim().split(/ (.*)/s) as [string, string]),
  );
  expect(rules.get("default-src")).toBe("'none'");
  expect(rules.get("script-src")).toBe("'self'");
  expect(rules.get("connect-src")).toBe("'self'");
  expect(rules.get("frame-ancestors")).toBe("'none'");
  expect(rules.get("base-uri")).toBe("'none'");
  expect(rules.get("form-action")).toBe("'none'");
  const text = await answer.text();
  expect(text).not.toMatch(/<script(?![^>]* src="\/)/);
  expect(text).not.toMatch(/\son\w+=/i);
});

test("the policy holds: a script that gets into a page is not run", async () => {
  const page = await world.browser.newPage({ baseURL: world.base });
  await page.goto("/");
  await page.getByLabel("User name").waitFor();
  const blocked = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        document.addEventListener("securitypolicyviolation", (event) =>
          resolve(event.effectiveDirective),
        );
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        document.body.append(script);
      }),
  );
  expect(blocked).toContain("script-src");
  expect(await page.evaluate(() => "ran" in window)).toBe(false);
  await page.close();
});

test("all JavaScript together is at most 350 kB", async () => {
  let size = 0;
  const scripts = (await assets()).filter((name) => name.endsWith(".js"));
  for (const name of scripts)
    size += gzipSync(new Uint8Array(await (await fetch(world.base + name)).arrayBuffer()), {
      level: 9,
    }).length;
  expect(scripts.length).toBeGreaterThan(3);
  expect(size).toBeLessThanOrEqual(350_000);
});

test.skipIf(pagesFolder)(
  "what has a hash in its name is kept for good, the page itself is asked for",
  async () => {
    const page = await fetch(`${world.base}/`);
    expect(page.headers.get("cache-control")).toBe("no-cache");
    const tag = page.headers.get("etag") ?? "";
    const again = await fetch(`${world.base}/`, { headers: { "If-None-Match": tag } });
    expect(again.status).toBe(304);
    for (const name of await assets()) {
      const got = await fetch(world.base + name, { headers: { "Accept-Encoding": "gzip" } });
      expect(got.status, name).toBe(200);
      expect(got.headers.get("cache-control"), name).toBe("public, max-age=31536000, immutable");
      expect(got.headers.get("x-content-type-options"), name).toBe("nosniff");
      if ((await got.arrayBuffer()).byteLength > 2000)
        expect(got.headers.get("content-encoding"), name).toBe("gzip");
    }
    expect((await fetch(`${world.base}/assets/none.js`)).status).toBe(404);
    expect((await fetch(`${world.base}/assets/..%2f..%2fetc%2fpasswd`)).status).toBe(404);
  },
);

test("the first page can be used soon", async () => {
  const page = await world.open("/", { as: "nobody" });
  const begun = Date.now();
  await page.reload();
  await page.getByLabel("User name").waitFor();
  // A second is what it should take; a machine that does something else besides may take longer.
  expect(Date.now() - begun).toBeLessThan(5000);
  await signIn(page, "the-viewer");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
});
