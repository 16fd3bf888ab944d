import { describe, expect, it } from "vitest";
import { fakeHost } from "../../../src/main/engines/fakes/fake-host.ts";
import { bagOfWords } from "../../../src/main/engines/fakes/fake-vectors.ts";
import type { EngineHost, Priority } from "../../../src/main/engines/engine.ts";
import type { EmbedInput, InferenceProtocol, OnnxModel } from "../../../src/main/engines/inference/protocol.ts";
import { createEmbedding } from "../../../src/main/features/knowledge/indexing/embedding.ts";
import { AppError } from "../../../src/shared/errors.ts";

const model: OnnxModel = { folder: "/m", dtype: "q8", pooling: "cls", queryPrefix: "", maxTokens: 512, dimensions: 16 };
const never = new AbortController().signal;

type Call = { texts: string[]; kind: EmbedInput["kind"]; priority: Priority | undefined; threads: number };

/** An embedding over an engine without weights; `before` runs at the beginning of each batch, in the engine. */
function setUp(before: (input: EmbedInput, signal: AbortSignal) => Promise<void> | void = () => {}) {
  const calls: Call[] = [];
  const engine = fakeHost<InferenceProtocol>("inference", async () => ({
    methods: {
      async embed(input, { signal }) {
        await before(input, signal);
        signal.throwIfAborted();
        const vectors = new Float32Array(input.texts.length * input.model.dimensions);
        input.texts.forEach((text, index) => vectors.set(bagOfWords(text, input.model.dimensions), index * input.model.dimensions));
        return { vectors, truncated: [], loadMs: 7 };
      },
      rerank: () => Promise.reject(new Error("Nobody asked for this.")),
      chunk: () => Promise.reject(new Error("Nobody asked for this.")),
      unload: async () => null,
    },
    dispose: async () => {},
  }));
  const inference: EngineHost<InferenceProtocol> = {
    ...engine,
    call(method, input, options) {
      if ("kind" in input) calls.push({ texts: input.texts, kind: input.kind, priority: options?.priority, threads: input.threads });
      return engine.call(method, input, options);
    },
  };
  const embedding = createEmbedding({
    inference,
    threads: () => 3,
    async resolveOnnx(id) {
      if (id.includes("missing")) throw new AppError("MODEL_MISSING", `${id} is not installed.`);
      return id.includes("wide") ? { ...model, folder: "/wide", dimensions: 32 } : model;
    },
  });
  return { embedding, calls };
}

