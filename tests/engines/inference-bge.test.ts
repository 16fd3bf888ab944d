import { AutoModel, AutoTokenizer } from "@xenova/transformers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createArbiter } from "../../src/main/engines/arbiter.ts";
import { createEngineHost } from "../../src/main/engines/engine-host.ts";
import type { EngineHost } from "../../src/main/engines/engine.ts";
import { entryUrl } from "../../src/main/engines/entries.ts";
import type { InferenceConfig, InferenceProtocol, OnnxModel } from "../../src/main/engines/inference/protocol.ts";
import { inferenceThreads } from "../../src/main/engines/inference/threads.ts";
import { threadSpawner } from "../../src/main/engines/spawn-thread.ts";
import { codeOf, recordingLog } from "../helpers/engine-hosts.ts";
import { modelFolder, skipReason } from "../helpers/models.ts";

const id = "bge-small-en-v1.5";
const reason = skipReason(id);

describe.skipIf(reason)(`the starter embedder${reason ? ` (skipped: ${reason})` : ""}`, () => {
  const model: OnnxModel = {
    folder: modelFolder(id) ?? "",
    dtype: "q8",
    pooling: "cls",
    queryPrefix: "Represent this sentence for searching relevant passages: ",
    maxTokens: 512,
    dimensions: 384,
  };
  const passages = [
    "The invoice is due thirty days after it was received.",
    "Photosynthesis turns light, water and carbon dioxide into sugar and oxygen.",
    "A sourdough starter is a culture of wild yeast and lactic acid bacteria.",
    "The committee meets on the first Monday of every month in the town hall.",
  ];
  let host: EngineHost<InferenceProtocol>;
  beforeAll(() => {
    host = createEngineHost<InferenceConfig, InferenceProtocol>({
      name: "inference",
      config: { loadedModels: 2 },
      spawn: threadSpawner(entryUrl("inference")),
      arbiter: createArbiter({ cores: 2 }),
      threads: inferenceThreads,
      idleMs: 60_000,
      log: recordingLog().log,
      now: () => performance.now(),
    });
  });
  afterAll(() => host.close());

  const embed = async (texts: string[], kind: "query" | "passage" = "passage") => {
    const { vectors, truncated } = await host.call("embed", { model, texts, kind, threads: 2 });
    return { truncated, rows: texts.map((_, row) => vectors.subarray(row * 384, (row + 1) * 384)) };
  };
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

  it("finds the passage that answers a question asked in other words", async () => {
    const { rows } = await embed(passages);
    for (const [question, answer] of [
      ["When must the bill be paid?", 0],
      ["How do plants make food?", 1],
      ["What makes bread rise without packaged yeast?", 2],
    ] as const) {
      const query = (await embed([question], "query")).rows[0] ?? new Float32Array();
      const scores = rows.map((row) => dot(query, row));
      expect(scores.indexOf(Math.max(...scores))).toBe(answer);
    }
  });

  it("gives the vector that the library gives for one text alone", async () => {
    const [text = ""] = passages;
    const tokenizer = await AutoTokenizer.from_pretrained(model.folder);
    const network = await AutoModel.from_pretrained(model.folder, { dtype: "q8", device: "cpu" });
    const { last_hidden_state: states } = await network(tokenizer(text));
    const first: Float32Array = states.data.slice(0, 384);
    const norm = Math.sqrt(dot(first, first));
    const own = (await embed([text])).rows[0] ?? new Float32Array();
    expect(dot(own, first) / norm).toBeGreaterThan(0.9999);
    await network.dispose();
  });

  it("gives nearly the same vector in a batch as alone (a wrong mask moves it far away)", async () => {
    const long = passages.join(" ").repeat(3);
    const together = await embed([...passages, long]);
    const alone = await Promise.all(passages.map(async (text) => (await embed([text])).rows[0] ?? new Float32Array()));
    // Activations of a quantised model share one scale in a batch, so the vectors are near, not equal.
    for (const [index, vector] of alone.entries()) expect(dot(vector, together.rows[index] ?? new Float32Array())).toBeGreaterThan(0.98);
  });

  it("cuts at 512 tokens and says so", async () => {
    const { truncated, rows } = await embed(["short", "word ".repeat(600), "word ".repeat(509)]);
    expect(truncated).toEqual([1]);
    expect(dot(rows[1] ?? new Float32Array(), rows[2] ?? new Float32Array())).toBeGreaterThan(0.98);
  });

  it("answers a query while a folder is being indexed, before the folder is done", async () => {
    const done: string[] = [];
    const controller = new AbortController();
    const texts = Array.from({ length: 400 }, (_, index) => `${index} ${passages.join(" ").repeat(2)}`);
    const background = host.call(
      "embed",
      { model, texts, kind: "passage", threads: 2 },
      { priority: "background", signal: controller.signal },
    );
    const ended = background.then(
      () => done.push("folder"),
      () => done.push("folder"),
    );
    await embed(["When must the bill be paid?"], "query");
    done.push("query");
    controller.abort();
    expect(await codeOf(background)).toBe("ABORTED");
    await ended;
    expect(done).toEqual(["query", "folder"]);
  });

  it("is closed in the middle of an ONNX call without harm", async () => {
    const work = embed(Array.from({ length: 100 }, () => passages.join(" ").repeat(4)));
    const [code] = await Promise.all([codeOf(work), host.close()]);
    expect(code).toBe("CLOSED");
    expect(host.state).toBe("stopped");
  });
});
