import { AppError, type ErrorCode } from "../../../../shared/errors.ts";
import type { EngineHost, Priority } from "../../../engines/engine.ts";
import { WORDS_KEY } from "../documents/embedding-store.ts";
import type { InferenceProtocol, OnnxModel } from "../../../engines/inference/protocol.ts";

/** Raised when chunks or their context are made differently: vectors of another version never mix. */
const CHUNKING_VERSION = 1;
/**
 * Texts of one call to the engine. It sorts them by length and splits them by measured time, so that many together
 * waste less on padding; a search gets in between all the same.
 */
const BATCH_TEXTS = 64;

/** What a model cannot read whole although it is so short is one word without end, and is cut. */
const SHORTEST_HALVED = 64;

/** An embedding model as collections use it. `key` files its vectors in the index. */
export type Embedder = { id: string; key: string; model: OnnxModel };

/**
 * What stands in for an embedding model that cannot be used: documents are found by their words. Under its key the index
 * tells which documents it holds, as it does with vectors; what lacks those of the real model is embedded by the next
 * run that has it.
 */
export type WordsOnly = { id: "words"; key: string; model: undefined };
export const wordsOnly: WordsOnly = { id: "words", key: WORDS_KEY, model: undefined };

/** Numbers of a vector. Where there is no model each row has one, always the same, which nothing is ever compared with. */
export const dimensionsOf = ({ model }: Embedder | WordsOnly): number => model?.dimensions ?? 1;

/** Why an embedding model cannot be used; the words of its collections can still be indexed and searched. */
const UNUSABLE: readonly ErrorCode[] = ["MODEL_MISSING", "MODEL_INVALID", "MEMORY_LOW", "NOT_FOUND"];
export const isUnusable = (error: unknown): error is AppError => error instanceof AppError && UNUSABLE.includes(error.code);

/** What the vectors of an embedding model are filed under. */
export const embedderKey = (modelId: string): string => `${modelId}#${CHUNKING_VERSION}`;

export type Embedding = ReturnType<typeof createEmbedding>;

type Waiting = { text: string; resolve: (vector: Float32Array) => void; reject: (error: unknown) => void; signal: AbortSignal };

/**
 * Embeds through the inference engine. Passages of several documents that are indexed at once share batches, so
 * that many small files cost no more than one large.
 */
export function createEmbedding(deps: {
  inference: EngineHost<InferenceProtocol>;
  resolveOnnx: (id: string, signal?: AbortSignal) => Promise<OnnxModel>;
  threads: () => number;
}) {
  const { inference } = deps;
  const queues = new Map<string, { waiting: Waiting[]; isBusy: boolean }>();

  async function pump(embedder: Embedder, queue: { waiting: Waiting[]; isBusy: boolean }): Promise<void> {
    if (queue.isBusy) return;
    queue.isBusy = true;
    // A turn of the loop lets the other documents of this moment join the batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.waiting.length > 0) {
      const batch = queue.waiting.splice(0, BATCH_TEXTS).filter(({ signal }) => !signal.aborted);
      if (batch.length > 0) await embedBatch(embedder, batch);
    }
    queue.isBusy = false;
  }

  async function embedBatch(embedder: Embedder, batch: Waiting[]): Promise<void> {
    const [only] = batch;
    // A batch shared by several documents is only abandoned by all of them together, which is rare: it is short.
    const signal = batch.every((item) => item.signal === only?.signal) ? only?.signal : undefined;
    try {
      const vectors = await embedWhole(
        embedder,
        batch.map(({ text }) => text),
        signal,
      );
      batch.forEach(({ resolve }, index) => resolve(vectors[index] ?? new Float32Array(embedder.model.dimensions)));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  /**
   * One vector a text, of the whole of it: chunks that were made for a model that reads more are embedded in halves, and
   * the mean of their vectors stands for them.
   */
  async function embedWhole(embedder: Embedder, texts: string[], signal: AbortSignal | undefined): Promise<Float32Array[]> {
    const { dimensions } = embedder.model;
    const { vectors, truncated } = await call(embedder, texts, "passage", "background", signal);
    const rows: Float32Array[] = texts.map((_, index) => vectors.slice(index * dimensions, (index + 1) * dimensions));
    const long = truncated.flatMap((index) => {
      const text = texts[index] ?? "";
      return text.length >= SHORTEST_HALVED ? [{ index, halves: halvesOf(text) }] : [];
    });
    if (long.length === 0) return rows;
    const parts = await embedWhole(
      embedder,
      long.flatMap(({ halves }) => halves),
      signal,
    );
    long.forEach(({ index }, at) => (rows[index] = meanOf(parts.slice(2 * at, 2 * at + 2), dimensions)));
    return rows;
  }

  const call = (embedder: Embedder, texts: string[], kind: "query" | "passage", priority: Priority, signal: AbortSignal | undefined) =>
    inference.call("embed", { model: embedder.model, texts, kind, threads: deps.threads() }, { signal, priority });

  return {
    /** @throws MODEL_MISSING when the model is not installed · MODEL_INVALID when its probe failed · ABORTED */
    async resolve(modelId: string, signal?: AbortSignal): Promise<Embedder> {
      const model = await deps.resolveOnnx(modelId, signal);
      return { id: modelId, key: embedderKey(modelId), model };
    },

    /** One vector of length 1 for each text, in order. */
    async passages(embedder: Embedder | WordsOnly, texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
      signal.throwIfAborted();
      if (embedder.model === undefined) return texts.map(() => Float32Array.of(1));
      const queue = queues.get(embedder.key) ?? { waiting: [], isBusy: false };
      queues.set(embedder.key, queue);
      const aborted = Promise.withResolvers<never>();
      const onAbort = () => aborted.reject(signal.reason);
      signal.addEventListener("abort", onAbort);
      const vectors = texts.map((text) => {
        return new Promise<Float32Array>((resolve, reject) => queue.waiting.push({ text, resolve, reject, signal }));
      });
      void pump(embedder, queue);
      try {
        return await Promise.race([Promise.all(vectors), aborted.promise]);
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },

    /** Vectors of sentences, for a person who waits: not queued behind documents. */
    async sentences(embedder: Embedder, texts: string[], signal: AbortSignal): Promise<Float32Array[]> {
      const { vectors } = await call(embedder, texts, "passage", "interactive", signal);
      return texts.map((_, index) => vectors.subarray(index * embedder.model.dimensions, (index + 1) * embedder.model.dimensions));
    },

    async query(embedder: Embedder, text: string, signal: AbortSignal | undefined): Promise<{ vector: Float32Array; loadMs: number }> {
      const { vectors, loadMs } = await call(embedder, [text], "query", "interactive", signal);
      return { vector: vectors, loadMs };
    },
  };
}

/** A text in two, between words where there are any, and never within a character. */
function halvesOf(text: string): [string, string] {
  const middle = text.length >> 1;
  const space = text.lastIndexOf(" ", middle);
  const at = space > text.length / 4 ? space : middle - (/[\ud800-\udbff]/.test(text.charAt(middle - 1)) ? 1 : 0);
  return [text.slice(0, at), text.slice(at).trimStart()];
}

/** The mean direction of vectors of length 1, of length 1 itself. */
function meanOf(vectors: readonly Float32Array[], dimensions: number): Float32Array {
  const sum = new Float32Array(dimensions);
  for (const vector of vectors) for (let index = 0; index < dimensions; index += 1) sum[index] = (sum[index] ?? 0) + (vector[index] ?? 0);
  const length = Math.hypot(...sum) || 1;
  return sum.map((value) => value / length);
}
