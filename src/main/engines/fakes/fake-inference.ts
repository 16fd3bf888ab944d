import type { CreateEngine, EngineHost } from "../engine.ts";
import { chunkText } from "../inference/chunker.ts";
import type { InferenceProtocol } from "../inference/protocol.ts";
import { fakeHost } from "./fake-host.ts";
import type { FakeHostOptions } from "./fake-host.ts";
import { bagOfWords, wordOverlap, wordsOf } from "./fake-vectors.ts";

/** Embeddings and rerank without weights: deterministic, similar for texts that share words; a word is a token. */
export function createFakeInference(options?: FakeHostOptions): EngineHost<InferenceProtocol> {
  return fakeHost("inference", createFakeInferenceEngine, options);
}

const createFakeInferenceEngine: CreateEngine<Record<string, never>, InferenceProtocol> = async () => ({
  methods: {
    async embed({ model, texts }, { checkpoint }) {
      const vectors = new Float32Array(texts.length * model.dimensions);
      const truncated: number[] = [];
      for (const [index, text] of texts.entries()) {
        await checkpoint();
        const words = wordsOf(text);
        if (words.length > model.maxTokens) truncated.push(index);
        vectors.set(bagOfWords(words.slice(0, model.maxTokens).join(" "), model.dimensions), index * model.dimensions);
      }
      return { vectors, truncated, loadMs: 0 };
    },
    async rerank({ query, texts }, { checkpoint }) {
      const scores: number[] = [];
      for (const text of texts) {
        await checkpoint();
        scores.push(wordOverlap(query, text));
      }
      return { scores, loadMs: 0 };
    },
    chunk: (input, { checkpoint }) => chunkText(input, (text) => wordsOf(text).length, checkpoint),
    unload: async () => null,
  },
  dispose: async () => {},
});
