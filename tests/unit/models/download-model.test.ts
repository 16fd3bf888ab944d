import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, utimesSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CatalogueModel } from "../../../src/main/features/models/catalogue.ts";
import { downloadModel } from "../../../src/main/features/models/download-model.ts";
import { declaredIdentity, hubEndpoint, hubUrl } from "../../../src/main/features/models/hub.ts";
import { recordingLog } from "../../helpers/engine-hosts.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
const source = (file: string) => ({ type: "hub" as const, repo: "croft/model", file });
const endpoint = "http://hub.test";

/** A hub in memory: what each file is, what the hub declares of it, and what was asked. */
function hub(files: Record<string, { body: string; declares?: Record<string, string> }>) {
  const asked: string[] = [];
  const fetch = (async (input: string | URL | Request, init?: RequestInit) => {
    const { pathname } = new URL(typeof input === "string" || input instanceof URL ? input : input.url);
    const name = pathname.split("/resolve/main/")[1] ?? "";
    asked.push(`${init?.method ?? "GET"} ${name}`);
    const file = files[name];
    if (!file) return new Response("", { status: 404 });
    if (init?.method === "HEAD") return new Response(null, { status: 302, headers: file.declares ?? {} });
    return new Response(file.body, { status: 200, headers: { "content-length": String(Buffer.byteLength(file.body)) } });
  }) as typeof globalThis.fetch;
  return { fetch, asked };
}

const weights = "the weights of a model";
const words = '{"a":1}';
const pinned = (path: string, body: string) => ({ path, bytes: Buffer.byteLength(body), sha256: hashOf(body), sources: [source(path)] });
const unpinned = (path: string) => ({ path, approximateBytes: 100, sources: [source(path)] });

const modelOf = (...files: CatalogueModel["files"]): CatalogueModel => ({
  id: "model",
  name: "Model",
  role: "embedding",
  licence: "MIT",
  languages: ["en"],
  starter: false,
  format: "onnx",
  onnx: { dtype: "q8", pooling: "cls", queryPrefix: "", maxTokens: 512, dimensions: 4 },
  files,
});

function download(model: CatalogueModel, fetch: typeof globalThis.fetch, more: { folder?: string; signal?: AbortSignal } = {}) {
  const { folder = temporaryFolder(), signal = new AbortController().signal } = more;
  const progress: { done: number; total?: number | undefined; note?: string | undefined }[] = [];
  const ended = downloadModel({
    model,
    folder,
    endpoint,
    fetch,
    log: recordingLog().log,
    signal,
    onProgress: (one) => progress.push(one),
    retryBaseMs: 1,
  });
  return { folder, progress, ended };
}

