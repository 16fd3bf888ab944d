import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CoreBytes } from "../../../src/main/shell/app-protocol.ts";
import { createAppHandler, fileOf } from "../../../src/main/shell/app-protocol.ts";
import { contentSecurityPolicy } from "../../../src/main/shell/content-policy.ts";
import { AppError } from "../../../src/shared/errors.ts";

let root: string;
let page: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "croft-protocol-"));
  page = join(root, "page");
  mkdirSync(join(page, "assets"), { recursive: true });
  writeFileSync(join(page, "index.html"), "<!doctype html>");
  writeFileSync(join(page, "assets", "main-1.js"), "export {};");
  writeFileSync(join(page, "assets", "style.css"), "body{}");
  writeFileSync(join(page, "assets", "notes.exe"), "MZ");
  writeFileSync(join(root, "secret.js"), "secret");
  mkdirSync(join(root, "page-of-another"));
  writeFileSync(join(root, "page-of-another", "x.js"), "another");
});
afterAll(() => rmSync(root, { recursive: true }));

const noBytes = () => Promise.reject(new AppError("NOT_FOUND", "none"));
const get = (path: string, init?: RequestInit) =>
  createAppHandler({ folder: page, bytes: noBytes })(new Request(`app://croft${path}`, init));

describe("files of the page", () => {
  it.each([
    ["/", "text/html; charset=utf-8"],
    ["/index.html", "text/html; charset=utf-8"],
    ["/index.html?x=1", "text/html; charset=utf-8"],
    ["/assets/main-1.js", "text/javascript; charset=utf-8"],
    ["/assets/style.css", "text/css; charset=utf-8"],
  ])("serves %s as %s: a module script of another type is refused by the browser", async (path, type) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
  });

  it("sends the content policy with files and refusals alike: one response without it could run anything", async () => {
    const responses = [await get("/index.html"), await get("/missing.js")];
    for (const response of responses) {
      expect(response.headers.get("content-security-policy")).toBe(contentSecurityPolicy);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    }
  });

  it.each(["/missing.js", "/assets", "/assets/", "/assets/notes.exe", "/%zz"])("answers %s with 404", async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it("refuses to write, and any other origin", async () => {
    expect((await get("/index.html", { method: "POST" })).status).toBe(405);
    const handle = createAppHandler({ folder: page, bytes: noBytes });
    expect((await handle(new Request("app://another/index.html"))).status).toBe(403);
    expect((await handle(new Request("https://croft/index.html"))).status).toBe(403);
  });
});

describe("escapes from the folder", () => {
  const escapes = [
    "/../secret.js",
    "/%2e%2e/secret.js",
    "/..%2fsecret.js",
    "/assets/..%2f..%2fsecret.js",
    "/..%5csecret.js",
    "/../page-of-another/x.js",
    "/..%2fpage-of-another/x.js",
    "//etc/passwd.js",
    "/%2fetc/hostname.js",
    "/index.html%00.js",
  ];

  it.each(escapes)("does not serve %s", async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toMatch(/secret|another/);
  });

  it("names no file outside the folder for a raw path, which no parser has cleaned", () => {
    for (const path of ["/../secret.js", "/a/../../secret.js", "/..", "/%2e%2e%2fpage-of-another/x.js", "\\..\\secret.js"]) {
      expect(fileOf(page, path), path).toBeUndefined();
    }
    expect(fileOf(page, "/assets/../index.html")).toBe(join(page, "index.html"));
  });
});

describe("bytes of core", () => {
  const png = (status: number): CoreBytes => ({ status, headers: { "content-type": "image/png" }, body: new Uint8Array([1, 2, 3]) });

  it("are asked for as the page asked, path, query and range, and the answer goes back", async () => {
    const asked: unknown[] = [];
    const handle = createAppHandler({ folder: page, bytes: async (request) => (asked.push(request), png(206)) });
    const response = await handle(new Request("app://croft/bytes/documents/abc%2Fd/3?width=640", { headers: { range: "bytes=0-9" } }));
    expect(asked).toEqual([{ method: "GET", path: "documents/abc%2Fd/3?width=640", range: "bytes=0-9" }]);
    expect(response.status).toBe(206);
    expect(response.headers.get("content-type")).toBe("image/png");
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
  });

  it("can never become a page that runs, loads or reaches anything, whatever headers core gives", async () => {
    const handle = createAppHandler({
      folder: page,
      bytes: async () => ({ ...png(200), headers: { "content-type": "text/html", "content-security-policy": "default-src *" } }),
    });
    const { headers } = await handle(new Request("app://croft/bytes/a"));
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none';.*sandbox$/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("answers 500 when core fails, without its words: they may hold a path", async () => {
    const handle = createAppHandler({ folder: page, bytes: () => Promise.reject(new Error("/home/somebody")) });
    const response = await handle(new Request("app://croft/bytes/x"));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("home");
  });
});
