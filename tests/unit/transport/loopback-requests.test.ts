import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { AppError, isErrorCode } from "../../../src/shared/errors.ts";
import { acknowledgeType } from "../../../src/shared/client/stream-window.ts";
import type { LoopbackServer } from "../../../src/main/transport/http/loopback-server.ts";
import { startLoopbackServer } from "../../../src/main/transport/http/loopback-server.ts";
import { createTestContext, createTestRouter } from "../../helpers/test-router.ts";

let folder: string;
let server: LoopbackServer;
const aborted = Promise.withResolvers<void>();
const { context, records } = createTestContext();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "croft-loopback-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html>page");
  writeFileSync(join(folder, "assets", "app-1.js"), "1");
  server = await startLoopbackServer({
    router: createTestRouter({
      "system.doctor": () => {
        throw new AppError("DISK_FULL", "No space; what was there is kept.", { hint: "Free some.", data: { free: 1 } });
      },
      "system.storage": () => {
        throw new Error("secret at /home/someone");
      },
      "jobs.watch": async function* ({ signal }) {
        yield { type: "snapshot", seq: 0, jobs: [] };
        await new Promise<void>((done) => signal?.addEventListener("abort", () => done()));
        aborted.resolve();
      },
    }),
    context,
    port: 0,
    version: "9.9.9",
    rendererFolder: folder,
    serveBytes: async (asked) => {
      if (asked.url.includes("broken")) throw new Error("secret of the disk");
      return new Response("<script>bytes</script>", { headers: { "content-type": "text/html" } });
    },
  });
});
afterAll(async () => {
  await server.close(0);
  rmSync(folder, { recursive: true, force: true });
});
const sockets: WebSocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
});

type Asked = { method?: string; path?: string; headers?: Record<string, string>; body?: string };
type Answered = { status: number; headers: Record<string, string | string[] | undefined>; body: string };

/** A request as it stands, with the Host and everything else that `fetch` would not let a test write. */
async function ask({ method = "POST", path = "/api/system/info", headers = {}, body }: Asked = {}): Promise<Answered> {
  const asked = request({ host: "127.0.0.1", port: server.port, method, path, headers, agent: false });
  asked.end(body);
  const [answer] = await once(asked, "response");
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
}
const bearer = () => ({ authorization: `Bearer ${server.token}` });
const json = () => ({ ...bearer(), "content-type": "application/json" });
const codeOf = (answer: Answered): unknown => (JSON.parse(answer.body) as { error?: { code?: unknown } }).error?.code;

