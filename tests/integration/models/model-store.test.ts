import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { codeOf } from "../../helpers/engine-hosts.ts";
import { stallAfter, startFileServer } from "../../helpers/file-server.ts";
import type { FileServer } from "../../helpers/file-server.ts";
import { catalogueOf, never, openStore, sha256Of, storeFixture } from "../../helpers/model-store.ts";
import { writeEmbeddingModel, writeRerankModel } from "../../helpers/synthetic-onnx.ts";

const hubPath = "/someone/tiny/resolve/main/tiny.gguf";
let fixture: ReturnType<typeof storeFixture>;
let server: FileServer;
beforeEach(async () => {
  fixture = storeFixture();
  server = await startFileServer();
  server.put(hubPath, { body: fixture.gguf, etag: '"one"', linkedSha256: fixture.sha256 });
});
afterEach(async () => {
  await server.close();
  fixture.end();
});

const quiet = { signal: never, onProgress: () => {} };
const online = (pinned = true) =>
  openStore(fixture.folder, { catalogue: catalogueOf(fixture.gguf, pinned), fetch, endpoint: server.origin });
const importing = (path: string, copy = true) => ({ path, copy, signal: never });

describe("finding models", () => {
  test("says what is missing and how to get it", async () => {
    const { store } = online();
    expect(await store.list()).toMatchObject([{ id: "tiny", state: "missing", probed: "never", bytes: fixture.gguf.length }]);
    await expect(store.resolveGguf("local:tiny")).rejects.toMatchObject({
      code: "MODEL_MISSING",
      hint: expect.stringContaining("croft models download tiny"),
    });
    expect(await codeOf(store.resolveGguf("nobody"))).toBe("NOT_FOUND");
    expect(await codeOf(store.show("openai:gpt"))).toBe("NOT_FOUND");
  });

  test("takes a file of the wrong size for missing, so that a cut file is never loaded", async () => {
    const { store } = online();
    await store.download("tiny", quiet);
    truncateSync(join(fixture.folder, "tiny", "tiny.gguf"), 1000);
    expect(await store.show("tiny")).toMatchObject({ state: "partial" });
    expect(await codeOf(store.resolveGguf("tiny"))).toBe("MODEL_MISSING");
  });

  test("does not offer a chat model for vectors, nor an embedder for text", async () => {
    const { store } = openStore(fixture.folder);
    await writeEmbeddingModel(join(fixture.root, "words"), { boat: [1, 0], sea: [0, 1] });
    const [chat, words] = [await store.import(importing(fixture.ggufPath)), await store.import(importing(join(fixture.root, "words")))];
    expect(await codeOf(store.resolveOnnx(chat.id))).toBe("NOT_SUPPORTED");
    expect(await codeOf(store.resolveGguf(words.id))).toBe("NOT_SUPPORTED");
  });
});

