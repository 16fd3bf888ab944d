import { AutoTokenizer } from "@xenova/transformers";
import { loadFrom, tokenizerFiles } from "./model-files.ts";
import type { OnnxModel } from "./protocol.ts";

/** One tokenized input; both arrays have the same length. */
export type Encoding = { ids: number[]; types: number[] };

export type LoadedTokenizer = {
  padId: number;
  /** Token ids with the model's special tokens, cut to `maxTokens`; `cut` when something was lost. */
  encode(text: string, maxTokens: number, pair?: string): Encoding & { cut: boolean };
  /** Tokens without special ones. */
  countTokens(text: string): number;
  dispose(): Promise<void>;
};

/** Hardly any text has more UTF-16 units a token than this; a longer one need not be tokenized whole to be cut. */
const unitsPerToken = 32;

/** @throws MODEL_MISSING · MODEL_INVALID */
export async function loadTokenizer(model: OnnxModel): Promise<LoadedTokenizer> {
  const tokenizer = await loadFrom(model, tokenizerFiles(), () => AutoTokenizer.from_pretrained(model.folder));

  function tokenize(text: string, pair: string | undefined): Encoding {
    const options = { add_special_tokens: true, return_tensor: false as const, return_token_type_ids: true };
    const encoded = tokenizer(text, pair === undefined ? options : { ...options, text_pair: pair });
    return { ids: encoded.input_ids, types: encoded.token_type_ids ?? encoded.input_ids.map(() => 0) };
  }

  return {
    padId: tokenizer.pad_token_id ?? 0,
    encode(text, maxTokens, pair) {
      const limit = maxTokens * unitsPerToken;
      const whole = tokenize(text.slice(0, limit), pair?.slice(0, limit));
      const cut = whole.ids.length > maxTokens;
      const lost = text.length > limit || (pair !== undefined && pair.length > limit);
      return { ...(cut ? cutTo(whole, maxTokens) : whole), cut: cut || lost };
    },
    countTokens: (text) => tokenizer.encode(text, { add_special_tokens: false }).length,
    dispose: async () => {},
  };
}

/** Drops the end of the text, or of the pair's second, and keeps the special token that closes the input. */
function cutTo({ ids, types }: Encoding, length: number): Encoding {
  const cut = (values: number[]) => [...values.slice(0, length - 1), ...values.slice(-1)];
  return { ids: cut(ids), types: cut(types) };
}