const textsOf = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix} number ${index}`);

describe("passages", () => {
  // Catches one engine call a document, which makes a folder of small files cost what as many large ones do.
  it("of documents that come at once share a batch, and each gets its own vectors back", async () => {
    const { embedding, calls } = setUp();
    const embedder = await embedding.resolve("local:e");
    const lists = [textsOf("alpha", 3), textsOf("beta", 1), textsOf("gamma", 5)];
    const vectors = await Promise.all(lists.map((texts) => embedding.passages(embedder, texts, never)));
    expect(calls).toMatchObject([{ kind: "passage", priority: "background", threads: 3 }]);
    expect(calls[0]?.texts).toEqual(lists.flat());
    expect(vectors).toEqual(lists.map((texts) => texts.map((text) => bagOfWords(text, 16))));
  });

  // Catches a batch without a bound, whose padding fills the memory, and one that loses its order at the seam.
  it("beyond a batch go into the next, in order", async () => {
    const { embedding, calls } = setUp();
    const texts = textsOf("word", 150);
    const vectors = await embedding.passages(await embedding.resolve("local:e"), texts, never);
    expect(calls.map((call) => call.texts.length)).toEqual([64, 64, 22]);
    expect(vectors).toEqual(texts.map((text) => bagOfWords(text, 16)));
  });

  // Catches vectors that are views of one batch: keeping one would keep sixty-four, and moving one would empty the others.
  it("own the memory of their vectors", async () => {
    const { embedding } = setUp();
    const [first, second] = await embedding.passages(await embedding.resolve("local:e"), ["one", "two"], never);
    expect(first?.buffer).not.toBe(second?.buffer);
    expect(first?.buffer.byteLength).toBe(16 * 4);
  });

  // Catches a queue shared by all models: a text would be embedded by another collection's model.
  it("of two models never share a batch", async () => {
    const { embedding, calls } = setUp();
    const [narrow, wide] = await Promise.all([embedding.resolve("local:e"), embedding.resolve("local:wide")]);
    const [a, b] = await Promise.all([embedding.passages(narrow, ["one"], never), embedding.passages(wide, ["one"], never)]);
    expect(calls.map(({ texts }) => texts)).toEqual([["one"], ["one"]]);
    expect([a[0]?.length, b[0]?.length]).toEqual([16, 32]);
  });

  // Catches an abort that takes the neighbours of its batch with it: cancelling one job would fail files of another.
  it("aborted by one caller end for it at once, and go on for the others of the batch", async () => {
    const stop = new AbortController();
    const { embedding } = setUp(({ texts }) => {
      if (texts.includes("mine")) stop.abort(new AppError("ABORTED", "Enough."));
    });
    const embedder = await embedding.resolve("local:e");
    const mine = embedding.passages(embedder, ["mine"], stop.signal);
    const theirs = embedding.passages(embedder, ["theirs"], never);
    await expect(mine).rejects.toMatchObject({ code: "ABORTED", message: "Enough." });
    expect(await theirs).toEqual([bagOfWords("theirs", 16)]);
  });

  // Catches a cancelled job that computes on: its batch is nobody else's, so the engine must be told.
  it("aborted by the only caller of a batch stop the engine, and what it had waiting is never computed", async () => {
    const stop = new AbortController();
    const { embedding, calls } = setUp(() => stop.abort());
    const embedder = await embedding.resolve("local:e");
    await expect(embedding.passages(embedder, textsOf("x", 130), stop.signal)).rejects.toMatchObject({ name: "AbortError" });
    await embedding.passages(embedder, ["after"], never);
    expect(calls.map(({ texts }) => texts.length)).toEqual([64, 1]);
  });

  // Catches work begun for a caller that has already given up.
  it("of an aborted signal are refused before anything waits", async () => {
    const { embedding, calls } = setUp();
    await expect(embedding.passages(await embedding.resolve("local:e"), ["x"], AbortSignal.abort())).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(calls).toEqual([]);
  });

  // Catches a queue that stays busy after an error: everything after the first bad batch would wait forever.
  it("of a batch that fails reject all of it, and the next batch is computed all the same", async () => {
    const { embedding } = setUp(({ texts }) => {
      if (texts.includes("poison")) throw new AppError("MODEL_INVALID", "The model broke.");
    });
    const embedder = await embedding.resolve("local:e");
    const settled = await Promise.allSettled([
      embedding.passages(embedder, ["poison"], never),
      embedding.passages(embedder, ["neighbour"], never),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await embedding.passages(embedder, ["sound"], never)).toHaveLength(1);
  });

  // Catches half a document that counts as whole because its other batch failed.
  it("of a document whose second batch fails are all refused", async () => {
    const { embedding, calls } = setUp(({ texts }) => {
      if (texts.length < 64) throw new AppError("INTERNAL", "No.");
    });
    await expect(embedding.passages(await embedding.resolve("local:e"), textsOf("x", 70), never)).rejects.toMatchObject({
      code: "INTERNAL",
    });
    expect(calls).toHaveLength(2);
  });

  // Catches a document without a text that waits for a batch that never comes.
  it("of no text are none, without a call", async () => {
    const { embedding, calls } = setUp();
    expect(await embedding.passages(await embedding.resolve("local:e"), [], never)).toEqual([]);
    expect(calls).toEqual([]);
  });

  // Catches a text that was pushed while the queue emptied and is forgotten by it.
  it("that come while a batch is computed are taken up after it", async () => {
    const later: Promise<Float32Array[]>[] = [];
    const { embedding, calls } = setUp(({ texts }) => {
      if (texts[0] === "first") later.push(embedding.passages(embedder, ["second"], never));
    });
    const embedder = await embedding.resolve("local:e");
    await embedding.passages(embedder, ["first"], never);
    expect(await Promise.all(later)).toEqual([[bagOfWords("second", 16)]]);
    expect(calls).toHaveLength(2);
  });
});

describe("a question", () => {
  // Catches a person who waits behind a folder of documents, and a query embedded like a passage.
  it("is embedded as a query and before what is indexed", async () => {
    const { embedding, calls } = setUp();
    const { vector, loadMs } = await embedding.query(await embedding.resolve("local:e"), "where is it", undefined);
    expect(calls).toEqual([{ texts: ["where is it"], kind: "query", priority: "interactive", threads: 3 }]);
    expect(vector).toEqual(bagOfWords("where is it", 16));
    expect(loadMs).toBe(7);
  });

  // Catches sentences of an answer that wait in the queue of documents, or come back in another order.
  it("has its sentences embedded at once, as passages, in order", async () => {
    const { embedding, calls } = setUp();
    const embedder = await embedding.resolve("local:e");
    const texts = textsOf("sentence", 4);
    const vectors = await embedding.sentences(embedder, texts, never);
    expect(calls).toMatchObject([{ kind: "passage", priority: "interactive" }]);
    expect(vectors.map((vector) => [...vector])).toEqual(texts.map((text) => [...bagOfWords(text, 16)]));
  });
});

describe("an embedder", () => {
  // Catches vectors of another way of cutting chunks that are compared with today's.
  it("files its vectors under the model and the version of the chunks", async () => {
    const { embedding } = setUp();
    const embedder = await embedding.resolve("local:e");
    expect(embedder.key).toMatch(/^local:e#\d+$/);
    expect((await embedding.resolve("local:wide")).key).not.toBe(embedder.key);
  });

  // Catches a missing model that shows as an internal error much later.
  it("that is not installed says so when it is named", async () => {
    await expect(setUp().embedding.resolve("local:missing")).rejects.toMatchObject({ code: "MODEL_MISSING" });
  });
});

describe("a passage that is longer than the model reads", () => {
  /** An engine that reads so many words of a text and says where it stopped. */
  function shortSighted(words: number) {
    const read: string[] = [];
    const inference = fakeHost<InferenceProtocol>("inference", async () => ({
      methods: {
        async embed(input) {
          const vectors = new Float32Array(input.texts.length * input.model.dimensions);
          const truncated: number[] = [];
          for (const [index, text] of input.texts.entries()) {
            const all = text.split(/\s+/);
            if (all.length > words) truncated.push(index);
            else read.push(text);
            vectors.set(bagOfWords(all.slice(0, words).join(" "), input.model.dimensions), index * input.model.dimensions);
          }
          return { vectors, truncated, loadMs: 0 };
        },
        rerank: () => Promise.reject(new Error("Nobody asked for this.")),
        chunk: () => Promise.reject(new Error("Nobody asked for this.")),
        unload: async () => null,
      },
      dispose: async () => {},
    }));
    return { embedding: createEmbedding({ inference, threads: () => 1, resolveOnnx: async () => model }), read };
  }

  // Catches vectors that silently stand for the beginning of a passage only.
  it("is embedded in parts, and its end counts as much as its beginning", async () => {
    const { embedding, read } = shortSighted(20);
    const embedder = await embedding.resolve("e");
    const text = `${"barley ".repeat(30)}${"volcano ".repeat(30)}`.trim();
    const [vector, ...others] = await embedding.passages(embedder, [text, "short one"], never);
    expect(read.join(" ").split(/\s+/).sort()).toEqual(`${text} short one`.split(" ").sort());
    expect(others).toHaveLength(1);
    const dot = (word: string) => bagOfWords(word, model.dimensions).reduce((sum, value, at) => sum + value * (vector?.[at] ?? 0), 0);
    expect(dot("volcano")).toBeGreaterThan(0.4);
    expect(dot("barley")).toBeGreaterThan(0.4);
    expect(Math.hypot(...(vector ?? []))).toBeCloseTo(1, 5);
  });

  // Catches halving for ever: a word without end, or characters outside the plane torn in two.
  it("ends, whatever the text is", async () => {
    const { embedding } = shortSighted(0);
    const embedder = await embedding.resolve("e");
    for (const text of ["x".repeat(5000), "😀".repeat(500), " ".repeat(300)])
      expect(await embedding.passages(embedder, [text], never)).toHaveLength(1);
  });
});