describe("who may ask", () => {
  it("a program with the token", async () => {
    const answer = await ask({ headers: json(), body: "{}" });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ version: "a" });
  });

  // Catches: a page of any site, or a name that was rebound to this machine, that reads what somebody keeps here.
  it.each<[string, Record<string, string>, number, string]>([
    ["no token", {}, 401, "UNAUTHORIZED"],
    ["an empty token", { authorization: "Bearer " }, 401, "UNAUTHORIZED"],
    ["the token as a name and password", { authorization: "Basic TOKEN" }, 401, "UNAUTHORIZED"],
    ["the token in small letters", { authorization: "bearer TOKEN" }, 401, "UNAUTHORIZED"],
    ["another host", { authorization: "Bearer TOKEN", host: "evil.example" }, 403, "FORBIDDEN"],
    ["a host that only begins so", { authorization: "Bearer TOKEN", host: "127.0.0.1.evil.example" }, 403, "FORBIDDEN"],
    ["an address that means the same", { authorization: "Bearer TOKEN", host: "[::1]" }, 403, "FORBIDDEN"],
    ["a foreign origin", { authorization: "Bearer TOKEN", origin: "https://evil.example" }, 403, "FORBIDDEN"],
    ["the origin null", { authorization: "Bearer TOKEN", origin: "null" }, 403, "FORBIDDEN"],
    ["an origin of https", { authorization: "Bearer TOKEN", origin: "https://HOST" }, 403, "FORBIDDEN"],
    ["a cross-site request", { authorization: "Bearer TOKEN", "sec-fetch-site": "cross-site" }, 403, "FORBIDDEN"],
    ["an unknown kind of site", { authorization: "Bearer TOKEN", "sec-fetch-site": "anything" }, 403, "FORBIDDEN"],
  ])("nobody with %s", async (_what, headers, status, code) => {
    const own = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value.replace("TOKEN", server.token).replace("HOST", `127.0.0.1:${server.port}`),
      ]),
    );
    const answer = await ask({ headers: { "content-type": "application/json", ...own }, body: "{}" });
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(answer.body).not.toContain(server.token);
  });

  // Catches: headers that let another site read answers, or a preflight that is answered with yes.
  it.each(["OPTIONS", "GET", "POST"])("no page of another origin, by %s: there is no CORS", async (method) => {
    const answer = await ask({
      method,
      headers: {
        origin: "https://evil.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
      },
    });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it("nobody by a method that changes nothing and asks everything: TRACE, PUT, DELETE", async () => {
    for (const method of ["TRACE", "PUT", "DELETE", "PATCH"]) {
      const answer = await ask({ method, path: "/api/system/info", headers: bearer() });
      expect(answer.status, method).toBeGreaterThanOrEqual(400);
      expect(answer.status, method).toBeLessThan(500);
    }
  });

  // Catches: a session that is opened by anything but its link, or with a reason that tells how near a guess was.
  it.each(["", "{}", '{"token":""}', '{"token":7}', '{"token":"guess"}', '{"token":["a"]}', "null", `{"token":"${"x".repeat(300)}"}`])(
    "a session is not opened by %s",
    async (body) => {
      const answer = await ask({ path: "/session", headers: { "content-type": "application/json" }, body });
      expect([400, 401]).toContain(answer.status);
      expect(answer.headers["set-cookie"]).toBeUndefined();
    },
  );

  it("opens a session by its link, and the cookie stands for the token from then on", async () => {
    const token = new URL(server.createLink()).hash.replace("#token=", "");
    const opened = await ask({ path: "/session", headers: { "content-type": "application/json" }, body: JSON.stringify({ token }) });
    expect(opened.status).toBe(204);
    const [cookie = ""] = opened.headers["set-cookie"] ?? [];
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict;/);
    const session = { cookie: cookie.split(";")[0] ?? "", "content-type": "application/json" };
    expect((await ask({ headers: session, body: "{}" })).status).toBe(200);
    // The very same cookie in the hands of another page is nothing.
    expect((await ask({ headers: { ...session, origin: "https://evil.example" }, body: "{}" })).status).toBe(403);
    expect((await ask({ headers: { ...session, cookie: session.cookie.replace(String(server.port), "1") }, body: "{}" })).status).toBe(401);
  });
});

describe("what is asked", () => {
  // Catches: a form, which any page may send without being asked for leave, that is taken for a call.
  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp", "application/xml"])(
    "a body of the type %s is refused",
    async (type) => {
      const answer = await ask({ headers: { ...bearer(), "content-type": type }, body: "{}" });
      expect([answer.status, codeOf(answer)]).toEqual([415, "INVALID_INPUT"]);
    },
  );

  it.each(["application/json; charset=utf-8", "application/json ;x=1"])("a body of the type %s is JSON", async (type) => {
    expect((await ask({ headers: { ...bearer(), "content-type": type }, body: "{}" })).status).toBe(200);
  });

  it.each(["{", "[", '{"a":', "\u0000", "undefined", "{'a':1}", '{"a":1}}', "\ufeff{", "NaN"])(
    "the body %j is refused, typed",
    async (body) => {
      const answer = await ask({ path: "/api/jobs/get", headers: json(), body });
      expect([answer.status, codeOf(answer)]).toEqual([400, "INVALID_INPUT"]);
    },
  );

  // Catches: memory that a single request fills.
  it.each([
    ["says so", { "content-length": String(9 * 2 ** 20) }, 10],
    ["does not say how long it is", { "transfer-encoding": "chunked" }, 8 * 2 ** 20 + 1],
  ])("a body of more than 8 MB that %s is refused before it ends", async (_what, length, sent) => {
    const headers = { ...json(), ...length };
    const asked = request({ host: "127.0.0.1", port: server.port, method: "POST", path: "/api/system/info", headers, agent: false });
    asked.write("x".repeat(sent));
    const [answer] = await once(asked, "response");
    expect(answer.statusCode).toBe(413);
    asked.on("error", () => {});
    asked.destroy();
  });

  // Catches: a call that a program streams, which was answered as a fault of ours.
  it("a body in chunks is read like any other", async () => {
    const chunked = { ...json(), "transfer-encoding": "chunked" };
    expect((await ask({ headers: chunked, body: "{}" })).status).toBe(200);
    expect(codeOf(await ask({ path: "/api/jobs/get", headers: chunked, body: '{"id":' }))).toBe("INVALID_INPUT");
    const token = new URL(server.createLink()).hash.replace("#token=", "");
    const headers = { "content-type": "application/json", "transfer-encoding": "chunked" };
    expect((await ask({ path: "/session", headers, body: JSON.stringify({ token }) })).status).toBe(204);
  });

  // Catches: names of the prototype, encoded steps upwards and routes of other methods that reach something.
  it.each([
    "/api",
    "/api/",
    "/api/system",
    "/api/system/nothing",
    "/api/__proto__/constructor",
    "/api/system/constructor",
    "/api/system/info/more",
    "/api/..%2f..%2fetc%2fpasswd",
    "/api/%00",
    `/api/${"x".repeat(4000)}`,
    "/API/system/info",
  ])("there is nothing at %s", async (path) => {
    const answer = await ask({ path, headers: json(), body: "{}" });
    expect([answer.status, codeOf(answer)]).toEqual([404, "NOT_FOUND"]);
    expect(answer.body.length).toBeLessThan(600);
  });

  // Catches: a fault that tells a page where it happened, or a refusal without what to do next.
  it("errors have code, message, hint and facts, and unknown ones nothing of their own", async () => {
    const typed = await ask({ path: "/api/system/doctor", headers: json(), body: "{}" });
    expect(typed.status).toBe(507);
    expect(JSON.parse(typed.body)).toEqual({
      error: { code: "DISK_FULL", message: "No space; what was there is kept.", hint: "Free some.", data: { free: 1 } },
    });
    const unknown = await ask({ path: "/api/system/storage", headers: json(), body: "{}" });
    expect([unknown.status, codeOf(unknown)]).toEqual([500, "INTERNAL"]);
    expect(unknown.body).not.toMatch(/secret|someone/);
    expect(records.some(({ event }) => event === "route.failed")).toBe(true);
  });

  it("every error is one of the codes, whatever is asked", async () => {
    for (const path of ["/", "/nothing.js", "/api/x/y", "/files/x", "/session", "/rpc"]) {
      for (const method of ["GET", "POST", "DELETE"]) {
        const answer = await ask({ method, path, headers: bearer() });
        if (answer.status < 400) continue;
        const code = codeOf(answer);
        expect(typeof code === "string" && isErrorCode(code), `${method} ${path}`).toBe(true);
      }
    }
  });
});

