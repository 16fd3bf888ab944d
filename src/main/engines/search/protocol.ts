import type { SearchFilter, SearchMode } from "../../../shared/contract/search.ts";

/**
 * The search engine owns index.db: full text and vectors of chunks, by the integer `key` that croft.db gives
 * them. It reads croft.db read-only to know which chunks belong to published documents of which collection, so
 * that a half-written document is never found and a deleted one is gone at once.
 */
export type SearchConfig = { indexPath: string; truthPath: string };

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
  score: number;
  keyword: { rank: number; score: number } | null;
  vector: { rank: number; score: number } | null;
};
export type QueryOutput = {
  hits: Hit[];
  /** Chunks that matched the keywords or lie above the vector floor: how many there were to choose from. */
  matched: number;
  timings: { keywordMs: number; vectorMs: number; fuseMs: number };
};

export type SearchProtocol = {
  /** Adds or replaces rows; durable when it returns. */
  put: { input: PutInput; output: null };
  remove: { input: { keys: number[] }; output: null };
  query: { input: QueryInput; output: QueryOutput };
  /** Keys that have full text and a vector of this embedder, so that core can tell what is missing. */
  present: { input: { embedder: string }; output: Uint32Array };
  /** Deletes rows whose chunk is no longer in croft.db. */
  sweep: { input: Record<string, never>; output: { removed: number } };
  stats: { input: Record<string, never>; output: { chunks: number; vectors: Record<string, number>; bytes: number } };
};
