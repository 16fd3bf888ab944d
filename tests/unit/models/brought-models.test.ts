import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readCatalogue } from "../../../src/main/features/models/catalogue.ts";
import { declaredIdentity, hubEndpoint, hubUrl } from "../../../src/main/features/models/hub.ts";
import { copyCandidate, inspectCandidate } from "../../../src/main/features/models/import-model.ts";
import { findFetched, isPartial } from "../../../src/main/features/models/installed.ts";
import { readOnnxFolder } from "../../../src/main/features/models/read-onnx-folder.ts";
import { removeFiles } from "../../../src/main/features/models/remove-files.ts";
import { diskFault, mismatch } from "../../../src/main/features/models/transfer.ts";
import { AppError, type ErrorCode } from "../../../src/shared/errors.ts";
import { catalogueOf, never, sha256Of } from "../../helpers/model-store.ts";
import { temporaryFolder } from "../../helpers/profile.ts";
import { seeded } from "../../helpers/random-text.ts";
import { writeSyntheticGguf } from "../../helpers/synthetic-gguf.ts";

function put(root: string, files: Record<string, string | Buffer>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}
const onnx = (over: Record<string, string | Buffer> = {}) => ({
  "config.json": JSON.stringify({ architectures: ["BertModel"], hidden_size: 384, max_position_embeddings: 512 }),
  "tokenizer.json": "{}",
  "tokenizer_config.json": JSON.stringify({ model_max_length: 256 }),
  "onnx/model_quantized.onnx": "weights",
  ...over,
});
const without = (name: string) => Object.fromEntries(Object.entries(onnx()).filter(([key]) => key !== name));
const gguf = (folder: string, name = "My Model.Q4.gguf") => {
  const path = join(folder, name);
  writeSyntheticGguf(path);
  return path;
};
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "sound",
    (error: unknown) => (error instanceof AppError ? error.code : `not typed: ${String(error)}`),
  );

describe("an ONNX folder", () => {
  test("says what it is by the files that sentence-transformers writes", async () => {
    const root = put(
      temporaryFolder(),
      onnx({
        "1_Pooling/config.json": JSON.stringify({ pooling_mode_cls_token: true }),
        "config_sentence_transformers.json": JSON.stringify({ prompts: { query: "search: ", document: "" } }),
        "special_tokens_map.json": "{}",
      }),
    );
    expect(await readOnnxFolder(root)).toEqual({
      facts: { dtype: "q8", pooling: "cls", queryPrefix: "search: ", maxTokens: 256, dimensions: 384 },
      role: "embedding",
      files: ["onnx/model_quantized.onnx", "config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"],
    });
  });

  test.each([
    ["no longest input", { "tokenizer_config.json": "{}" }, { maxTokens: 512 }],
    ["an absurd longest input", { "tokenizer_config.json": JSON.stringify({ model_max_length: 1e30 }) }, { maxTokens: 512 }],
    ["a longest input of one", { "tokenizer_config.json": JSON.stringify({ model_max_length: 1 }) }, { maxTokens: 8 }],
    ["a width by its other name", { "config.json": JSON.stringify({ dim: 768 }) }, { dimensions: 768, maxTokens: 256 }],
    [
      "a cross-encoder",
      { "config.json": JSON.stringify({ architectures: ["XForSequenceClassification"], hidden_size: 384 }) },
      { dimensions: 1 },
    ],
  ])("with %s is read sensibly", async (_what, files, facts) => {
    expect((await readOnnxFolder(put(temporaryFolder(), onnx(files)))).facts).toMatchObject(facts);
  });

  // Catches: a folder of a stranger whose numbers or types reach an allocation, a path or a stack.
  test.each<[string, Record<string, string | Buffer>]>([
    ["no config.json", without("config.json")],
    ["no tokenizer.json", without("tokenizer.json")],
    ["no weights", without("onnx/model_quantized.onnx")],
    ["a config.json that is no JSON", onnx({ "config.json": "{" })],
    ["a config.json of other types", onnx({ "config.json": '{"hidden_size":"wide","architectures":7}' })],
    ["a config.json that is a list", onnx({ "config.json": "[]" })],
    ["an absurd width", onnx({ "config.json": '{"hidden_size":1e15}' })],
    ["a negative longest input", onnx({ "tokenizer_config.json": '{"model_max_length":-1}' })],
    ["a prompt of a megabyte", onnx({ "config_sentence_transformers.json": JSON.stringify({ prompts: { query: "x".repeat(1e6) } }) })],
    ["a pooling that is none", onnx({ "1_Pooling/config.json": '"mean"' })],
    ["a config.json without a width", onnx({ "config.json": "{}" })],
    ["an endless config.json", onnx({ "config.json": Buffer.alloc(9 * 2 ** 20, 32) })],
    ["a tokenizer_config.json that is no JSON", onnx({ "tokenizer_config.json": "nonsense" })],
    ["weights that are a folder", { ...without("onnx/model_quantized.onnx"), "onnx/model_quantized.onnx/x": "" }],
  ])("with %s is MODEL_INVALID, with what it needs", async (_what, files) => {
    const reading = readOnnxFolder(put(temporaryFolder(), files));
    await expect(reading).rejects.toMatchObject({ code: "MODEL_INVALID", hint: expect.stringContaining("tokenizer.json") });
  });

  test("takes the weights in full precision where there are no others, with what lies beside them", async () => {
    const root = put(temporaryFolder(), {
      ...without("onnx/model_quantized.onnx"),
      "onnx/model.onnx": "w",
      "onnx/model.onnx_data": "more",
    });
    const { facts, files } = await readOnnxFolder(root);
    expect(facts.dtype).toBe("fp32");
    expect(files).toContain("onnx/model.onnx_data");
  });
});