describe("a model brought from the hub", () => {
  it("is each of its files, whole, under its own name", async () => {
    const { fetch, asked } = hub({ "onnx/model.onnx": { body: weights }, "vocab.json": { body: words } });
    const { folder, ended, progress } = download(modelOf(pinned("onnx/model.onnx", weights), pinned("vocab.json", words)), fetch);
    // What the catalogue pins need not be remembered.
    expect(await ended).toEqual(new Map());
    expect(readFileSync(join(folder, "onnx/model.onnx"), "utf8")).toBe(weights);
    expect(readFileSync(join(folder, "vocab.json"), "utf8")).toBe(words);
    expect(asked).toEqual(["GET onnx/model.onnx", "GET vocab.json"]);
    const total = weights.length + words.length;
    expect(progress.at(-1)).toMatchObject({ done: total, total });
  });

  // Catches: gigabytes that are brought again since one small file of the model was missing.
  it("is not brought again where it lies whole, and is where its size is wrong", async () => {
    const { fetch, asked } = hub({ "onnx/model.onnx": { body: weights }, "vocab.json": { body: words } });
    const folder = temporaryFolder();
    mkdirSync(join(folder, "onnx"));
    writeFileSync(join(folder, "onnx/model.onnx"), weights);
    await download(modelOf(pinned("onnx/model.onnx", weights), pinned("vocab.json", words)), fetch, { folder }).ended;
    expect(asked).toEqual(["GET vocab.json"]);
    writeFileSync(join(folder, "vocab.json"), "{}");
    await download(modelOf(pinned("vocab.json", words)), fetch, { folder }).ended;
    expect(readFileSync(join(folder, "vocab.json"), "utf8")).toBe(words);
  });

  // Catches: a file of another content under the name of a model, which native code then opens.
  it("is refused when it is not what the catalogue says, and leaves no file of its name", async () => {
    const { fetch } = hub({ "onnx/model.onnx": { body: "x".repeat(weights.length) } });
    const { folder, ended } = download(modelOf(pinned("onnx/model.onnx", weights)), fetch);
    await expect(ended).rejects.toMatchObject({ code: "CHECKSUM_MISMATCH" });
    expect(existsSync(join(folder, "onnx/model.onnx"))).toBe(false);
  });

  it("has files that are written from facts, without asking anybody, and not again when they are as they should be", async () => {
    const { fetch, asked } = hub({});
    const model = modelOf({ path: "config.json", content: { dimensions: 4 } });
    const { folder, ended } = download(model, fetch);
    await ended;
    const path = join(folder, "config.json");
    expect(readFileSync(path, "utf8")).toBe('{\n  "dimensions": 4\n}\n');
    utimesSync(path, 1_000, 1_000);
    await download(model, fetch, { folder }).ended;
    expect(statSync(path).mtimeMs).toBe(1_000_000);
    writeFileSync(path, "{ tampered");
    await download(model, fetch, { folder }).ended;
    expect(readFileSync(path, "utf8")).toContain('"dimensions": 4');
    expect(asked).toEqual([]);
  });
});

describe("files that the catalogue does not pin", () => {
  it("are checked against what the hub declares, and their hashes are remembered", async () => {
    const declares = { "x-linked-size": String(weights.length), "x-linked-etag": `"${hashOf(weights)}"` };
    const { fetch, asked } = hub({ "onnx/model.onnx": { body: weights, declares } });
    const { ended } = download(modelOf(unpinned("onnx/model.onnx")), fetch);
    expect(await ended).toEqual(new Map([["onnx/model.onnx", { sha256: hashOf(weights), bytes: weights.length }]]));
    expect(asked).toEqual(["HEAD onnx/model.onnx", "GET onnx/model.onnx"]);
  });

  // Catches: weights that nobody vouches for, taken because the server said nothing.
  it.each(["model.onnx", "model.gguf", "model.onnx_data"])("are refused where nobody says what they must be: %s", async (name) => {
    const { fetch, asked } = hub({ [name]: { body: weights, declares: { "x-linked-size": String(weights.length) } } });
    const { folder, ended } = download(modelOf(unpinned(name)), fetch);
    await expect(ended).rejects.toMatchObject({ code: "DOWNLOAD_FAILED", message: expect.stringContaining(name) });
    expect(asked).toEqual([`HEAD ${name}`]);
    expect(existsSync(join(folder, name))).toBe(false);
  });

  it("that compute nothing may come without a hash", async () => {
    const { fetch } = hub({ "tokenizer.json": { body: words } });
    const { folder, ended } = download(modelOf(unpinned("tokenizer.json")), fetch);
    expect((await ended).get("tokenizer.json")).toEqual({ sha256: hashOf(words), bytes: words.length });
    expect(readFileSync(join(folder, "tokenizer.json"), "utf8")).toBe(words);
  });

  // Catches: a stack trace of the network instead of what to do without one.
  it("say that the hub cannot be reached, and what to do", async () => {
    const fetch = (async () => {
      throw new TypeError("fetch failed");
    }) as typeof globalThis.fetch;
    await expect(download(modelOf(unpinned("tokenizer.json")), fetch).ended).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      hint: expect.stringContaining("croft models import"),
    });
  });

  it("do not hide that the download was given up", async () => {
    const stop = new AbortController();
    const fetch = (async () => {
      stop.abort();
      throw stop.signal.reason;
    }) as typeof globalThis.fetch;
    await expect(download(modelOf(unpinned("tokenizer.json")), fetch, { signal: stop.signal }).ended).rejects.toMatchObject({
      name: "AbortError",
    });
  });

  // Catches: progress that goes backwards or beyond the whole since the size was only guessed.
  it("are counted with the size that is true once it is known", async () => {
    const declares = { "x-linked-size": String(weights.length), "x-linked-etag": hashOf(weights) };
    const { fetch } = hub({ "a.onnx": { body: weights, declares }, "b.json": { body: words } });
    const { progress, ended } = download(modelOf({ ...unpinned("a.onnx"), approximateBytes: 5 }, pinned("b.json", words)), fetch);
    await ended;
    for (const { done, total = 0 } of progress) expect(done).toBeLessThanOrEqual(total);
    const dones = progress.map(({ done }) => done);
    expect(dones).toEqual([...dones].sort((a, b) => a - b));
    expect(progress.at(-1)).toMatchObject({ done: weights.length + words.length, total: weights.length + words.length });
  });
});

