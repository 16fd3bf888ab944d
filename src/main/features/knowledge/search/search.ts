import type { Box } from "../../../../shared/contract/define.ts";
import type { Passage, SearchRequest, SearchResponse } from "../../../../shared/contract/search.ts";
import type { EngineHost } from "../../../engines/engine.ts";
import type { InferenceProtocol, OnnxModel } from "../../../engines/inference/protocol.ts";
import type { Hit, SearchProtocol } from "../../../engines/search/protocol.ts";
import type { Truth } from "../../../db/truth.ts";
import type { CollectionStore } from "../collections/collection-store.ts";
import type { ChunkRow, DocumentStore } from "../documents/document-store.ts";
import { type Embedder, type Embedding, isUnusable } from "../indexing/embedding.ts";
import { type FoundPassage, toFoundPassage } from "./found-passage.ts";
import { createSearchCache } from "./search-cache.ts";

/** Taken from each leg before fusion. */
const CANDIDATES = 100;
/** Fused candidates that a cross-encoder may reorder, as far as its time reaches. */
const RERANKED = 30;
const RERANK_BUDGET_MS = 400;

type Timings = SearchResponse["timings"];
/** `wordsOnly`: names of collections whose embedding model cannot be used, so that only their words were searched. */
export type Found = { passages: FoundPassage[]; matched: number; timings: Timings; wordsOnly: string[]; keywordWeight?: number };

export type Search = ReturnType<typeof createSearch>;

/**
 * Hybrid search over collections: embed once, find by keywords and vectors, fuse, rerank, place on the page. What was
 * asked before is answered from memory until a collection it was read from changes.
 */
