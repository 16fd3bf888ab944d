import type { EngineHost } from "../../../engines/engine.ts";
import type { InferenceProtocol } from "../../../engines/inference/protocol.ts";
import type { SearchProtocol } from "../../../engines/search/protocol.ts";
import type { DocumentContent } from "../documents/document-content.ts";
import type { DocumentStore, Publication, StoredChunk, StoredPage } from "../documents/document-store.ts";
import { dimensionsOf, type Embedder, type Embedding, isUnusable, type WordsOnly } from "./embedding.ts";
import { createPutQueue } from "./put-queue.ts";
import type { PagesRead, RevisionStore } from "../pages/revision-store.ts";
import { inSlices } from "../slices.ts";

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
export type IndexTarget = {
  collectionId: string;
  embedder: Embedder | WordsOnly;
  path: string | undefined;
  file?: Publication["file"];
  recordsOf?: string;
};

export type Indexer = ReturnType<typeof createIndexer>;

/** Writes documents: text, pages and chunks into the truth, full text and vectors into the index, then publishes. */
export function createIndexer(deps: {
  documents: DocumentStore;
  revisions: RevisionStore;
  embedding: Embedding;
  inference: EngineHost<InferenceProtocol>;
  search: EngineHost<SearchProtocol>;
}) {
  const { documents, revisions, embedding, inference, search } = deps;

  const put = createPutQueue({ documents, search });

  /** Embeds stored chunks and puts them into the index; with the last of them their document is published, where wanted. */
  async function putChunks(
    chunks: readonly StoredChunk[],
    content: { title: string; text: string; language?: string | undefined },
    embedder: Embedder | WordsOnly,
    publication: Publication | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    for (let first = 0; first === 0 || first < chunks.length; first += CHUNKS_A_PUT) {
      const rows = chunks
        .slice(first, first + CHUNKS_A_PUT)
        .map(({ key, start, end, heading }) => ({ key, context: contextOf(content.title, heading), text: content.text.slice(start, end) }));
      const vectors = await embedding.passages(
        embedder,
        rows.map(({ context, text }) => `${context}\n${text}`.trim()),
        signal,
      );
      const packed = new Float32Array(rows.length * dimensionsOf(embedder));
      vectors.forEach((vector, index) => packed.set(vector, index * dimensionsOf(embedder)));
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

  /** Stores pages and chunks of a text whose row is there. */
  async function storeParts(id: string, content: DocumentContent, { model }: Embedder | WordsOnly, signal: AbortSignal): Promise<void> {
    await inSlices(content.pages, ROWS_A_SLICE, signal, (pages) => documents.storePages(content.textHash, pages));
    const chunks = await inference.call(
      "chunk",
      {
        ...(model ? { model } : {}),
        text: content.text,
        blocks: content.blocks,
        title: content.title,
        maxTokens: Math.min(CHUNK_TOKENS, (model?.maxTokens ?? CHUNK_TOKENS + CONTEXT_TOKENS) - CONTEXT_TOKENS),
      },
      { signal, priority: "background" },
    );
    const placed = chunks.map((chunk) => withPage(chunk, content.pages));
    await inSlices(placed, ROWS_A_SLICE, signal, (slice, first) => void documents.storeChunks(id, content.textHash, slice, first));
  }

  /** The target's embedder, and those of other collections that hold the document, as far as they can be used. */
  async function embeddersOf(documentId: string, first: Embedder | WordsOnly): Promise<(Embedder | WordsOnly)[]> {
    const others = revisions.embeddersOf(documentId).filter((id) => id !== first.id);
    const resolved = await Promise.all(
      others.map((id) =>
        embedding.resolve(id).catch((error: unknown) => {
          if (isUnusable(error)) return [];
          throw error;
        }),
      ),
    );
    return [first, ...resolved.flat()];
  }

  return {
    /** Indexes new content and publishes it. A crash before the end leaves a pending document that the next try replaces. */
    async index(content: DocumentContent, target: IndexTarget, signal: AbortSignal, reading?: PagesRead): Promise<string> {
      const id = documents.begin(content);
      try {
        documents.storeText(id, content.textHash, content.text);
        if (reading) revisions.noteReading(id, reading);
        await storeParts(id, content, target.embedder, signal);
        await putChunks(documents.chunksOf(id), content, target.embedder, publicationOf(id, target), signal);
      } catch (error) {
        // Its text must not outlive a collection that is removed now.
        documents.abandon(id);
        throw error;
      }
      return id;
    },

    /**
     * Gives a published document another text. It is found by its former text until all of the new one is in the index.
     * A crash before that leaves it as it was.
     */
    async replace(
      documentId: string,
      content: DocumentContent,
      target: IndexTarget,
      signal: AbortSignal,
      reading?: PagesRead,
    ): Promise<void> {
      if (revisions.textHash(documentId) === content.textHash) {
        revisions.refresh(documentId, content, reading);
        await this.link(documentId, target, signal);
        return;
      }
      await this.clear(revisions.chunksOf(documentId, content.textHash), signal);
      revisions.stage(documentId, content.textHash, content.text);
      await storeParts(documentId, content, target.embedder, signal);
      const chunks = revisions.chunksOf(documentId, content.textHash);
      const embedders = await embeddersOf(documentId, target.embedder);
      for (const embedder of embedders) await putChunks(chunks, content, embedder, undefined, signal);
      const former = revisions.replace({ documentId, content, reading, embedders: embedders.map(({ key }) => key) });
      documents.publish(publicationOf(documentId, target));
      if (former !== undefined) await this.clear(revisions.chunksOf(documentId, former), signal);
    },

    /** Takes chunks that no document points to out of the index, and deletes them. */
    async clear(chunks: readonly { key: number }[], signal?: AbortSignal): Promise<void> {
      for (let first = 0; first < chunks.length; first += ROWS_A_SLICE) {
        const keys = chunks.slice(first, first + ROWS_A_SLICE).map(({ key }) => key);
        await search.call("remove", { keys }, { signal, priority: "background" });
        revisions.dropChunks(keys);
      }
    },

    /**
     * Adds a document that is stored already to a collection; only vectors that are missing are made.
     * @returns false when no collection held it any more and it was deleted meanwhile
     */
    async link(documentId: string, target: IndexTarget, signal: AbortSignal): Promise<boolean> {
      await this.embed(documentId, target.embedder, signal);
      return documents.publish(publicationOf(documentId, target))[0] === true;
    },

    /** Makes the vectors of a published document where they are missing. */
    async embed(documentId: string, embedder: Embedder | WordsOnly, signal: AbortSignal): Promise<void> {
      if (documents.hasEmbedding(documentId, embedder.key) || !documents.isPublished(documentId)) return;
      const { title, language, textHash } = documents.get(documentId);
      const chunks = revisions.chunksOf(documentId, textHash);
      await putChunks(chunks, { title, language, text: documents.text(textHash) }, embedder, undefined, signal);
      // Another text may have come meanwhile: its chunks are not these.
      if (revisions.textHash(documentId) === textHash) documents.noteEmbedded(documentId, embedder.key);
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
