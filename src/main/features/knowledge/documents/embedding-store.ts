import type { Truth } from "../../../db/truth.ts";
import { inPages } from "../slices.ts";

/** Rows looked at in one turn of the event loop: a few milliseconds. */
const ROWS_A_PAGE = 500;

/**
 * Notes that index.db has the words of a document though it has no vectors of it. What has vectors of any model has its
 * words there, too: asked for by this key, every embedding will do.
 */
export const WORDS_KEY = "words#1";
const IS_WANTED = `(e.embedder = ? OR ? = '${WORDS_KEY}')`;

/** Which documents index.db should hold vectors of, by embedder. What looks at all of them gives way after each page. */
export function embeddingStore(truth: Truth) {
  const { db } = truth;
  const isEmbedded = db.prepare<[string, string, string]>(`SELECT 1 FROM document_embeddings e WHERE e.document_id = ? AND ${IS_WANTED}`);
  // Also of a document that was deleted while it was embedded.
  const note = db.prepare<[string, string]>(
    "INSERT OR IGNORE INTO document_embeddings (document_id, embedder) SELECT id, ? FROM documents WHERE id = ?",
  );
  const forget = db.prepare<[string, string]>("DELETE FROM document_embeddings WHERE document_id = ? AND embedder = ?");
  const page = db.prepare<[string, string, number], { id: string; embedder: string; chunks: number }>(
    `SELECT e.document_id AS id, e.embedder, CASE d.state WHEN 'published' THEN d.chunks ELSE 0 END AS chunks
     FROM document_embeddings e CROSS JOIN documents d ON d.id = e.document_id
     WHERE (e.document_id, e.embedder) > (?, ?) ORDER BY e.document_id, e.embedder LIMIT ?`,
  );
  const held = db.prepare<[string, string, string, string, number], { id: string; isLacking: number }>(
    `SELECT cd.document_id AS id,
       NOT EXISTS (SELECT 1 FROM document_embeddings e WHERE e.document_id = cd.document_id AND ${IS_WANTED}) AS isLacking
     FROM collection_documents cd WHERE cd.collection_id = ? AND cd.document_id > ? ORDER BY cd.document_id LIMIT ?`,
  );

  const embeddings = (signal: AbortSignal) =>
    inPages({ id: "", embedder: "" }, signal, (last: { id: string; embedder: string }) => page.all(last.id, last.embedder, ROWS_A_PAGE));

  const heldBy = (collectionId: string, embedder: string, signal: AbortSignal) =>
    inPages({ id: "" }, signal, ({ id }: { id: string }) => held.all(embedder, embedder, collectionId, id, ROWS_A_PAGE));

  return {
    hasEmbedding: (documentId: string, embedder: string): boolean => isEmbedded.get(documentId, embedder, embedder) !== undefined,

    noteEmbedded: (documentId: string, embedder: string): void =>
      truth.jot((transaction) => {
        if (note.run(embedder, documentId).changes > 0) transaction.event("document.embedded", documentId);
      }),

    /** The index lost these. */
    forgetEmbeddings(ids: readonly string[], embedder: string): void {
      if (ids.length === 0) return;
      truth.jot(() => {
        for (const id of ids) forget.run(id, embedder);
      });
    },

    /** Documents of a collection that lack vectors of its embedder: the index was lost or another model was chosen. */
    async missingEmbeddings(collectionId: string, embedder: string, signal: AbortSignal): Promise<string[]> {
      const missing: string[] = [];
      for await (const rows of heldBy(collectionId, embedder, signal))
        missing.push(...rows.flatMap(({ id, isLacking }) => (isLacking ? id : [])));
      return missing;
    },

    /** Whether a collection has a document without vectors of its embedder. */
    async lacksEmbeddings(collectionId: string, embedder: string, signal: AbortSignal): Promise<boolean> {
      for await (const rows of heldBy(collectionId, embedder, signal)) if (rows.some(({ isLacking }) => isLacking)) return true;
      return false;
    },

    /** How many chunks the index should hold vectors of, by embedder. */
    async embeddedChunks(signal: AbortSignal): Promise<Map<string, number>> {
      const counts = new Map<string, number>();
      for await (const rows of embeddings(signal))
        for (const { embedder, chunks } of rows) counts.set(embedder, (counts.get(embedder) ?? 0) + chunks);
      return counts;
    },

    async documentsEmbeddedBy(embedder: string, signal: AbortSignal): Promise<string[]> {
      const ids: string[] = [];
      for await (const rows of embeddings(signal)) ids.push(...rows.flatMap((row) => (row.embedder === embedder ? row.id : [])));
      return ids;
    },
  };
}