export function createSearch(deps: {
  collections: CollectionStore;
  documents: DocumentStore;
  embedding: Embedding;
  search: EngineHost<SearchProtocol>;
  inference: EngineHost<InferenceProtocol>;
  text: (hash: string) => string;
  boxes: (textHash: string, start: number, end: number) => { page?: number; boxes?: Box[] };
  /** The chosen cross-encoder, where one is set and installed. */
  reranker: (signal: AbortSignal | undefined) => Promise<OnnxModel | undefined>;
  threads: () => number;
  onEvents: Truth["onEvents"];
  now: () => number;
}) {
  const cache = createSearchCache<Found>({
    onEvents: deps.onEvents,
    collectionsOf: deps.documents.collectionsOf,
    now: deps.now,
  });

  return async function search(request: SearchRequest, signal?: AbortSignal): Promise<Found> {
    const startedAt = performance.now();
    const collections = deps.collections.resolve(request.collections);
    const reranker = request.rerank && request.mode === "hybrid" ? await deps.reranker(signal) : undefined;
    const { query, mode, limit, explain, filter } = request;
    const searched = collections.map(({ id, embedder }) => `${id} ${embedder}`).sort();
    const key = JSON.stringify([query, mode, limit, explain, filter, searched, reranker]);
    const known = cache.find(key);
    if (known && !signal?.aborted) return { ...known, timings: { ...noTimings, total: performance.now() - startedAt } };
    const keep = cache.begin();
    const found = await find(request, collections, reranker, signal);
    // A collection that switched to another embedding model meanwhile may have lost the vectors it was searched by.
    const hasSwitched = deps.collections.resolve(request.collections).some(({ id, embedder }) => !searched.includes(`${id} ${embedder}`));
    if (hasSwitched && !signal?.aborted) return search(request, signal);
    // With a model that comes back the answer is a better one.
    if (found.wordsOnly.length === 0) keep(key, new Set(collections.map(({ id }) => id)), found);
    return found;
  };

  async function find(
    request: SearchRequest,
    collections: readonly Searched[],
    reranker: OnnxModel | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Found> {
    const startedAt = performance.now();
    const timings = { ...noTimings };
    const { vectors, wordsOnly } =
      request.mode === "keyword" ? { vectors: [], wordsOnly: [] } : await embedQuery(request, collections, timings, signal);
    const ids = new Set(collections.map(({ id }) => id));
    const found = await deps.search.call(
      "query",
      {
        text: request.query,
        mode: request.mode,
        vectors,
        collections: [...ids],
        ...(request.filter ? { filter: request.filter } : {}),
        limit: Math.max(request.limit, RERANKED),
        candidates: Math.max(CANDIDATES, request.limit),
      },
      { signal },
    );
    timings.keyword = found.timings.keywordMs;
    timings.vector = found.timings.vectorMs;

    const hits = new Map(found.hits.map((hit) => [hit.key, hit]));
    const rows = deps.documents.chunks([...hits.keys()], ids);
    const scores = reranker ? await rerank(reranker, request.query, rows, timings, signal) : new Map<number, number>();
    const ordered = scores.size > 0 ? [...rows].sort((a, b) => (scores.get(b.key) ?? -1) - (scores.get(a.key) ?? -1)) : rows;
    // The two scores do not compare; what the cross-encoder did not reach stands behind and must not score above it.
    const ceiling = Math.min(Number.POSITIVE_INFINITY, ...scores.values());
    const rerankRanks = new Map([...scores].sort(([, a], [, b]) => b - a).map(([key, score], index) => [key, { rank: index + 1, score }]));

    const fusedRanks = new Map(found.hits.map(({ key, score }, index) => [key, { rank: index + 1, score }]));
    const passages = ordered.slice(0, request.limit).map((row, index): FoundPassage => {
      const hit = hits.get(row.key);
      return {
        ...toFoundPassage(row, index + 1, scores.get(row.key) ?? Math.min(hit?.score ?? 0, ceiling), deps),
        ...(request.explain ? { legs: legsOf(hit, rerankRanks.get(row.key), fusedRanks.get(row.key)) } : {}),
      };
    });
    timings.total = performance.now() - startedAt - timings.load;
    return { passages, matched: found.matched, timings, wordsOnly, keywordWeight: found.keywordWeight };
  }

  /**
   * One vector for each embedder in play: collections that share one share the work. Those of one that cannot be used are
   * searched by their words, unless nothing but vectors was asked for.
   */
  async function embedQuery(
    { query, mode }: SearchRequest,
    collections: readonly Searched[],
    timings: Timings,
    signal: AbortSignal | undefined,
  ) {
    const startedAt = performance.now();
    const vectors: { embedder: string; vector: Float32Array }[] = [];
    const failed = new Map<string, unknown>();
    for (const id of new Set(collections.map(({ embedder }) => embedder))) {
      try {
        const embedder: Embedder = await deps.embedding.resolve(id, signal);
        const { vector, loadMs } = await deps.embedding.query(embedder, query, signal);
        vectors.push({ embedder: embedder.key, vector });
        timings.load += loadMs;
      } catch (error) {
        if (!isUnusable(error)) throw error;
        failed.set(id, error);
      }
    }
    const [first] = failed.values();
    if (first !== undefined && vectors.length === 0 && mode === "vector") throw first;
    timings.embed = performance.now() - startedAt - timings.load;
    return { vectors, wordsOnly: collections.filter(({ embedder }) => failed.has(embedder)).map(({ name }) => name) };
  }

  async function rerank(
    model: OnnxModel,
    query: string,
    rows: readonly ChunkRow[],
    timings: Timings,
    signal: AbortSignal | undefined,
  ): Promise<Map<number, number>> {
    if (rows.length === 0) return new Map();
    const startedAt = performance.now();
    const candidates = rows.slice(0, RERANKED);
    const texts = candidates.map((row) => deps.text(row.textHash).slice(row.start, row.end));
    const { scores, loadMs } = await deps.inference.call(
      "rerank",
      { model, query, texts, threads: deps.threads(), budgetMs: RERANK_BUDGET_MS },
      { signal },
    );
    timings.load += loadMs;
    timings.rerank = performance.now() - startedAt - loadMs;
    return new Map(candidates.flatMap((row, index) => (typeof scores[index] === "number" ? [[row.key, scores[index]] as const] : [])));
  }
}

type Searched = { id: string; name: string; embedder: string };

const noTimings: Timings = { load: 0, embed: 0, keyword: 0, vector: 0, rerank: 0, total: 0 };

type Place = { rank: number; score: number };

function legsOf(hit: Hit | undefined, rerank: Place | undefined, fused: Place | undefined): NonNullable<Passage["legs"]> {
  return { keyword: hit?.keyword ?? null, vector: hit?.vector ?? null, rerank: rerank ?? null, fused: fused ?? null };
}