describe("a file that is not on the hub", () => {
  it("is refused with what to do instead, and nothing is asked", async () => {
    const { fetch, asked } = hub({});
    const file = { path: "model.onnx", approximateBytes: 1, sources: [{ type: "maven" as const, artifact: "a:b:1", member: "c" }] };
    await expect(download(modelOf(file), fetch).ended).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      hint: expect.stringContaining("Import"),
    });
    expect(asked).toEqual([]);
  });
});

describe("what the hub declares of a file", () => {
  const declared = (headers: Record<string, string>, status = 302) =>
    declaredIdentity(
      (async () => new Response(null, { status, headers })) as typeof globalThis.fetch,
      "http://hub.test/x",
      new AbortController().signal,
    );
  const hash = "a".repeat(64);

  // Catches: the hash of a git object, or a header that somebody made up, taken for that of the content.
  it.each<[string, Record<string, string>, number, object]>([
    ["both", { "x-linked-size": "12", "x-linked-etag": `"${hash}"` }, 302, { bytes: 12, sha256: hash }],
    ["a weak mark", { "x-linked-etag": `W/"${hash}"` }, 302, { sha256: hash }],
    ["a hash of git", { "x-linked-etag": '"0123456789abcdef0123456789abcdef01234567"' }, 302, {}],
    ["the mark of the page itself", { etag: `"${hash}"` }, 302, {}],
    ["the length of a redirect", { "content-length": "99" }, 302, {}],
    ["the length of the file", { "content-length": "99" }, 200, { bytes: 99 }],
    ["no number", { "x-linked-size": "many" }, 302, {}],
    ["less than nothing", { "x-linked-size": "-1" }, 302, {}],
    ["more than can be counted", { "x-linked-size": "1e300" }, 302, {}],
    ["nothing", {}, 404, {}],
  ])("%s", async (_, headers, status, identity) => {
    expect(await declared(headers, status)).toEqual(identity);
  });

  it("is asked for at the address of a revision, and of a mirror where one is named", () => {
    expect(hubUrl(endpoint, source("a/b.gguf"))).toBe("http://hub.test/croft/model/resolve/main/a/b.gguf");
    expect(hubUrl(endpoint, { ...source("a.gguf"), revision: "v2" })).toContain("/resolve/v2/");
    expect(hubEndpoint({ HF_ENDPOINT: "http://mirror.test//" })).toBe("http://mirror.test");
    expect(hubEndpoint({ HF_ENDPOINT: "" })).toBe(hubEndpoint({}));
  });
});
