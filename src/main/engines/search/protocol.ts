import type { SearchFilter, SearchMode } from "../../../shared/contract/search.ts";

/**
 * The search engine owns index.db: full text and vectors of chunks, by the integer `key` that croft.db gives
 * them. It reads croft.db read-only to know which chunks belong to published documents of which collection, so
 * that a half-written document is never found and a deleted one is gone at once.
 */
export type SearchConfig = {
  indexPath: string;
  truthPath: string;
  /** How vectors are compared; left out, the fastest that this platform has. */
  scanner?: Scanner;
};

/** `simd`: in WebAssembly with 16-byte vectors. `plain`: the same in JavaScript, some twenty times slower. */
export type Scanner = "simd" | "plain";

export type IndexRow = {
  /** `chunks.key` in croft.db. */
  key: number;
  /** Title and headings, searched with the text but not part of it. */
  context: string;
  text: string;
};

export type PutInput = {
  /** Names the vectors: model id, file hash and chunker version. One embedder's vectors never mix with another's. */
  embedder: string;
  dimensions: number;
  /** ISO 639-1 of the document, for the stemmer. */
  language?: string;
  rows: IndexRow[];
  /** rows × dimensions, unit length. */
  vectors: Float32Array;
};

export type QueryInput = {
  text: string;
  mode: SearchMode;
  /** One query vector for each embedder in play; left out in keyword mode. */
  vectors: { embedder: string; vector: Float32Array }[];
  /** Ids of collections; empty means all. */
  collections: string[];
  filter?: SearchFilter;
  limit: number;
  /** Candidates taken from each leg before fusion. */
  candidates: number;
};

export type Hit = {
  key: number;
  /** Hybrid: 0 to 1. Keyword and vector mode: the score of that leg. */
  score: number;
  /** BM25, higher is better. */
  keyword: { rank: number; score: number } | null;
  /** Cosine. */
  vector: { rank: number; score: number } | null;
};
export type QueryOutput = {
  hits: Hit[];
  /** Chunks that matched the keywords or came near by their vectors: how many there were to choose from. */
  matched: number;
  /** Share of the keyword leg in the hybrid score: high where the embedder does not seem to know the language. */
  keywordWeight: number;
  timings: { keywordMs: number; vectorMs: number; fuseMs: number };
};

/** Why index.db was begun anew: not there, damaged (the old file was set aside), of another version, or of another croft.db. */
export type RebuildReason = "missing" | "damaged" | "version" | "foreign";

export type SearchStats = {
  chunks: number;
  /** Vectors by embedder. */
  vectors: Record<string, number>;
  bytes: number;
  /** When (milliseconds since 1970) and why the index was last begun empty; what croft.db held by then is to be put again. */
  begun: { at: number; reason: RebuildReason };
  scanner: Scanner;
};

export type SearchProtocol = {
  /**
   * Adds or replaces rows; durable when it returns.
   * @throws DISK_FULL: rows written before stay, the others keep their old state · DATABASE_DAMAGED: the index was begun anew
   */
  put: { input: PutInput; output: null };
  remove: { input: { keys: number[] }; output: null };
  /** Takes what is left of removed rows out of the file: slow, for what a person deletes. */
  erase: { input: Record<string, never>; output: null };
  query: { input: QueryInput; output: QueryOutput };
  /** Keys that have full text and a vector of this embedder, so that core can tell what is missing. */
  present: { input: { embedder: string }; output: Uint32Array };
  /** Deletes rows whose chunk is no longer in croft.db. */
  sweep: { input: Record<string, never>; output: { removed: number } };
  /** Deletes vectors of an embedder: of these keys, or every one where it is no longer in use. */
  forget: { input: { embedder: string; keys?: number[] }; output: null };
  stats: { input: Record<string, never>; output: SearchStats };
};