describe("what is answered", () => {
  it.each([
    ["GET", "/", 200],
    ["GET", "/documents/7", 200],
    ["GET", "/assets/app-1.js", 200],
    ["GET", "/missing.js", 404],
    ["GET", "/api/system/info", 404],
    ["POST", "/api/system/info", 200],
    ["GET", "/files/a", 200],
    ["GET", "/files/broken", 500],
  ])("%s %s comes with every header that keeps pages apart", async (method, path, status) => {
    const answer = await ask({
      method,
      path,
      headers: method === "POST" ? json() : bearer(),
      ...(method === "POST" ? { body: "{}" } : {}),
    });
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
    });
    const policy = String(answer.headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-|\*|https?:/);
    if (path.startsWith("/files/")) expect(policy).toContain("sandbox");
    expect(answer.body).not.toContain("secret");
  });

  // Catches: answers about somebody's documents that lie in the browser's cache afterwards.
  it.each(["/api/system/info", "/files/a"])("%s is kept nowhere", async (path) => {
    const answer = await ask({
      method: path.startsWith("/files") ? "GET" : "POST",
      path,
      headers: json(),
      ...(path.startsWith("/api") ? { body: "{}" } : {}),
    });
    expect(answer.headers["cache-control"]).toBe("no-store");
  });

  it("bytes are for those who may ask alone", async () => {
    expect((await ask({ method: "GET", path: "/files/a" })).status).toBe(401);
    expect((await ask({ method: "GET", path: "/api/openapi.json" })).status).toBe(401);
    const described = await ask({ method: "GET", path: "/api/openapi.json", headers: bearer() });
    expect(JSON.parse(described.body)).toMatchObject({ info: { title: "Croft", version: "9.9.9" } });
  });
});

