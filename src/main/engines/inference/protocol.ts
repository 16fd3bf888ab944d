/** An ONNX model on disk, in the folder layout that transformers.js reads. */
export type OnnxModel = {
  /** Folder with config.json, tokenizer.json, tokenizer_config.json, onnx/model*.onnx. Absolute. */
  folder: string;
  /** Suffix of the weights: `q8` is model_quantized.onnx, `fp32` is model.onnx. */
  dtype: "q8" | "fp32";
  pooling: "cls" | "mean";
  /** Put before a query, never before a passage. */
  queryPrefix: string;
  /** Longest input in tokens, special tokens included. */
  maxTokens: number;
  dimensions: number;
};

export type EmbedInput = { model: OnnxModel; texts: string[]; kind: "query" | "passage"; threads: number };
export type EmbedOutput = {
  /** Row-major, texts × dimensions, each row of length 1. */
  vectors: Float32Array;
  /** Indices of texts that were longer than the model reads and lost their end. */
  truncated: number[];
  /** Milliseconds spent loading the model, 0 when it was loaded. */
  loadMs: number;
};

export type RerankInput = {
  model: OnnxModel;
  query: string;
  texts: string[];
  threads: number;
  /** Stop after this many milliseconds and leave the rest unscored. */ budgetMs: number;
};
/** Scores in 0–1, higher is better, null for texts the budget did not reach. */
export type RerankOutput = { scores: (number | null)[]; loadMs: number };

/** One piece of a text's structure, in order and without overlap; offsets count UTF-16 units. */
export type Block = {
  kind: "heading" | "paragraph" | "list" | "table" | "code";
  start: number;
  end: number;
  /** 1–6 for headings. */
  level?: number;
  /** For tables: the end of the header rows, repeated in every chunk as context. */
  headerEnd?: number;
};

export type ChunkInput = {
  /** Left out where none can be used: tokens are estimated then. */
  model?: OnnxModel;
  text: string;
  blocks: Block[];
  title: string;
  /** Upper bound of a chunk in tokens of the model's own tokenizer. */
  maxTokens: number;
};
/** A chunk is exactly `text.slice(start, end)`. `section` is what the model reads: 500–1,000 tokens around it. */
export type Chunk = {
  start: number;
  end: number;
  tokens: number;
  /** Path of headings above the chunk, joined with ` › `. */
  heading: string;
  section: { start: number; end: number };
};

export type InferenceConfig = {
  /** Models kept in memory; the least recently used is freed when another is needed. */
  loadedModels: number;
};

export type InferenceProtocol = {
  embed: { input: EmbedInput; output: EmbedOutput };
  rerank: { input: RerankInput; output: RerankOutput };
  chunk: { input: ChunkInput; output: Chunk[] };
  /** Frees a loaded model, or all of them. */
  unload: { input: { folder?: string }; output: null };
};
