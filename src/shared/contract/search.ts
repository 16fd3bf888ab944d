import { z } from "zod";
import { Id } from "./define.ts";
import { ChunkRef, DocumentRef } from "./place.ts";

export const searchModes = ["hybrid", "keyword", "vector"] as const;
export const SearchMode = z.enum(searchModes);
export type SearchMode = z.infer<typeof SearchMode>;

/** Which documents may be found. Dates are milliseconds since 1970 and compare with the file's own time. */
export const SearchFilter = z.object({
  /** Glob on the path, e.g. `reports/**`. */
  path: z.string().max(1000).optional(),
  types: z.array(z.string().max(20)).max(30).optional(),
  documents: z.array(Id).max(1000).optional(),
  after: z.number().int().optional(),
  before: z.number().int().optional(),
});
export type SearchFilter = z.infer<typeof SearchFilter>;

export const SearchRequest = z.object({
  query: z.string().trim().min(1).max(4000),
  /** Names or ids; empty means all collections. */
  collections: z.array(z.string().min(1).max(200)).max(100).default([]),
  mode: SearchMode.default("hybrid"),
  rerank: z.boolean().default(true),
  limit: z.number().int().min(1).max(1000).default(10),
  explain: z.boolean().default(false),
  filter: SearchFilter.optional(),
});
export type SearchRequest = z.infer<typeof SearchRequest>;

const Leg = z.object({ rank: z.number().int(), score: z.number() }).nullable();

export const Passage = z.object({
  rank: z.number().int().positive(),
  score: z.number(),
  document: DocumentRef,
  chunk: ChunkRef,
  /** The chunk itself: exactly the slice of the stored text. */
  text: z.string(),
  /** `fused`: place and score before a cross-encoder reordered them. */
  legs: z.object({ keyword: Leg, vector: Leg, rerank: Leg, fused: Leg.optional() }).optional(),
});
export type Passage = z.infer<typeof Passage>;

export const SearchResponse = z.object({
  query: z.string(),
  queryId: z.string().optional(),
  results: z.array(Passage),
  /** Milliseconds; `load` is the time that models took to get ready, in none of the others. */
  timings: z.object({
    load: z.number(),
    embed: z.number(),
    keyword: z.number(),
    vector: z.number(),
    rerank: z.number(),
    total: z.number(),
  }),
  /** Share of the words in the fused score, 0 to 1; the rest is that of the vectors. When explained. */
  keywordWeight: z.number().optional(),
  /** Collections of which only the words were searched, because their embedding model cannot be used. */
  wordsOnly: z.array(z.string()).optional(),
});
export type SearchResponse = z.infer<typeof SearchResponse>;