describe("connections that are cut", () => {
  const raw = async (lines: string): Promise<string> => {
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.end(lines);
    return text(socket).catch(() => "");
  };
  const host = () => `Host: 127.0.0.1:${server.port}\r\n`;

  // Catches: a request that ends in its middle and leaves the server, or the handler, waiting.
  it.each([
    ["in the first line", "POST /api/sys"],
    ["in the headers", "POST /api/system/info HTTP/1.1\r\nHost: 127"],
    [
      "in the body",
      "POST /api/system/info HTTP/1.1\r\nHOSTAuthorization: Bearer TOKEN\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    ],
    ["in a chunk", "POST /api/system/info HTTP/1.1\r\nHOSTAuthorization: Bearer TOKEN\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"],
    ["before the handshake of a socket", "GET /rpc HTTP/1.1\r\nHOSTUpgrade: websocket\r\nConnection: Upgrade\r\n"],
    ["with bytes that are no HTTP", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000"],
    ["with two lengths", "POST /api/system/info HTTP/1.1\r\nHOSTContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"],
    ["with length and chunks", "POST /api/system/info HTTP/1.1\r\nHOSTContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  ])("%s are over, and the next one is answered", async (_what, lines) => {
    const answer = await raw(lines.replace("HOST", host()).replace("TOKEN", server.token));
    expect(answer).not.toContain("HTTP/1.1 200");
    expect((await ask({ headers: json(), body: "{}" })).status).toBe(200);
  });

  it("in the middle of a stream abort its handler", async () => {
    const asked = request({ host: "127.0.0.1", port: server.port, method: "POST", path: "/api/jobs/watch", headers: json(), agent: false });
    asked.on("error", () => {});
    asked.end("{}");
    const [answer] = await once(asked, "response");
    await once(answer, "data");
    asked.destroy();
    await aborted.promise;
  });
});

describe("the socket at /rpc", () => {
  const refused = async (path: string, headers: Record<string, string>): Promise<number> => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
    sockets.push(socket);
    return new Promise((done, failed) => {
      socket.once("unexpected-response", (asked, answer) => {
        done(answer.statusCode ?? 0);
        asked.destroy();
      });
      socket.once("open", () => failed(new Error("it was let in")));
      socket.once("error", () => {});
    });
  };

  // Catches: the one door that no browser guards: sockets know no same-origin rule.
  it.each<[string, string, Record<string, string>, number]>([
    ["no token", "/rpc", {}, 401],
    ["a wrong token", "/rpc", { authorization: "Bearer wrong" }, 401],
    ["a foreign origin", "/rpc", { authorization: "TOKEN", origin: "https://evil.example" }, 403],
    ["another host", "/rpc", { authorization: "TOKEN", host: "evil.example" }, 403],
    ["another path", "/other", { authorization: "TOKEN" }, 404],
    ["a path with a question", "/rpc?token=x", { authorization: "TOKEN" }, 404],
  ])("lets nobody in with %s", async (_what, path, headers, status) => {
    const own = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace("TOKEN", `Bearer ${server.token}`)]),
    );
    expect(await refused(path, own)).toBe(status);
  });

  async function open(): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers: bearer() });
    sockets.push(socket);
    await once(socket, "open");
    return socket;
  }

  // Catches: a client that is cut off in the middle of a frame, or sends one that no decoder should see, and harms others.
  it.each<[string, (socket: WebSocket) => void]>([
    ["bytes", (socket) => socket.send(Buffer.from([1, 2, 3]))],
    ["text that is no frame", (socket) => socket.send("hello")],
    ["an acknowledgement of nothing sent", (socket) => socket.send(JSON.stringify({ i: "1", p: { u: "/jobs/nothing", b: 1 } }))],
    ["a frame above sixteen megabytes", (socket) => socket.send("x".repeat(17 * 2 ** 20))],
    ["half a frame, and then nothing", (socket) => Reflect.get(socket, "_socket").write(Buffer.from([0x81, 0xfe]))],
  ])("ends with a client that sends %s, for that client alone", async (what, send) => {
    const [bad, good] = [await open(), await open()];
    bad.on("error", () => {});
    const ended = once(bad, "close");
    send(bad);
    if (what.startsWith("half")) bad.terminate();
    await ended;
    good.send(JSON.stringify({ i: "1", p: { u: "/system/info", b: { json: {} } } }));
    const [frame] = await once(good, "message");
    expect(JSON.parse(String(frame))).toMatchObject({ i: "1" });
    good.send(JSON.stringify({ i: "1", t: acknowledgeType, p: 1 }));
  });

  it("counts who is connected, and forgets who left", async () => {
    const { webSockets } = server;
    const untilThere = (count: number) =>
      new Promise<void>((done) => {
        const look = (): void => (webSockets.connections === count ? done() : undefined);
        webSockets.onChange(look);
        look();
      });
    await untilThere(0);
    const all = await Promise.all([open(), open(), open()]);
    await untilThere(3);
    for (const socket of all) socket.terminate();
    await untilThere(0);
  });
});
