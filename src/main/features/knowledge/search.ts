import type { Box } from "../../../shared/contract/define.ts";
import type { Passage, SearchRequest, SearchResponse } from "../../../shared/contract/search.ts";
import type { EngineHost } from "../../engines/engine.ts";
import type { InferenceProtocol, OnnxModel } from "../../engines/inference/protocol.ts";
import type { Hit, SearchProtocol } from "../../engines/search/protocol.ts";
import type { CollectionStore } from "./collection-store.ts";
import type { ChunkRow, DocumentStore } from "./document-store.ts";
import type { Embedder, Embedding } from "./embedding.ts";

/** Taken from each leg before fusion. */
const CANDIDATES = 100;
/** Fused candidates that a cross-encoder may reorder, as far as its time reaches. */
const RERANKED = 30;
const RERANK_BUDGET_MS = 400;

/** A passage with what an answer needs beyond what a search shows. */
export type FoundPassage = Passage & { section: { start: number; end: number }; language: string | undefined };
export type Found = { passages: FoundPassage[]; matched: number; timings: SearchResponse["timings"] };

export type Search = ReturnType<typeof createSearch>;

/** Hybrid search over collections: embed once, find by keywords and vectors, fuse, rerank, place on the page. */
export function createSearch(deps: {
  collections: CollectionStore;
  documents: DocumentStore;
  embedding: Embedding;
  search: EngineHost<SearchProtocol>;
  inference: EngineHost<InferenceProtocol>;
  text: (hash: string) => string;
  boxes: (textHash: string, start: number, end: number) => { page?: number; boxes?: Box[] };
  /** The chosen cross-encoder, where one is set and installed. */
  reranker: () => Promise<OnnxModel | undefined>;
  threads: () => number;
  now: () => number;
}) {
  return async function search(request: SearchRequest, signal?: AbortSignal): Promise<Found> {
    const startedAt = performance.now();
    const collections = deps.collections.resolve(request.collections);
    const timings = { load: 0, embed: 0, keyword: 0, vector: 0, rerank: 0, total: 0 };
    const vectors = request.mode === "keyword" ? [] : await embedQuery(request.query, collections, timings, signal);
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
    const scores =
      request.rerank && request.mode === "hybrid" ? await rerank(request.query, rows, timings, signal) : new Map<number, number>();
    const ordered = scores.size > 0 ? [...rows].sort((a, b) => (scores.get(b.key) ?? -1) - (scores.get(a.key) ?? -1)) : rows;
    // The two scores do not compare; what the cross-encoder did not reach stands behind and must not score above it.
    const ceiling = Math.min(Number.POSITIVE_INFINITY, ...scores.values());
    const rerankRanks = new Map([...scores].sort(([, a], [, b]) => b - a).map(([key, score], index) => [key, { rank: index + 1, score }]));

    const passages = ordered.slice(0, request.limit).map((row, index): FoundPassage => {
      const hit = hits.get(row.key);
      return {
        ...toPassage(row, index + 1, scores.get(row.key) ?? Math.min(hit?.score ?? 0, ceiling)),
        ...(request.explain ? { legs: legsOf(hit, rerankRanks.get(row.key)) } : {}),
      };
    });
    timings.total = performance.now() - startedAt - timings.load;
    return { passages, matched: found.matched, timings };
  };

  /** One vector for each embedder in play: collections that share one share the work. */
  async function embedQuery(
    query: string,
    collections: readonly { embedder: string }[],
    timings: SearchResponse["timings"],
    signal: AbortSignal | undefined,
  ) {
    const startedAt = performance.now();
    const vectors: { embedder: string; vector: Float32Array }[] = [];
    for (const id of new Set(collections.map(({ embedder }) => embedder))) {
      const embedder: Embedder = await deps.embedding.resolve(id);
      const { vector, loadMs } = await deps.embedding.query(embedder, query, signal);
      vectors.push({ embedder: embedder.key, vector });
      timings.load += loadMs;
    }
    timings.embed = performance.now() - startedAt - timings.load;
    return vectors;
  }

  async function rerank(
    query: string,
    rows: readonly ChunkRow[],
    timings: SearchResponse["timings"],
    signal: AbortSignal | undefined,
  ): Promise<Map<number, number>> {
    const model = await deps.reranker();
    if (!model || rows.length === 0) return new Map();
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

  function toPassage(row: ChunkRow, rank: number, score: number): FoundPassage {
    const place = row.page === null ? {} : deps.boxes(row.textHash, row.start, row.end);
    return {
      rank,
      score,
      document: {
        id: row.documentId,
        ...(row.externalId === null ? {} : { externalId: row.externalId }),
        ...(row.path === null ? {} : { path: row.path }),
        title: row.title,
      },
      chunk: {
        id: row.id,
        textHash: row.textHash,
        start: row.start,
        end: row.end,
        ...place,
        ...(row.heading ? { heading: row.heading } : {}),
      },
      text: deps.text(row.textHash).slice(row.start, row.end),
      section: { start: row.sectionStart, end: row.sectionEnd },
      language: row.language ?? undefined,
    };
  }
}

function legsOf(hit: Hit | undefined, rerank: { rank: number; score: number } | undefined): NonNullable<Passage["legs"]> {
  return { keyword: hit?.keyword ?? null, vector: hit?.vector ?? null, rerank: rerank ?? null };
}
