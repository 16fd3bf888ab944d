import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createArbiter } from "../../src/main/engines/arbiter.ts";
import { createEngineHost } from "../../src/main/engines/engine-host.ts";
import type { EngineHost } from "../../src/main/engines/engine.ts";
import { entryUrl } from "../../src/main/engines/entries.ts";
import type { InferenceConfig, InferenceProtocol, OnnxModel } from "../../src/main/engines/inference/protocol.ts";
import { inferenceThreads } from "../../src/main/engines/inference/threads.ts";
import { threadSpawner } from "../../src/main/engines/spawn-thread.ts";
import { codeOf, recordingLog } from "../helpers/engine-hosts.ts";
import { writeEmbeddingModel, writeRerankModel } from "../helpers/synthetic-onnx.ts";

const words = { cat: [1, 0, 0], dog: [0, 2, 0], bird: [0, 0, 3], query: [5, 5, 5], poison: [Number.NaN, 0, 0], nothing: [0, 0, 0] };

let folder: string;
let host: EngineHost<InferenceProtocol>;
let model: OnnxModel;
let reranker: OnnxModel;

function openHost(loadedModels = 2): EngineHost<InferenceProtocol> {
  return createEngineHost<InferenceConfig, InferenceProtocol>({
    name: "inference",
    config: { loadedModels },
    spawn: threadSpawner(entryUrl("inference")),
    arbiter: createArbiter({ cores: 2 }),
    threads: inferenceThreads,
    idleMs: 60_000,
    log: recordingLog().log,
    now: () => performance.now(),
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "croft-inference-"));
  model = await writeEmbeddingModel(join(folder, "embedder"), words);
  reranker = await writeRerankModel(join(folder, "reranker"), { good: 2, bad: -2, fine: 0.5 });
  host = openHost();
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

const embed = async (texts: string[], options: Partial<InferenceProtocol["embed"]["input"]> = {}) => {
  const output = await host.call("embed", { model, texts, kind: "passage", threads: 1, ...options });
  const rows = texts.map((_, row) => [...output.vectors.subarray(row * 3, row * 3 + 3)].map((value) => Math.round(value * 1_000) / 1_000));
  return { ...output, rows };
};

describe("embed", () => {
  it("gives each text its own vector of length 1, in the order given (sorting by length must not leak out)", async () => {
    const { rows } = await embed(["dog cat cat cat cat", "bird", "cat dog"]);
    expect(rows).toEqual([
      [0.894, 0.447, 0],
      [0, 0, 1],
      [0.447, 0.894, 0],
    ]);
  });

  it("gives the same vector alone and beside longer texts (padding must not count)", async () => {
    const alone = await embed(["cat dog"]);
    const together = await embed(["cat dog", "bird bird bird", "dog cat bird"]);
    expect(together.rows[0]).toEqual(alone.rows[0]);
  });

  it("takes the first token's state for cls pooling", async () => {
    const cls = await writeEmbeddingModel(join(folder, "cls"), words, { pooling: "cls" });
    // [CLS] has the zero vector in this model, and a vector without direction is refused.
    expect(await codeOf(host.call("embed", { model: cls, texts: ["cat"], kind: "passage", threads: 1 }))).toBe("MODEL_INVALID");
  });

  it("puts the prefix before queries and never before passages", async () => {
    const prefixed = { ...model, queryPrefix: "query " };
    const { rows: asQuery } = await embed(["cat"], { model: prefixed, kind: "query" });
    const { rows: asPassage } = await embed(["cat"], { model: prefixed });
    expect(asQuery[0]).toEqual([0.647, 0.539, 0.539]);
    expect(asPassage[0]).toEqual([1, 0, 0]);
  });

  it("reports texts that lost their end", async () => {
    const long = `${"cat ".repeat(14)}dog dog`;
    const { truncated, rows } = await embed(["cat", long, "bird"]);
    expect(truncated).toEqual([1]);
    expect(rows[1]).toEqual([1, 0, 0]);
  });

  it("takes no text at all", async () => {
    expect((await embed([])).vectors).toHaveLength(0);
  });

  it.each(["poison", "nothing"])("refuses the vector of '%s', which has no direction (the index would store it silently)", async (text) => {
    await expect(embed(["cat", text])).rejects.toMatchObject({ code: "MODEL_INVALID" });
  });

  it("refuses a model of another width", async () => {
    await expect(embed(["cat"], { model: { ...model, dimensions: 4 } })).rejects.toMatchObject({
      code: "MODEL_INVALID",
      hint: expect.stringContaining("models page"),
    });
  });

  it("says how long loading took, once", async () => {
    await host.call("unload", {});
    expect((await embed(["cat"])).loadMs).toBeGreaterThan(0);
    expect((await embed(["cat"])).loadMs).toBe(0);
  });
});

describe("rerank", () => {
  it("scores passages by the pair, 0–1, in the order given", async () => {
    const { scores } = await host.call("rerank", {
      model: reranker,
      query: "good good good",
      texts: ["bad", "good fine", "unknown"],
      threads: 1,
      budgetMs: 10_000,
    });
    const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));
    expect(scores.map((score) => score?.toFixed(4))).toEqual([-2, 2.5, 0].map((logit) => sigmoid(logit).toFixed(4)));
  });

  it("leaves what the budget does not reach unscored, from the end", async () => {
    const texts = Array.from({ length: 2_000 }, () => "good fine bad good fine");
    const { scores } = await host.call("rerank", { model: reranker, query: "good", texts, threads: 1, budgetMs: 0 });
    const scored = scores.findIndex((score) => score === null);
    expect(scored).toBeGreaterThan(0);
    expect(scores.slice(scored).every((score) => score === null)).toBe(true);
  });

  it("refuses an embedder", async () => {
    expect(await codeOf(host.call("rerank", { model, query: "cat", texts: ["dog"], threads: 1, budgetMs: 1_000 }))).toBe("MODEL_INVALID");
  });
});

