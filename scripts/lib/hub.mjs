// Files from the public model hub: ranged, resumed, checked. Beside a partial file lies the same note that the app
// writes (src/main/features/models/transfer.ts), so either goes on where the other stopped.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, rm, stat, writeFile } from "node:fs/promises";

const probeMs = 4_000;
const stallMs = 30_000;
const tries = 6;

export const hubEndpoint = (environment = process.env) => (environment.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, "");

export const hubUrl = (endpoint, source) => `${endpoint}/${source.repo}/resolve/${source.revision ?? "main"}/${source.file}`;

/** `fetch` through the proxy of the environment, where there is one; by then the packages are installed. */
async function openUrl(url, options) {
  const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy } = process.env;
  if (!HTTPS_PROXY && !https_proxy && !HTTP_PROXY && !http_proxy) return fetch(url, options);
  const { EnvHttpProxyAgent, fetch: proxied } = await import("undici");
  return proxied(url, { ...options, dispatcher: (agent ??= new EnvHttpProxyAgent()) });
}
let agent;

/** True when the hub answers at all, asked once and briefly. */
export async function hubReachable(endpoint = hubEndpoint()) {
  try {
    await openUrl(endpoint, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(probeMs) });
    return true;
  } catch {
    return false;
  }
}

/**
 * Brings a partial file to its end. Only files with a pinned hash are fetched by the scripts, so the hash decides
 * whether what was resumed is right.
 * @returns {Promise<string>} its sha256
 */
export async function fetchFromHub(url, part, bytes, onBytes) {
  for (let attempt = 1; ; attempt++) {
    const before = await sizeOf(part);
    try {
      return await transfer(url, part, bytes, onBytes);
    } catch (error) {
      if (error.final || attempt >= tries) throw error;
      if ((await sizeOf(part)) > before) attempt = 0;
      await new Promise((resolve) => setTimeout(resolve, Math.min(30_000, 500 * 2 ** attempt)));
    }
  }
}

async function transfer(url, part, bytes, onBytes) {
  const note = JSON.parse((await readFile(`${part}.json`, "utf8").catch(() => "")) || "{}");
  if (note.url !== url) await rm(part, { force: true });
  let position = await sizeOf(part);
  if (position === bytes) return (await hashOf(part)).digest("hex");
  const stall = new AbortController();
  let timer;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stall.abort(new Error("nothing arrived for 30 s")), stallMs);
  };
  alive();
  try {
    const headers = {
      "accept-encoding": "identity",
      ...(position > 0 ? { range: `bytes=${position}-`, ...(note.validator ? { "if-range": note.validator } : {}) } : {}),
    };
    const response = await openUrl(url, { headers, signal: stall.signal });
    if (!response.ok) {
      await response.body?.cancel();
      if (response.status === 416) await rm(part, { force: true });
      throw Object.assign(new Error(`the server answered ${response.status}`), {
        final: response.status >= 400 && response.status < 500 && ![408, 416, 429].includes(response.status),
      });
    }
    const start = Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1] ?? 0);
    if (response.status === 206 && start !== position) throw new Error("the server sent another range");
    if (response.status !== 206) position = 0;
    const etag = response.headers.get("etag");
    const validator = etag && !etag.startsWith("W/") ? etag : undefined;
    await writeFile(`${part}.json`, JSON.stringify({ url, ...(validator ? { validator } : {}), total: bytes }));
    const hash = await hashOf(part, position);
    const file = await open(part, position === 0 ? "w" : "r+");
    try {
      for await (const chunk of response.body) {
        alive();
        if (position + chunk.length > bytes) throw Object.assign(new Error("the server sends more than the file has"), { final: true });
        await file.write(chunk, 0, chunk.length, position);
        hash.update(chunk);
        position += chunk.length;
        onBytes(position);
      }
    } finally {
      await file.sync();
      await file.close();
    }
    if (position < bytes) throw new Error("the connection ended early");
    return hash.digest("hex");
  } finally {
    clearTimeout(timer);
  }
}

async function hashOf(path, length = Number.POSITIVE_INFINITY) {
  const hash = createHash("sha256");
  if (length > 0) for await (const chunk of createReadStream(path, { end: length - 1, highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash;
}

const sizeOf = async (path) => (await stat(path).catch(() => undefined))?.size ?? 0;
