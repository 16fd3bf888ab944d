import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createArbiter } from "../../src/main/engines/arbiter.ts";
import { createEngineHost } from "../../src/main/engines/engine-host.ts";
import type { EngineHost } from "../../src/main/engines/engine.ts";
import { entryUrl } from "../../src/main/engines/entries.ts";
import { createFakeInference } from "../../src/main/engines/fakes/fake-inference.ts";
import type { InferenceConfig, InferenceProtocol, OnnxModel } from "../../src/main/engines/inference/protocol.ts";
import { inferenceThreads } from "../../src/main/engines/inference/threads.ts";
import { threadSpawner } from "../../src/main/engines/spawn-thread.ts";
import { codeOf, recordingLog, untilState } from "../helpers/engine-hosts.ts";
import { writeEmbeddingModel, writeRerankModel } from "../helpers/synthetic-onnx.ts";

/** What features rely on, asked of the engine with models and of the fake alike: a fake that differs hides faults. */
const words = Object.fromEntries(
  ["invoice", "amount", "due", "cat", "sleeps", "sofa"].map((word, at) => [
    word,
    Array.from({ length: 6 }, (_, index) => (index === at ? 1 : 0)),
  ]),
);
let folder: string;
let embedder: OnnxModel;
let reranker: OnnxModel;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "croft-fakes-"));
  embedder = await writeEmbeddingModel(join(folder, "embedder"), words);
  reranker = await writeRerankModel(join(folder, "reranker"), { invoice: 3, amount: 2, due: 1, cat: -3, sleeps: -2, sofa: -1 });
});
afterAll(() => rm(folder, { recursive: true }));

const openReal = () =>
  createEngineHost<InferenceConfig, InferenceProtocol>({
    name: "inference",
    config: { loadedModels: 2 },
    spawn: threadSpawner(entryUrl("inference")),
    arbiter: createArbiter({ cores: 2 }),
    threads: inferenceThreads,
    idleMs: 60_000,
    log: recordingLog().log,
    now: () => performance.now(),
  });

describe.each([
  ["with models", openReal],
  ["as fake", () => createFakeInference()],
])("inference %s", (_, open) => {
  let host: EngineHost<InferenceProtocol>;
  beforeAll(() => {
    host = open();
  });
  afterAll(() => host.close());

  const embed = async (texts: string[]) => {
    const { vectors, truncated } = await host.call("embed", { model: embedder, texts, kind: "passage", threads: 1 });
    const row = (index: number) => vectors.subarray(index * embedder.dimensions, (index + 1) * embedder.dimensions);
    return { vectors, truncated, row };
  };
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

  it("gives rows of length 1 in order, the same each time", async () => {
    const { vectors, row } = await embed(["invoice amount", "cat sleeps"]);
    expect(vectors).toHaveLength(2 * embedder.dimensions);
    expect(dot(row(0), row(0))).toBeCloseTo(1, 5);
    const again = await embed(["cat sleeps"]);
    expect(dot(again.row(0), row(1))).toBeCloseTo(1, 5);
  });

  it("puts texts that share words nearer than texts that do not", async () => {
    const { row } = await embed(["invoice amount due", "amount due", "cat sleeps sofa"]);
    expect(dot(row(0), row(1))).toBeGreaterThan(dot(row(0), row(2)));
  });

  it("reports texts longer than the model reads", async () => {
    expect((await embed(["cat", "cat sofa ".repeat(30)])).truncated).toEqual([1]);
  });

  it("scores the passage that fits the query highest, 0–1", async () => {
    const { scores } = await host.call("rerank", {
      model: reranker,
      query: "invoice amount",
      texts: ["cat sleeps", "invoice amount due"],
      threads: 1,
      budgetMs: 10_000,
    });
    expect(scores[1]).toBeGreaterThan(scores[0] ?? 1);
    for (const score of scores) expect(score).toSatisfy((value: number) => value >= 0 && value <= 1);
  });

  it("cuts text into chunks that are exact slices within the token bound", async () => {
    const text = Array.from({ length: 40 }, (__, index) => `The invoice number ${index} is due. The cat sleeps.`).join(" ");
    const blocks = [{ kind: "paragraph" as const, start: 0, end: text.length }];
    const chunks = await host.call("chunk", { model: embedder, text, blocks, title: "Invoices", maxTokens: 60 });
    expect(chunks.length).toBeGreaterThan(3);
    for (const chunk of chunks) {
      expect(chunk.tokens).toBeLessThanOrEqual(60);
      expect(chunk.section.start).toBeLessThanOrEqual(chunk.start);
    }
    // Chunks may overlap, but leave nothing out but white space.
    let covered = 0;
    for (const { start, end } of chunks) {
      expect(text.slice(covered, start).trim()).toBe("");
      covered = end;
    }
    expect(covered).toBe(text.length);
  });

  it("cancels and stops cooperatively", async () => {
    const controller = new AbortController();
    const call = host.call(
      "embed",
      { model: embedder, texts: Array.from({ length: 50_000 }, () => "cat"), kind: "passage", threads: 1 },
      { signal: controller.signal },
    );
    await untilState(host, "busy");
    controller.abort();
    expect(await codeOf(call)).toBe("ABORTED");
    expect((await embed(["cat"])).vectors).toHaveLength(embedder.dimensions);
    await host.stop();
    expect(host.state).toBe("stopped");
  });
});
