import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { fakeFetch, json, someone } from "./support";

// Who is signed in is kept by the module: each test has its own.
let client: typeof import("../src/api/client");
let sessions: typeof import("../src/api/session");
beforeEach(async () => {
  vi.resetModules();
  client = await import("../src/api/client");
  sessions = await import("../src/api/session");
});
afterEach(() => vi.unstubAllGlobals());

const problem = {
  status: 400,
  code: "bad_request",
  detail: "No such field",
  field: "pace",
  column: 3,
};

describe("a call", () => {
  test("sends the query without what is empty, and no token with GET", async () => {
    sessions.signedIn(someone);
    const asked = fakeFetch(() => json(200, { fine: true }));
    expect(await client.get("/channels", { limit: 5, sort: "", q: undefined, a: "b c" })).toEqual({
      fine: true,
    });
    expect(asked[0]?.url).toBe("/api/v1/channels?limit=5&a=b+c");
    expect(asked[0]?.headers.has("X-CSRF-Token")).toBe(false);
  });

  test("that changes something sends the token, the body and the version", async () => {
    sessions.signedIn(someone);
    const asked = fakeFetch(() => json(204, undefined));
    expect(await client.call("PATCH", "/channels/a", { body: { x: 1 }, ifMatch: '"7"' })).toBe(
      undefined,
    );
    expect(asked[0]).toMatchObject({ method: "PATCH", body: { x: 1 } });
    expect(asked[0]?.headers.get("X-CSRF-Token")).toBe("csrf-1");
    expect(asked[0]?.headers.get("If-Match")).toBe('"7"');
    expect(asked[0]?.headers.get("Content-Type")).toBe("application/json");
  });

  test("that is refused fails with what the server says", async () => {
    fakeFetch(() => json(400, problem));
    await expect(client.get("/x")).rejects.toMatchObject({
      message: "No such field",
      status: 400,
      code: "bad_request",
      field: "pace",
      column: 3,
    });
  });

  test("fails in words when nobody answers, or not in JSON", async () => {
    fakeFetch(() => Promise.reject(new TypeError("Failed to fetch")));
    await expect(client.get("/x")).rejects.toMatchObject({ status: 0, code: "unreachable" });
    fakeFetch(() => new Response("<html>bad gateway</html>", { status: 502 }));
    await expect(client.get("/x")).rejects.toMatchObject({
      status: 502,
      message: "The server answered 502",
    });
  });

  test("that is given up is no failure of the server", async () => {
    const giving = new AbortController();
    fakeFetch(() => {
      giving.abort();
      return Promise.reject(giving.signal.reason as Error);
    });
    await expect(client.get("/x", {}, giving.signal)).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("when the session has expired", () => {
  test("a call waits for the next sign-in and is made anew, once", async () => {
    sessions.signedIn(someone);
    let good = false;
    const asked = fakeFetch(() => (good ? json(200, { done: 1 }) : json(401, {})));
    const called = client.call("POST", "/topics", { body: { name: "/a" } });
    await vi.waitFor(() => expect(sessions.session().phase).toBe("expired"));
    expect(asked).toHaveLength(1);
    good = true;
    sessions.signedIn({ ...someone, csrf_token: "csrf-2" });
    expect(await called).toEqual({ done: 1 });
    expect(asked).toHaveLength(2);
    expect(asked[1]?.headers.get("X-CSRF-Token")).toBe("csrf-2");
    expect(asked[1]?.body).toEqual({ name: "/a" });
  });

  test("all the calls that wait go on together", async () => {
    sessions.signedIn(someone);
    let good = false;
    fakeFetch(({ url }) => (good ? json(200, url) : json(401, {})));
    const called = Promise.all(["/a", "/b", "/c"].map((path) => client.get(path)));
    await vi.waitFor(() => expect(sessions.session().phase).toBe("expired"));
    good = true;
    sessions.signedIn(someone);
    expect(await called).toEqual(["/api/v1/a", "/api/v1/b", "/api/v1/c"]);
  });

  test("a call that is given up no longer waits", async () => {
    sessions.signedIn(someone);
    fakeFetch(() => json(401, {}));
    const giving = new AbortController();
    const called = client.get("/x", {}, giving.signal);
    await vi.waitFor(() => expect(sessions.session().phase).toBe("expired"));
    giving.abort();
    await expect(called).rejects.toMatchObject({ name: "AbortError" });
  });

  test("a wrong password is an error of its own", async () => {
    fakeFetch(() => json(401, { detail: "Wrong user name or password", code: "unauthorized" }));
    await expect(client.signIn("ada", "x")).rejects.toMatchObject({ status: 401 });
    expect(sessions.session().phase).toBe("unknown");
  });
});

describe("at the start", () => {
  test("the cookie may be good still", async () => {
    fakeFetch(() => json(200, someone));
    await client.resumeSession();
    expect(sessions.session()).toEqual({ phase: "in", who: someone });
  });

  test("nobody is signed in", async () => {
    fakeFetch(() => json(401, {}));
    await client.resumeSession();
    expect(sessions.session().phase).toBe("out");
  });

  test("nobody answers", async () => {
    fakeFetch(() => Promise.reject(new TypeError("Failed to fetch")));
    await expect(client.resumeSession()).rejects.toMatchObject({ status: 0 });
    expect(sessions.session().phase).toBe("unknown");
  });
});

test("signing out leaves the page even when the server cannot be told", async () => {
  sessions.signedIn(someone);
  fakeFetch(() => Promise.reject(new TypeError("Failed to fetch")));
  await client.signOut().catch(() => undefined);
  expect(sessions.session().phase).toBe("out");
});

test("the server's clock counts when it is clearly another one", async () => {
  const ahead = Date.now() + 3_600_000;
  fakeFetch(() => json(200, {}, { Date: new Date(ahead).toUTCString() }));
  await client.get("/x");
  expect(Math.abs(client.serverNow() - ahead)).toBeLessThan(5000);
  fakeFetch(() => json(200, {}, { Date: new Date().toUTCString() }));
  await client.get("/x");
  expect(Math.abs(client.serverNow() - Date.now())).toBeLessThan(100);
});
