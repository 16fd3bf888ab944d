import type { EngineHost } from "../../engines/engine.ts";
import type { Block, InferenceProtocol } from "../../engines/inference/protocol.ts";
import type { SearchProtocol } from "../../engines/search/protocol.ts";
import type { DocumentStore, NewDocument, Publication, StoredPage } from "./document-store.ts";
import type { Embedder, Embedding } from "./embedding.ts";
import { createPutQueue } from "./put-queue.ts";
import { inSlices } from "./slices.ts";

/**
 * Tokens of a chunk at most. Passages of encyclopaedias and abstracts of papers fit whole; what stands in longer
 * ones is found by its own window.
 */
const CHUNK_TOKENS = 384;
/** Tokens left for title and headings, which are embedded with every chunk. */
const CONTEXT_TOKENS = 64;
/** Rows of one staged write; about 3 ms each. */
const ROWS_A_SLICE = 100;
/** Chunks embedded and put into the index together: what a crash may have to do again. */
const CHUNKS_A_PUT = 64;

/** A document that was read and is to be indexed. */
export type DocumentContent = NewDocument & { text: string; textHash: string; blocks: Block[]; pages: StoredPage[] };

export type IndexTarget = {
  collectionId: string;
  embedder: Embedder;
  path: string | undefined;
  file?: Publication["file"];
  recordsOf?: string;
};

export type Indexer = ReturnType<typeof createIndexer>;

/** Writes documents: text, pages and chunks into the truth, full text and vectors into the index, then publishes. */
export function createIndexer(deps: {
  documents: DocumentStore;
  embedding: Embedding;
  inference: EngineHost<InferenceProtocol>;
  search: EngineHost<SearchProtocol>;
}) {
  const { documents, embedding, inference, search } = deps;

  const put = createPutQueue({ documents, search });

  /** Embeds the document's stored chunks and puts them into the index; with the last of them it is published, where wanted. */
  async function putChunks(
    documentId: string,
    content: { title: string; text: string; language?: string | undefined },
    embedder: Embedder,
    publication: Publication | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const chunks = documents.chunksOf(documentId);
    for (let first = 0; first === 0 || first < chunks.length; first += CHUNKS_A_PUT) {
      const rows = chunks
        .slice(first, first + CHUNKS_A_PUT)
        .map(({ key, start, end, heading }) => ({ key, context: contextOf(content.title, heading), text: content.text.slice(start, end) }));
      const vectors = await embedding.passages(
        embedder,
        rows.map(({ context, text }) => `${context}\n${text}`.trim()),
        signal,
      );
      const packed = new Float32Array(rows.length * embedder.model.dimensions);
      vectors.forEach((vector, index) => packed.set(vector, index * embedder.model.dimensions));
      const isLast = first + CHUNKS_A_PUT >= chunks.length;
      const { language } = content;
      await put({ embedder, language, rows, vectors: packed, publication: isLast ? publication : undefined }, signal);
    }
  }

  const publicationOf = (id: string, { embedder, collectionId, path, file, recordsOf }: IndexTarget): Publication => ({
    id,
    embedder: embedder.key,
    collectionId,
    path,
    ...(file ? { file } : {}),
    ...(recordsOf ? { recordsOf } : {}),
  });

  return {
    /** Indexes new content and publishes it. A crash before the end leaves a pending document that the next try replaces. */
    async index(content: DocumentContent, target: IndexTarget, signal: AbortSignal): Promise<string> {
      const id = documents.begin(content);
      documents.storeText(id, content.textHash, content.text);
      await inSlices(content.pages, ROWS_A_SLICE, signal, (pages) => documents.storePages(content.textHash, pages));
      const { model } = target.embedder;
      const chunks = await inference.call(
        "chunk",
        {
          model,
          text: content.text,
          blocks: content.blocks,
          title: content.title,
          maxTokens: Math.min(CHUNK_TOKENS, model.maxTokens - CONTEXT_TOKENS),
        },
        { signal, priority: "background" },
      );
      const placed = chunks.map((chunk) => withPage(chunk, content.pages));
      await inSlices(placed, ROWS_A_SLICE, signal, (slice, first) => void documents.storeChunks(id, content.textHash, slice, first));
      await putChunks(id, content, target.embedder, publicationOf(id, target), signal);
      return id;
    },

    /** Adds a document that is stored already to a collection; only vectors that are missing are made. */
    async link(documentId: string, target: IndexTarget, signal: AbortSignal): Promise<void> {
      await this.embed(documentId, target.embedder, signal);
      documents.publish(publicationOf(documentId, target));
    },

    /** Makes the vectors of a published document where they are missing. */
    async embed(documentId: string, embedder: Embedder, signal: AbortSignal): Promise<void> {
      if (documents.hasEmbedding(documentId, embedder.key)) return;
      const { title, language, textHash } = documents.get(documentId);
      await putChunks(documentId, { title, language, text: documents.text(textHash) }, embedder, undefined, signal);
      documents.noteEmbedded(documentId, embedder.key);
    },
  };
}

/** What is embedded and searched with a chunk, though it is no part of it: its document's title and headings. */
function contextOf(title: string, heading: string): string {
  return heading && heading !== title ? `${title} › ${heading}` : title;
}

/** The page a chunk begins on; formats without a page size have no pages to speak of. */
function withPage<Item extends { start: number }>(chunk: Item, pages: readonly StoredPage[]): Item & { page?: number } {
  const page = pages.find(({ start, end, width }) => width !== undefined && chunk.start >= start && chunk.start < end);
  return page ? { ...chunk, page: page.page } : chunk;
}