describe("broken model folders", () => {
  const embedWith = (broken: OnnxModel) => host.call("embed", { model: broken, texts: ["cat"], kind: "passage", threads: 1 });

  it("names a missing file, and finds it once it is there (a failed load must not stick)", async () => {
    const path = join(folder, "incomplete");
    const broken = await writeEmbeddingModel(path, words);
    await rm(join(path, "tokenizer.json"));
    await expect(embedWith(broken)).rejects.toMatchObject({ code: "MODEL_MISSING", data: { file: "tokenizer.json" } });
    await writeEmbeddingModel(path, words);
    await expect(embedWith(broken)).resolves.toBeDefined();
  });

  it("refuses weights that are cut off", async () => {
    const path = join(folder, "cut");
    const broken = await writeEmbeddingModel(path, words);
    await truncate(join(path, "onnx/model.onnx"), 200);
    expect(await codeOf(embedWith(broken))).toBe("MODEL_INVALID");
  });

  it.each(["config.json", "tokenizer.json", "onnx/model.onnx"])("refuses garbage in %s", async (file) => {
    const path = join(folder, "garbage", file.replace("/", "-"));
    const broken = await writeEmbeddingModel(path, words);
    await writeFile(join(path, file), "no model");
    expect(await codeOf(embedWith(broken))).toBe("MODEL_INVALID");
  });

  it("asks for the weights of the type wanted", async () => {
    await expect(embedWith({ ...model, dtype: "q8" })).rejects.toMatchObject({
      code: "MODEL_MISSING",
      data: { file: "onnx/model_quantized.onnx" },
    });
  });
});

describe("the life of the engine", () => {
  it("cancels between batches and works on", async () => {
    const texts = Array.from({ length: 200_000 }, (_, index) => (index % 2 ? "cat dog" : "bird"));
    const controller = new AbortController();
    const call = host.call("embed", { model, texts, kind: "passage", threads: 1 }, { signal: controller.signal, priority: "background" });
    await embed(["cat"]);
    controller.abort();
    expect(await codeOf(call)).toBe("ABORTED");
    expect((await embed(["cat"])).rows).toEqual([[1, 0, 0]]);
  });

  it("frees the least recently used model for another, and loads it again", async () => {
    const small = openHost(1);
    const second = await writeEmbeddingModel(join(folder, "second"), words);
    const load = async (which: OnnxModel) =>
      (await small.call("embed", { model: which, texts: ["cat"], kind: "passage", threads: 1 })).loadMs;
    expect(await load(model)).toBeGreaterThan(0);
    expect(await load(second)).toBeGreaterThan(0);
    expect(await load(second)).toBe(0);
    expect(await load(model)).toBeGreaterThan(0);
    await small.close();
  });

  it("serves two models at once although it keeps only one (the one in use must not be freed)", async () => {
    const small = openHost(1);
    const second = await writeEmbeddingModel(join(folder, "third"), words);
    const call = (which: OnnxModel) =>
      small.call("embed", { model: which, texts: Array.from({ length: 500 }, () => "cat"), kind: "passage", threads: 1 });
    const outputs = await Promise.all([call(model), call(second), call(model)]);
    expect(outputs.map(({ vectors }) => vectors.length)).toEqual([1_500, 1_500, 1_500]);
    await small.close();
  });

  it("stops in the middle of work without harm and starts again", async () => {
    const texts = Array.from({ length: 20_000 }, () => "cat dog bird");
    const own = openHost();
    const work = own.call("embed", { model, texts, kind: "passage", threads: 2 });
    const [code] = await Promise.all([codeOf(work), own.close()]);
    expect(code).toBe("CLOSED");
    expect(own.state).toBe("stopped");
  });
});