describe("what a person brings", () => {
  const options = (path: string, over = {}) => ({ path, copy: true, signal: never, ...over });

  test.each<[string, (folder: string) => string, ErrorCode]>([
    ["nothing", (folder) => join(folder, "absent.gguf"), "NOT_FOUND"],
    ["a link to nothing", (folder) => (symlinkSync(join(folder, "gone"), join(folder, "link")), join(folder, "link")), "NOT_FOUND"],
    ["an empty file", (folder) => (writeFileSync(join(folder, "a.gguf"), ""), join(folder, "a.gguf")), "MODEL_INVALID"],
    [
      "a page of a website",
      (folder) => (writeFileSync(join(folder, "a.gguf"), "<!doctype html>".repeat(9)), join(folder, "a.gguf")),
      "MODEL_INVALID",
    ],
    ["a file that was cut off", (folder) => (truncateSync(gguf(folder), 200_000), join(folder, "My Model.Q4.gguf")), "MODEL_INVALID"],
    ["an empty folder", (folder) => folder, "MODEL_INVALID"],
  ])("that is %s is refused before anything is copied", async (_what, make, code) => {
    expect(await codeOf(inspectCandidate(options(make(temporaryFolder()))))).toBe(code);
  });

  test("for a role that the file has not is refused, with what would do", async () => {
    const path = gguf(temporaryFolder());
    for (const role of ["embedding", "reranker", "ocr"] as const)
      expect(await codeOf(inspectCandidate(options(path, { role })))).toBe("NOT_SUPPORTED");
    expect(await codeOf(inspectCandidate(options(put(temporaryFolder(), onnx()), { role: "chat" })))).toBe("NOT_SUPPORTED");
  });

  // Catches: a name of a file that becomes a path, a flag or no id at all.
  test.each([
    ["My Model (v2) Q4_K.gguf", "my-model-v2-q4-k"],
    ["../../etc.gguf".replaceAll("/", "_"), "etc"],
    ["--help.gguf", "help"],
    ["模型.gguf", "model"],
    [`${"x".repeat(150)}.gguf`, "x".repeat(100)],
    ["...gguf.gguf", "gguf"],
  ])("is called %s and known as %s", async (name, id) => {
    expect((await inspectCandidate(options(gguf(temporaryFolder(), name)))).suggestedId).toBe(id);
  });

  test("is hashed, counted and read where it lies, through a link too", async () => {
    const folder = temporaryFolder();
    const path = gguf(folder);
    symlinkSync(path, join(folder, "link.gguf"));
    const bytes = readFileSync(path);
    const { model } = await inspectCandidate(options(join(folder, "link.gguf")));
    expect(model).toMatchObject({
      origin: "linked",
      format: "gguf",
      role: "chat",
      bytes: bytes.length,
      sha256: sha256Of(bytes),
      licence: "unknown",
    });
    expect(existsSync(model.path)).toBe(true);
  });

  test("is copied whole under its names, and nothing else is left", async () => {
    const source = put(temporaryFolder(), onnx());
    const candidate = await inspectCandidate(options(source));
    const target = join(temporaryFolder(), "store", "m");
    const brought = await copyCandidate(candidate, target, never);
    expect(brought).toMatchObject({ origin: "imported", path: target, files: candidate.files });
    for (const name of candidate.files) expect(readFileSync(join(target, name))).toEqual(readFileSync(join(source, name)));
    expect((readdirSync(target, { recursive: true }) as string[]).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  // Catches: a copy of other bytes than were checked, or half of one, under its final name.
  test.each<[string, (path: string) => void, boolean, string]>([
    ["changed meanwhile", (path) => writeFileSync(path, "other bytes"), false, "CHECKSUM_MISMATCH"],
    ["is stopped", () => {}, true, "ABORTED"],
  ])("and that %s leaves nothing in the store", async (_what, meanwhile, stop, code) => {
    const path = gguf(temporaryFolder());
    const candidate = await inspectCandidate(options(path));
    const target = join(temporaryFolder(), "m");
    meanwhile(path);
    expect(await codeOf(copyCandidate(candidate, target, stop ? AbortSignal.abort() : never))).toBe(code);
    expect(existsSync(target) ? readdirSync(target) : []).toEqual([]);
  });
});

describe("the files of a model", () => {
  const bytes = Buffer.from("weights of a model");
  const [model] = catalogueOf(bytes).models;
  if (!model) throw new Error("no model");
  const state = { version: 1 as const, models: {}, hashes: {}, learned: {} };

  test("are a model only with their sizes, and a part of one otherwise", async () => {
    const folder = temporaryFolder();
    expect(await isPartial(model, folder)).toBe(false);
    put(folder, { "tiny.gguf.part": "wei" });
    expect(await isPartial(model, folder)).toBe(true);
    expect(await findFetched(model, folder, state)).toBeUndefined();
    put(folder, { "tiny.gguf": bytes.subarray(1) });
    expect(await findFetched(model, folder, state)).toBeUndefined();
    put(folder, { "tiny.gguf": bytes });
    expect(await findFetched(model, folder, state)).toMatchObject({
      id: "tiny",
      bytes: bytes.length,
      sha256: sha256Of(bytes),
      origin: "fetched",
    });
  });

  // Catches: weights that nothing vouches for and that are loaded into native code.
  test("that nobody pinned are a model only with the hash that they came with", async () => {
    const [unpinned] = catalogueOf(bytes, false).models;
    if (!unpinned) throw new Error("no model");
    const folder = put(temporaryFolder(), { "tiny.gguf": bytes });
    expect(await findFetched(unpinned, folder, state)).toBeUndefined();
    const known = { ...state, hashes: { "tiny/tiny.gguf": { sha256: sha256Of(bytes), bytes: bytes.length } } };
    expect(await findFetched(unpinned, folder, known)).toMatchObject({ sha256: sha256Of(bytes) });
  });

  // Catches: a removal that takes what a person put beside a model, or climbs out of its folder.
  test("are removed with their beginnings and their empty folders, and nothing else", async () => {
    const root = temporaryFolder();
    const folder = put(join(root, "m"), {
      "onnx/model.onnx": "12345",
      "onnx/model.onnx.part": "12",
      "onnx/model.onnx.part.json": "1",
      "mine/notes.txt": "x",
      "config.json": "123",
    });
    put(root, { "other/keep.gguf": "x" });
    expect(await removeFiles(folder, ["onnx/model.onnx", "config.json", "absent.bin"])).toBe(11);
    expect((readdirSync(root, { recursive: true }) as string[]).toSorted()).toEqual([
      "m",
      "m/mine",
      "m/mine/notes.txt",
      "other",
      "other/keep.gguf",
    ]);
    expect(await removeFiles(join(root, "never-there"), ["a"])).toBe(0);
    await removeFiles(folder, ["mine/notes.txt"]);
    expect(readdirSync(root)).toEqual(["other"]);
  });
});

describe("the hub", () => {
  const answer =
    (headers: Record<string, string>, status = 302): typeof fetch =>
    async () =>
      new Response(null, { status, headers });
  const hash = "a".repeat(64);

  // Catches: a size or a hash of something else than the file: a page of errors, a tag that is none, an absurd number.
  test.each<[string, Record<string, string>, number, object]>([
    ["size and hash", { "x-linked-size": "42", "x-linked-etag": `"${hash}"` }, 302, { bytes: 42, sha256: hash }],
    ["a weak tag", { "x-linked-size": "42", "x-linked-etag": `W/"${hash}"` }, 302, { bytes: 42, sha256: hash }],
    ["a tag of git", { "content-length": "7", "x-linked-etag": '"abc"' }, 200, { bytes: 7 }],
    ["a redirect without a size", { "content-length": "1200" }, 302, {}],
    ["a page of errors", { "content-length": "99" }, 404, {}],
    ["nothing", {}, 200, {}],
    ["a size of nothing", { "x-linked-size": "0" }, 302, {}],
    ["a size that is none", { "x-linked-size": "-1", "x-linked-etag": `"${hash.toUpperCase()}"` }, 302, {}],
    ["an absurd size", { "x-linked-size": "1e99" }, 302, {}],
  ])("declares with %s", async (_what, headers, status, identity) => {
    expect(await declaredIdentity(answer(headers, status), "https://hub.example/a", never)).toEqual(identity);
  });

  test("is the mirror that the environment names, without a slash too many", () => {
    expect(hubEndpoint({ HF_ENDPOINT: "https://mirror.example//" })).toBe("https://mirror.example");
    expect(hubEndpoint({ HF_ENDPOINT: "" })).toBe(hubEndpoint({}));
    const source = { type: "hub", repo: "a/b", file: "c/d.gguf" } as const;
    expect(hubUrl("https://hub.example", source)).toBe("https://hub.example/a/b/resolve/main/c/d.gguf");
    expect(hubUrl("https://hub.example", { ...source, revision: "v2" })).toBe("https://hub.example/a/b/resolve/v2/c/d.gguf");
  });
});

describe("faults of the disk and of a source", () => {
  test.each([
    ["ENOSPC", "DISK_FULL"],
    ["EDQUOT", "DISK_FULL"],
    ["EROFS", "STORAGE_READONLY"],
    ["EACCES", "STORAGE_READONLY"],
    ["EPERM", "STORAGE_READONLY"],
  ])("%s is %s, with what to do", (code, expected) => {
    expect(diskFault(Object.assign(new Error("x"), { code }))).toMatchObject({ code: expected, hint: expect.any(String) });
  });

  test("everything else stays what it is", () => {
    for (const error of [new Error("x"), Object.assign(new Error("x"), { code: "EIO" }), "text", undefined])
      expect(diskFault(error)).toBe(error);
  });

  test("another file than was asked for says that it was discarded", () => {
    expect(mismatch("https://hub.example/a", "it has 3 bytes")).toMatchObject({
      code: "CHECKSUM_MISMATCH",
      message: expect.stringMatching(/3 bytes.*discarded/),
      hint: expect.any(String),
    });
  });
});

describe("a catalogue that somebody changed", () => {
  // Catches: an entry that is believed though a part of it is of another type, missing or unknown.
  test("is read whole or refused, whatever one change does to it", async () => {
    const folder = temporaryFolder();
    const good = { version: 1, models: [catalogueOf(Buffer.from("weights")).models[0]] };
    const values: unknown[] = [null, 7, -1, "", "../../x", [], {}, true, "x".repeat(50), "__proto__", 1e308];
    const paths: (string | number)[][] = [];
    const walk = (value: unknown, path: (string | number)[]): void => {
      if (path.length > 0) paths.push(path);
      if (typeof value === "object" && value !== null) for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
    };
    walk(good, []);
    let refused = 0;
    const random = seeded(7);
    for (const path of paths) {
      for (const value of values) {
        if (random() < 0.7) continue;
        const copy: unknown = structuredClone(good);
        let target: unknown = copy;
        for (const key of path.slice(0, -1)) target = Reflect.get(Object(target), key);
        Reflect.set(Object(target), path.at(-1) ?? "", value);
        writeFileSync(join(folder, "models.json"), JSON.stringify(copy));
        const outcome = await codeOf(readCatalogue(folder));
        expect(["sound", "INTERNAL"], `${path.join(".")} = ${String(value)}`).toContain(outcome);
        if (outcome === "INTERNAL") refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(50);
  });
});
