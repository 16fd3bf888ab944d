import { once } from "node:events";
import { chown, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type LoopbackServer, startLoopbackServer } from "../../src/main/transport/http/loopback-server.ts";
import { connectLocalSocket, serveLocalSocket, socketAddress } from "../../src/main/transport/local-socket.ts";
import { createClient } from "../../src/shared/client/create-client.ts";
import { createPeerLink } from "../../src/shared/client/peer-link.ts";
import { AppError } from "../../src/shared/errors.ts";
import { createTestContext, createTestRouter } from "../helpers/test-router.ts";

describe("the loopback server", () => {
  let folder: string;
  let server: LoopbackServer;
  const aborted = Promise.withResolvers<void>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "croft-server-"));
    await mkdir(join(folder, "assets"));
    await writeFile(join(folder, "index.html"), "<!doctype html><title>Croft</title>");
    await writeFile(join(folder, "assets", "app-1234.js"), "export {};");
    const router = createTestRouter({
      "jobs.watch": async function* ({ signal }) {
        signal?.addEventListener("abort", () => aborted.resolve());
        for (let seq = 0; ; seq++) yield { type: "snapshot", seq, jobs: [] };
      },
    });
    server = await startLoopbackServer({
      router,
      context: createTestContext().context,
      port: 0,
      rendererFolder: folder,
      version: "1.2.3",
      async serveBytes(asked) {
        if (asked.url.endsWith("/files/missing")) throw new AppError("NOT_FOUND", "There is no such file.");
        return new Response("bytes", { headers: { "content-type": "application/pdf" } });
      },
    });
  });
  afterAll(async () => {
    await server.close(0);
    await rm(folder, { recursive: true, force: true });
  });

  const authorized = (): Record<string, string> => ({ authorization: `Bearer ${server.token}` });
  const post = (path: string, body: unknown, headers: Record<string, string> = authorized()): Promise<Response> =>
    fetch(`${server.address}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });

  // Catches: a server that other machines can reach.
  it("listens on 127.0.0.1 only", () => {
    expect(server.address).toBe(`http://127.0.0.1:${server.port}`);
  });

  it("serves the interface with a policy that lets only its own files run", async () => {
    const page = await fetch(`${server.address}/chat/some-thread`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("<title>Croft</title>");
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe-(inline|eval)/);
    expect(page.headers.get("access-control-allow-origin")).toBeNull();
    const script = await fetch(`${server.address}/assets/app-1234.js`);
    expect(script.headers.get("cache-control")).toContain("immutable");
    expect(script.headers.get("content-type")).toContain("javascript");
  });

  // Catches: files outside of the interface's folder, in any spelling.
  it.each(["/../package.json", "/%2e%2e/%2e%2e/etc/passwd.txt", "/..%2f..%2fetc%2fpasswd.txt", "/assets/%00.js", "//etc/passwd.txt"])(
    "does not serve %s",
    async (path) => {
      const answer = await rawRequest(server.port, path);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.body).not.toContain("root:");
    },
  );

  it("answers routes for the bearer token, in JSON", async () => {
    const answer = await post("/api/system/info", {});
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.json()).toMatchObject({ version: "a" });
  });

  // Catches: a route, a file or a document that somebody without the token gets.
  it.each([
    ["POST", "/api/system/info"],
    ["GET", "/api/openapi.json"],
    ["GET", "/files/0192f3a4"],
    ["GET", "/api//system/info"],
  ])("refuses %s %s without a token", async (method, path) => {
    const answer = await fetch(`${server.address}${path}`, { method });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { code: "UNAUTHORIZED" } });
  });

  it("opens a session from the link, once", async () => {
    const token = new URL(server.createLink()).hash.replace("#token=", "");
    const opened = await post("/session", { token }, {});
    expect(opened.status).toBe(204);
    const cookie = (opened.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    expect((await post("/api/system/info", {}, { cookie })).status).toBe(200);
    expect((await post("/session", { token }, {})).status).toBe(401);
    expect((await post("/session", { token: 7 }, {})).status).toBe(400);
  });

  // Catches: another site's page that uses the cookie of this one.
  it("refuses requests of other pages and hosts", async () => {
    const foreign = await rawRequest(server.port, "/", { host: "evil.example" });
    expect(foreign.status).toBe(403);
    const page = await rawRequest(server.port, "/", { host: `127.0.0.1:${server.port}`, origin: "https://evil.example" });
    expect(page.status).toBe(403);
  });

  it("gives errors the form of the command line", async () => {
    const refused = await post("/api/knowledge/search", { query: "" });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: { code: "INVALID_INPUT", message: expect.any(String), data: { issues: expect.any(Array) } },
    });
    const missing = await post("/api/nothing/here", {});
    expect(await missing.json()).toMatchObject({ error: { code: "NOT_FOUND" } });
    const file = await fetch(`${server.address}/files/missing`, { headers: authorized() });
    expect(await file.json()).toMatchObject({ error: { code: "NOT_FOUND" } });
  });

  // Catches: a body that crashes the parser or fills the memory.
  it("refuses bodies that are broken, huge or no JSON", async () => {
    const send = (body: string, type = "application/json"): Promise<Response> =>
      fetch(`${server.address}/api/system/info`, { method: "POST", headers: { ...authorized(), "content-type": type }, body });
    expect((await send('{"a":')).status).toBe(400);
    expect((await send("[".repeat(100_000))).status).toBe(400);
    expect((await send(`"${"x".repeat(9 * 2 ** 20)}"`)).status).toBe(413);
    expect((await send("a=1", "application/x-www-form-urlencoded")).status).toBe(415);
    expect((await send("a", "multipart/form-data; boundary=x")).status).toBe(415);
    expect((await post("/api/system/info", {})).status).toBe(200);
  });

  it("describes itself", async () => {
    const answer = await fetch(`${server.address}/api/openapi.json`, { headers: authorized() });
    const document: unknown = await answer.json();
    expect(document).toMatchObject({
      openapi: expect.any(String),
      info: { version: "1.2.3" },
      paths: { "/knowledge/search": { post: expect.any(Object) } },
    });
  });

  it("serves bytes by the hook that core gives", async () => {
    const answer = await fetch(`${server.address}/files/0192f3a4`, { headers: authorized() });
    expect(await answer.text()).toBe("bytes");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  // Catches: work that goes on for a reader that is gone.
  it("aborts a stream over HTTP when its reader leaves", async () => {
    const leaving = new AbortController();
    const answer = await fetch(`${server.address}/api/jobs/watch`, {
      method: "POST",
      headers: { ...authorized(), "content-type": "application/json" },
      body: "{}",
      signal: leaving.signal,
    });
    expect(answer.headers.get("content-type")).toContain("text/event-stream");
    await answer.body?.getReader().read();
    leaving.abort();
    await aborted.promise;
  });

  // Catches: an upgrade that passes by the checks of requests.
  it.each([
    ["no token", "/rpc", {}, 401],
    ["a foreign page", "/rpc", { origin: "https://evil.example" }, 403],
    ["another path", "/other", {}, 404],
  ])("refuses a WebSocket with %s", async (_what, path, headers, status) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
    const [, response] = await once(socket, "unexpected-response").catch(() => []);
    expect(response?.statusCode).toBe(status);
    socket.on("error", () => undefined);
    socket.terminate();
  });

  it("refuses a port that is taken, with what to do", async () => {
    const second = startLoopbackServer({
      router: createTestRouter(),
      context: createTestContext().context,
      port: server.port,
      rendererFolder: folder,
      version: "0",
    });
    await expect(second).rejects.toMatchObject({ code: "CONFLICT" });
  });

  // Catches: a server that cannot be stopped while a client holds a connection.
  it("closes while a client is connected, and takes no new ones", async () => {
    const other = await startLoopbackServer({
      router: createTestRouter(),
      context: createTestContext().context,
      port: 0,
      rendererFolder: folder,
      version: "0",
    });
    const held = connect(other.port, "127.0.0.1");
    await once(held, "connect");
    held.on("error", () => undefined);
    await other.close(50);
    await expect(fetch(other.address)).rejects.toThrow();
    held.destroy();
  });
});

