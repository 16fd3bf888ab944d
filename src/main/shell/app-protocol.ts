import { readFile } from "node:fs/promises";
import { extname, resolve, sep } from "node:path";
import { bytesHeaders, isAppUrl, securityHeaders } from "./content-policy.ts";

/** What is asked of core: the path comes without its prefix, with its query. */
export type BytesRequest = { method: "GET" | "HEAD"; path: string; range: string | undefined };
/** Bytes that core makes, such as the image of a page. */
export type CoreBytes = { status: number; headers: Record<string, string>; body: Uint8Array<ArrayBuffer> };
type FetchBytes = (request: BytesRequest, signal: AbortSignal) => Promise<CoreBytes>;

export type AppProtocolOptions = {
  /** The built page; nothing outside it is ever read. Absolute. */
  folder: string;
  /** Answers everything under `/bytes/`; the path is still encoded. */
  bytes: FetchBytes;
};

/** A browser refuses a module script or a style sheet of the wrong type, so only these are served at all. */
const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".bcmap": "application/octet-stream",
};

const bytesPrefix = "/bytes/";

/** Answers requests for `app://croft/…`: files of the built page, and bytes from core. */
export function createAppHandler({ folder, bytes }: AppProtocolOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    if (!isAppUrl(request.url)) return refuse(403, "Another address");
    const { method } = request;
    if (method !== "GET" && method !== "HEAD") return refuse(405, "Only reading");
    const { pathname, search } = new URL(request.url);
    try {
      if (pathname.startsWith(bytesPrefix)) {
        const range = request.headers.get("range") ?? undefined;
        const answer = await bytes({ method, path: pathname.slice(bytesPrefix.length) + search, range }, request.signal);
        return new Response(answer.body, { status: answer.status, headers: { ...answer.headers, ...bytesHeaders } });
      }
      const file = fileOf(folder, pathname);
      const type = file && types[extname(file).toLowerCase()];
      if (!file || !type) return refuse(404, "Not found");
      return respond(200, type, await readFile(file));
    } catch (error) {
      if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EISDIR"))
        return refuse(404, "Not found");
      return refuse(500, "Failed");
    }
  };
}

/**
 * The file that a path of an address names, or undefined when it would lie outside the folder. `..` in an address is
 * resolved by the parser; encoded (`%2e%2e`, `%5c`) it arrives here.
 */
export function fileOf(folder: string, pathname: string): string | undefined {
  const decoded = decode(pathname);
  if (decoded === undefined || /[\0\\]/.test(decoded)) return undefined;
  const file = resolve(folder, `.${decoded === "/" ? "/index.html" : decoded}`);
  return file.startsWith(folder + sep) ? file : undefined;
}

function decode(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}

function respond(status: number, type: string, body: Uint8Array<ArrayBuffer>): Response {
  return new Response(body, { status, headers: { ...securityHeaders, "content-type": type } });
}

function refuse(status: number, text: string): Response {
  return new Response(text, { status, headers: { ...securityHeaders, "content-type": "text/plain; charset=utf-8" } });
}