describe("downloading", () => {
  test("brings a pinned model and resolves it", async () => {
    const { store } = online();
    const notes: number[] = [];
    const model = await store.download("local:tiny", { signal: never, onProgress: ({ done, total }) => void notes.push(done / total) });
    expect(model).toMatchObject({ state: "installed", origin: "fetched", sha256: fixture.sha256 });
    expect(await store.resolveGguf("tiny")).toEqual({
      id: "tiny",
      path: join(fixture.folder, "tiny", "tiny.gguf"),
      bytes: fixture.gguf.length,
      sha256: fixture.sha256,
      trainContextTokens: 4096,
      contextBytesPerToken: 256,
    });
    expect(notes.at(-1)).toBe(1);
  });

  test("checks an unpinned model against what the hub declares, and remembers the hash", async () => {
    const { store } = online(false);
    await store.download("tiny", quiet);
    // Another process knows it without asking anybody.
    const again = openStore(fixture.folder, { catalogue: catalogueOf(fixture.gguf, false) });
    expect(await again.store.show("tiny")).toMatchObject({ state: "installed", sha256: fixture.sha256 });
  });

  test("refuses weights that differ from what the hub declares", async () => {
    server.put(hubPath, { body: randomBytes(fixture.gguf.length), etag: '"one"', linkedSha256: fixture.sha256 });
    expect(await codeOf(online(false).store.download("tiny", quiet))).toBe("CHECKSUM_MISMATCH");
    expect(existsSync(join(fixture.folder, "tiny", "tiny.gguf"))).toBe(false);
  });

  test("refuses weights that nobody vouches for", async () => {
    server.put(hubPath, { body: fixture.gguf, etag: '"one"' });
    expect(await codeOf(online(false).store.download("tiny", quiet))).toBe("DOWNLOAD_FAILED");
    expect(server.requests.filter(({ method }) => method === "GET")).toHaveLength(0);
  });

  test("shows a broken download as partial and finishes it later", async () => {
    server.script(stallAfter(100_000));
    const { store } = online();
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => void (done > 0 && controller.abort());
    expect(await codeOf(store.download("tiny", { signal: controller.signal, onProgress }))).toBe("ABORTED");
    expect(await store.show("tiny")).toMatchObject({ state: "partial" });
    await store.download("tiny", quiet);
    expect(server.requests.at(-1)?.range).toMatch(/^bytes=[1-9]/);
    expect(await store.show("tiny")).toMatchObject({ state: "installed" });
  });

  test("uses what another program has, where it lies", async () => {
    const theirs = join(fixture.root, "lmstudio", "someone", "tiny");
    mkdirSync(theirs, { recursive: true });
    const path = join(theirs, "anything.gguf");
    renameSync(fixture.ggufPath, path);
    writeFileSync(join(theirs, "decoy.gguf"), randomBytes(fixture.gguf.length));
    const { store } = openStore(fixture.folder, { catalogue: catalogueOf(fixture.gguf), otherFolders: [join(fixture.root, "lmstudio")] });
    expect(await store.download("tiny", quiet)).toMatchObject({ state: "installed", origin: "linked", path });
    expect(await store.remove("tiny")).toEqual({ freed: 0 });
    expect(readFileSync(path).equals(fixture.gguf)).toBe(true);
    expect(await store.show("tiny")).toMatchObject({ state: "missing" });
  });

  test("does not follow links out of another program's folder", async () => {
    const theirs = join(fixture.root, "ollama");
    mkdirSync(theirs);
    symlinkSync(fixture.ggufPath, join(theirs, "linked.gguf"));
    symlinkSync(fixture.root, join(theirs, "loop"));
    const { store } = openStore(fixture.folder, { catalogue: catalogueOf(fixture.gguf), otherFolders: [theirs] });
    expect(await codeOf(store.download("tiny", quiet))).toBe("DOWNLOAD_FAILED");
  });

  test("fetches again when a linked file is gone", async () => {
    const theirs = join(fixture.root, "theirs");
    mkdirSync(theirs);
    renameSync(fixture.ggufPath, join(theirs, "tiny.gguf"));
    const { store } = openStore(fixture.folder, {
      catalogue: catalogueOf(fixture.gguf),
      fetch,
      endpoint: server.origin,
      otherFolders: [theirs],
    });
    await store.download("tiny", quiet);
    rmSync(join(theirs, "tiny.gguf"));
    await expect(store.resolveGguf("tiny")).rejects.toMatchObject({ code: "MODEL_MISSING", message: expect.stringContaining(theirs) });
    expect(await store.download("tiny", quiet)).toMatchObject({ state: "installed", origin: "fetched" });
  });
});

