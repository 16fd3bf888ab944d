import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
};

const missing = `<!doctype html><meta charset="utf-8"><title>Croft</title><p>The interface is not built. Run <code>npm run build</code>; the API works.</p>`;

export type StaticFiles = (pathname: string) => Promise<Response | undefined>;

/**
 * The built interface. Its files are listed once, at the start, so that no request names a path on the disk. Addresses
 * without an extension are places inside the interface and get its page.
 */
export async function createStaticFiles(folder: string): Promise<StaticFiles> {
  const files = await listFiles(folder);
  return async (pathname) => {
    const wanted = extname(pathname) === "" ? "/index.html" : pathname;
    const file = files.get(wanted);
    if (file === undefined) return wanted === "/index.html" ? html(missing, 503) : undefined;
    const content = new Uint8Array(await readFile(file));
    if (wanted.endsWith(".html")) return html(content, 200);
    // Names below /assets hold a hash of the content.
    const cache = wanted.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    return new Response(content, {
      headers: { "content-type": types[extname(wanted)] ?? "application/octet-stream", "cache-control": cache },
    });
  };
}

function html(body: string | Uint8Array<ArrayBuffer>, status: number): Response {
  return new Response(body, { status, headers: { "content-type": types[".html"] ?? "text/html", "cache-control": "no-store" } });
}

async function listFiles(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".map"))
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [`/${relative(folder, file).split(sep).join("/")}`, file]));
}
