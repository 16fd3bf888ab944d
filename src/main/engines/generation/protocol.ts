/** What the engine is started with. */
export type GenerationConfig = {
  /** Compute threads at most, over all models; the number of physical cores is best. */
  threads: number;
  /** `auto` takes the best device there is and falls back to the processor. */
  gpu: "auto" | "metal" | "cuda" | "vulkan" | false;
  /**
   * The host's own probe has loaded this very binary: llama.cpp's self-test, which forks, is left out. Needed where
   * forking is switched off, as in an Electron utility process.
   */
  trustBinary: boolean;
  /** Models kept loaded at a time; one in use is never unloaded for another. Default 1. */
  maxModels?: number;
};

/** A GGUF file to load. */
export type GgufModel = {
  path: string;
  /** Tokens of context to allocate for each sequence. */
  contextTokens: number;
  threads: number;
  sequences: number;
};

export type ChatMessage = { role: "system" | "user" | "assistant"; text: string };

/**
 * Output of which parts are known beforehand: `text` is fed as prompt, a `value` is sampled, constrained by its
 * grammar or by a choice among given texts. Known text costs prompt reading, not sampling. End it where a token
 * would end: models write ` "` as one token, so put the quote into the known text and not at the start of the value.
 */
export type TemplatePart =
  | { kind: "text"; text: string }
  | { kind: "value"; name: string; maxTokens: number; schema?: JsonSchema; choices?: string[]; stop?: string[] };

export type JsonSchema = { [key: string]: unknown };

export type GenerateInput = {
  model: GgufModel;
  messages: ChatMessage[];
  /** Put at the start of the answer as if the model had written it; part of the returned text. */
  answerPrefix?: string;
  maxTokens: number;
  /** 0 is greedy. */
  temperature: number;
  topP?: number;
  seed?: number;
  stop?: string[];
  /** Output is JSON of this schema. Exclusive with `template`. */
  schema?: JsonSchema;
  template?: TemplatePart[];
  /** Calls with the same key reuse the evaluated prefix that their prompts share. */
  prefixKey?: string;
  /** Also return the natural-log probability of every sampled token. */
  logProbabilities?: boolean;
};

export type GenerateItem = { text: string };

export type GenerateOutput = {
  text: string;
  /** Sampled values by name, for a template. */
  values?: Record<string, string>;
  stopReason: "end" | "stop" | "length" | "aborted";
  promptTokens: number;
  /** Prompt tokens that were not evaluated again. */
  cachedTokens: number;
  completionTokens: number;
  logProbabilities?: number[];
  timings: { loadMs: number; promptMs: number; firstTokenMs: number; totalMs: number };
};

export type ModelFacts = {
  architecture: string;
  name?: string;
  trainContextTokens: number;
  layers: number;
  embeddingLength: number;
  weightBytes: number;
  /** Bytes of key-value cache for each token of context. */
  contextBytesPerToken: number;
};

export type GenerationProtocol = {
  generate: { input: GenerateInput; item: GenerateItem; output: GenerateOutput };
  countTokens: { input: { model: GgufModel; texts: string[] }; output: number[] };
  /** Reads what many prompts begin with into the cache, so that the next new key starts after it. */
  warm: {
    input: { model: GgufModel; messages: readonly ChatMessage[] };
    output: { promptTokens: number; cachedTokens?: number; promptMs: number; loadMs: number };
  };
  /** Reads a GGUF header without loading weights. */
  inspect: { input: { path: string }; output: ModelFacts };
  unload: { input: Record<string, never>; output: null };
};
