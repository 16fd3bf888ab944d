import type { ChatModel } from "../../../providers/chat-model.ts";

/** Units of text a token stands for, on average over English and German. */
export const UNITS_PER_TOKEN = 4.2;
/** What a chat template puts around a message, at most. */
const AROUND_A_MESSAGE = 8;
const KEPT = 2000;

export type Counter = { counted: "tokenizer" | "estimate"; count(texts: readonly string[], signal: AbortSignal): Promise<number[]> };

export const estimateTokens = (length: number): number => (length === 0 ? 0 : Math.ceil(length / UNITS_PER_TOKEN) + AROUND_A_MESSAGE);

/** For a model that is not loaded: to load it for a number would take seconds and memory. */
export const estimating: Counter = {
  counted: "estimate",
  count: (texts) => Promise.resolve(texts.map(({ length }) => estimateTokens(length))),
};

/** Counts by the models' tokenizers, each text once. */
export function createTokenCounter() {
  const known = new Map<string, number>();
  return (model: Pick<ChatModel, "id" | "countTokens">): Counter => ({
    counted: "tokenizer",
    async count(texts, signal) {
      const keyOf = (text: string) => `${model.id}\n${text}`;
      const unknown = [...new Set(texts)].filter((text) => text !== "" && !known.has(keyOf(text)));
      const counts = unknown.length === 0 ? [] : await model.countTokens(unknown, { signal });
      const fresh = new Map(unknown.map((text, index) => [text, counts[index] ?? 0]));
      const result = texts.map((text) => (text === "" ? 0 : (fresh.get(text) ?? known.get(keyOf(text)) ?? 0) + AROUND_A_MESSAGE));
      for (const [text, count] of fresh) known.set(keyOf(text), count);
      for (const oldest of known.keys()) if (known.size > KEPT) known.delete(oldest);
      return result;
    },
  });
}