describe("importing", () => {
  test("copies a GGUF, names it after its file, and removes the copy alone", async () => {
    const { store } = openStore(fixture.folder);
    const model = await store.import(importing(fixture.ggufPath));
    expect(model).toMatchObject({
      id: "tiny-model.q8",
      name: "synthetic",
      role: "chat",
      origin: "imported",
      state: "installed",
      sha256: fixture.sha256,
    });
    expect(readFileSync(model.path ?? "").equals(fixture.gguf)).toBe(true);
    writeFileSync(join(fixture.folder, model.id, "notes.txt"), "mine");
    expect(await store.remove(model.id)).toEqual({ freed: fixture.gguf.length });
    expect(readdirSync(join(fixture.folder, model.id))).toEqual(["notes.txt"]);
    expect(existsSync(fixture.ggufPath)).toBe(true);
    expect(await codeOf(store.show(model.id))).toBe("NOT_FOUND");
  });

  test("reads a file where it lies, and only forgets it", async () => {
    const { store } = openStore(fixture.folder);
    const model = await store.import(importing(fixture.ggufPath, false));
    expect(model).toMatchObject({ origin: "linked", path: fixture.ggufPath });
    expect(await store.remove(model.id)).toEqual({ freed: 0 });
    expect(existsSync(fixture.ggufPath)).toBe(true);
  });

  test("recognises a model of the catalogue by its hash", async () => {
    const { store } = openStore(fixture.folder, { catalogue: catalogueOf(fixture.gguf) });
    const model = await store.import(importing(fixture.ggufPath));
    expect(model).toMatchObject({ id: "tiny", name: "Tiny", licence: "MIT", path: join(fixture.folder, "tiny", "tiny.gguf") });
  });

  test("brings the same file once, and another of the same name beside it", async () => {
    const { store } = openStore(fixture.folder);
    const first = await store.import(importing(fixture.ggufPath));
    expect((await store.import(importing(fixture.ggufPath))).id).toBe(first.id);
    const changed = Buffer.from(fixture.gguf);
    changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
    writeFileSync(fixture.ggufPath, changed);
    expect((await store.import(importing(fixture.ggufPath))).id).toBe(`${first.id}-2`);
  });

  test.each([
    ["cut", () => fixture.gguf.subarray(0, fixture.gguf.length - 1)],
    ["garbage", () => randomBytes(50_000)],
    ["empty", () => Buffer.alloc(0)],
  ])("refuses a %s GGUF and leaves the store as it was", async (_what, bytes) => {
    writeFileSync(fixture.ggufPath, bytes());
    const { store } = openStore(fixture.folder);
    expect(await codeOf(store.import(importing(fixture.ggufPath)))).toBe("MODEL_INVALID");
    expect(existsSync(fixture.folder)).toBe(false);
  });

  test("refuses what is not there, and a role that the file has not", async () => {
    const { store } = openStore(fixture.folder);
    expect(await codeOf(store.import(importing(join(fixture.root, "absent.gguf"))))).toBe("NOT_FOUND");
    expect(await codeOf(store.import({ ...importing(fixture.ggufPath), role: "embedding" }))).toBe("NOT_SUPPORTED");
  });

  test("stopped in the middle keeps nothing", async () => {
    const { store } = openStore(fixture.folder);
    const stopped = AbortSignal.abort();
    await expect(store.import({ ...importing(fixture.ggufPath), signal: stopped })).rejects.toThrow();
    expect(existsSync(fixture.folder)).toBe(false);
  });

  test("takes an ONNX folder with what it says about itself", async () => {
    const folder = join(fixture.root, "Words");
    await writeEmbeddingModel(folder, { boat: [1, 0], sea: [0, 1] });
    writeFileSync(join(folder, "config.json"), JSON.stringify({ model_type: "bert", architectures: ["BertModel"], hidden_size: 2 }));
    mkdirSync(join(folder, "1_Pooling"));
    writeFileSync(join(folder, "1_Pooling/config.json"), JSON.stringify({ pooling_mode_cls_token: true }));
    writeFileSync(join(folder, "config_sentence_transformers.json"), JSON.stringify({ prompts: { query: "query: " } }));
    const { store } = openStore(fixture.folder);
    const model = await store.import(importing(folder));
    expect(model).toMatchObject({ id: "words", role: "embedding", dimensions: 2 });
    expect(await store.resolveOnnx("words")).toMatchObject({
      folder: join(fixture.folder, "words"),
      dtype: "fp32",
      pooling: "cls",
      queryPrefix: "query: ",
      dimensions: 2,
    });
    expect(statSync(join(fixture.folder, "words", "tokenizer.json")).size).toBeGreaterThan(0);
    expect(readFileSync(join(fixture.folder, "words", "onnx/model.onnx")).length).toBeGreaterThan(0);
  });

  test("knows a cross-encoder from an embedder", async () => {
    await writeRerankModel(join(fixture.root, "judge"), { boat: 2 });
    const config = { model_type: "bert", architectures: ["BertForSequenceClassification"], hidden_size: 8 };
    writeFileSync(join(fixture.root, "judge", "config.json"), JSON.stringify(config));
    const { store } = openStore(fixture.folder);
    expect(await store.import(importing(join(fixture.root, "judge")))).toMatchObject({ role: "reranker" });
  });

  test("refuses an incomplete ONNX folder and names what it lacks", async () => {
    const folder = join(fixture.root, "half");
    await writeEmbeddingModel(folder, { boat: [1, 0] });
    rmSync(join(folder, "tokenizer.json"));
    const { store } = openStore(fixture.folder);
    await expect(store.import(importing(folder))).rejects.toMatchObject({
      code: "MODEL_INVALID",
      message: expect.stringContaining("tokenizer.json"),
    });
  });
});

describe("what is learned", () => {
  test("belongs to the file's hash and survives the process", async () => {
    const { store } = online();
    await store.download("tiny", quiet);
    await store.learn(fixture.sha256, { memoryBytes: 5_000_000_000, speed: { tokensPerSecond: 20 } });
    await store.learn(fixture.sha256, { probe: { ok: true, message: "", at: 1 } });
    const again = openStore(fixture.folder, { catalogue: catalogueOf(fixture.gguf) });
    expect(await again.store.show("tiny")).toMatchObject({
      probed: "ok",
      speed: { tokensPerSecond: 20 },
      fit: { learned: true, required: 5_000_000_000 },
    });
  });

  test("of one file says nothing about another under the same name", async () => {
    const { store } = online();
    await store.download("tiny", quiet);
    await store.learn(sha256Of(Buffer.from("another")), { probe: { ok: false, message: "", at: 1 } });
    expect(await store.show("tiny")).toMatchObject({ probed: "never" });
  });
});

describe("removing", () => {
  test("takes what was fetched, its beginnings and its empty folders, and nothing else", async () => {
    const { store } = online();
    await store.download("tiny", quiet);
    writeFileSync(join(fixture.folder, "tiny", "tiny.gguf.part"), "rest");
    expect(await store.remove("tiny")).toEqual({ freed: fixture.gguf.length + 4 });
    expect(readdirSync(fixture.folder)).toEqual(["store.json"]);
  });

  test("of an unknown model is refused", async () => {
    expect(await codeOf(online().store.remove("nobody"))).toBe("NOT_FOUND");
  });
});