describe("the local socket", () => {
  let profile: string;
  beforeAll(async () => {
    profile = await mkdtemp(join(tmpdir(), "croft-socket-"));
  });
  afterAll(() => rm(profile, { recursive: true, force: true }));
  const serve = () => serveLocalSocket({ profile, router: createTestRouter(), context: createTestContext().context });

  // Catches: a socket that other users of the machine may open.
  it.skipIf(process.platform === "win32")("belongs to this user alone", async () => {
    const socket = await serve();
    expect((await stat(socket.address)).mode & 0o777).toBe(0o600);
    await socket.close();
    await expect(stat(socket.address)).rejects.toThrow();
  });

  it("is answered by nobody when nobody serves it, and replaced when it is left over", async () => {
    expect(await connectLocalSocket(profile)).toBeUndefined();
    await writeFile(socketAddress(profile), "left over");
    const socket = await serve();
    const pipe = await connectLocalSocket(profile);
    expect(pipe).toBeDefined();
    if (pipe) await expect(createClient(createPeerLink(pipe)).system.info({})).resolves.toBeDefined();
    pipe?.close();
    await socket.close();
  });

  // Catches: questions that are told to another user, who waits where the socket of a long path would be. Only root may give files away.
  it.skipIf(process.getuid?.() !== 0)("is not opened when it is somebody else's", async () => {
    const socket = await serve();
    await chown(socket.address, 65534, 65534);
    expect(await connectLocalSocket(profile)).toBeUndefined();
    await socket.close();
  });

  // Catches: a profile in a deep folder whose socket cannot be made (107 bytes are the most).
  it.skipIf(process.platform === "win32")("finds a short address for a long profile path", () => {
    expect(Buffer.byteLength(socketAddress(`/${"deep/".repeat(60)}`))).toBeLessThanOrEqual(100);
    expect(socketAddress(`/${"deep/".repeat(60)}`)).not.toBe(socketAddress(`/${"deep/".repeat(61)}`));
  });
});

function rawRequest(port: number, path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  return new Promise((done, failed) => {
    const sent = request({ host: "127.0.0.1", port, path, headers }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      response.on("end", () => done({ status: response.statusCode ?? 0, body }));
    });
    sent.on("error", failed).end();
  });
}
