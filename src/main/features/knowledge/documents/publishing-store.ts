import { AppError } from "../../../../shared/errors.ts";
import type { Transaction, Truth } from "../../../db/truth.ts";
import { collectionRemoved } from "../collections/collection-removed.ts";
import type { Publication } from "./document.ts";
import { WORDS_KEY } from "./embedding-store.ts";

/** Which documents a collection shows, and by which of its files or records. */
export function publishingStore(truth: Truth) {
  const { db } = truth;
  const collectionIsThere = db.prepare<[string], unknown>("SELECT 1 FROM collections WHERE id = ? AND removed_at IS NULL");
  // What lost its last collection is only waiting to be deleted, and may have lost chunks already.
  const documentIsThere = db.prepare<[string, string], unknown>(
    "SELECT 1 FROM documents WHERE id = ? AND (state = 'published' OR NOT EXISTS (SELECT 1 FROM unlinked_documents WHERE document_id = ?))",
  );
  const setPublished = db.prepare<[number, string]>(
    `UPDATE documents SET state = 'published', indexed_at = ?,
       pages = (SELECT count(*) FROM pages p WHERE p.text_hash = documents.text_hash),
       chunks = (SELECT count(*) FROM chunks k WHERE k.document_id = documents.id)
     WHERE id = ? AND state = 'pending'`,
  );
  const noteEmbedded = db.prepare<[string, string, string, string]>(
    `INSERT OR IGNORE INTO document_embeddings (document_id, embedder) SELECT ?, ?
     WHERE ? <> '${WORDS_KEY}' OR NOT EXISTS (SELECT 1 FROM document_embeddings WHERE document_id = ?)`,
  );
  const link = db.prepare<[string, string, string | null]>(
    "INSERT INTO collection_documents (collection_id, document_id, path) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET path = excluded.path",
  );
  const unlink = db.prepare<[string, string]>("DELETE FROM collection_documents WHERE collection_id = ? AND document_id = ?");
  const addRecord = db.prepare<[string, string]>("INSERT OR IGNORE INTO source_documents (source_id, document_id) VALUES (?, ?)");
  const removeRecord = db.prepare<[string, string]>("DELETE FROM source_documents WHERE source_id = ? AND document_id = ?");
  const documentOfFile = db.prepare<[string, string], { document_id: string | null }>(
    "SELECT document_id FROM files WHERE source_id = ? AND path = ?",
  );
  const setIndexed = db.prepare(
    "UPDATE files SET state = 'indexed', reason = NULL, document_id = ?, content_hash = ?, ocr_pages = ?, unavailable = 0 WHERE source_id = ? AND path = ?",
  );
  const deleteFile = db.prepare<[string, string]>("DELETE FROM files WHERE source_id = ? AND path = ?");
  const someFiles = db.prepare<[string, number], string>("SELECT path FROM files WHERE source_id = ? LIMIT ?").pluck();
  const someRecords = db.prepare<[string, number], string>("SELECT document_id FROM source_documents WHERE source_id = ? LIMIT ?").pluck();
  const isUsed = db.prepare(
    `SELECT 1 FROM files f JOIN sources s ON s.id = f.source_id WHERE s.collection_id = ? AND f.document_id = ?
     UNION ALL SELECT 1 FROM source_documents r JOIN sources s ON s.id = r.source_id WHERE s.collection_id = ? AND r.document_id = ?`,
  );
  const isRecord = db.prepare(
    `SELECT 1 FROM source_documents r JOIN document_embeddings e ON e.document_id = r.document_id
     WHERE r.document_id = ? AND r.source_id = ? AND (e.embedder = ? OR ? = '${WORDS_KEY}')`,
  );
  const records = db.prepare<[string], string>("SELECT document_id FROM source_documents WHERE source_id = ?").pluck();
  const setRemoved = db.prepare(
    "UPDATE files SET state = 'skipped', reason = ?, document_id = NULL WHERE document_id = ? AND source_id IN (SELECT id FROM sources WHERE collection_id = ?)",
  );
  const removeRecords = db.prepare<[string, string]>(
    "DELETE FROM source_documents WHERE document_id = ? AND source_id IN (SELECT id FROM sources WHERE collection_id = ?)",
  );

  function publishOne(transaction: Transaction, { id, embedder, collectionId, path, file, recordsOf }: Publication): boolean {
    if (!collectionIsThere.get(collectionId)) throw collectionRemoved();
    if (!documentIsThere.get(id, id)) return false;
    setPublished.run(truth.now(), id);
    noteEmbedded.run(id, embedder, embedder, id);
    link.run(collectionId, id, path ?? null);
    if (recordsOf) addRecord.run(recordsOf, id);
    if (file) {
      const former = documentOfFile.get(file.sourceId, file.path)?.document_id;
      setIndexed.run(id, file.contentHash, file.ocrPages, file.sourceId, file.path);
      if (former && former !== id) unlinkIfUnused(transaction, collectionId, former);
    }
    transaction.event("document.published", id);
    return true;
  }

  /** @returns whether the document left the collection */
  function unlinkIfUnused(transaction: Transaction, collectionId: string, documentId: string): boolean {
    if (isUsed.get(collectionId, documentId, collectionId, documentId)) return false;
    if (unlink.run(collectionId, documentId).changes === 0) return false;
    transaction.event("document.removed", documentId);
    return true;
  }

  function forgetOne(transaction: Transaction, collectionId: string, sourceId: string, path: string): boolean {
    const row = documentOfFile.get(sourceId, path);
    deleteFile.run(sourceId, path);
    return row?.document_id ? unlinkIfUnused(transaction, collectionId, row.document_id) : false;
  }

  return {
    /**
     * Makes documents findable in a collection and, where a file changed, takes the file's former document out of it:
     * one transaction, so that a search sees the old or the new, never both or neither. Safe from a crash of Croft at
     * once, from one of the machine with the end of the job, which would otherwise do it again.
     * @returns for each whether it was still there: one that no collection held may have been deleted meanwhile
     * @throws CONFLICT when the collection was removed meanwhile; nothing was published
     */
    publish: (...published: Publication[]): boolean[] =>
      truth.jot((transaction) => published.map((document) => publishOne(transaction, document))),

    /** Forgets a file that is gone; its document leaves the collection when no other file of it has the same content. */
    forgetFile(collectionId: string, sourceId: string, path: string): void {
      truth.jot((transaction) => void forgetOne(transaction, collectionId, sourceId, path));
    },

    /**
     * Forgets so many of a source's files and records; their documents leave the collection unless another source of it
     * has them.
     * @returns how many documents left, and whether the source holds nothing any more
     */
    forgetSome: (collectionId: string, sourceId: string, rows: number): { removed: number; isDone: boolean } =>
      truth.jot((transaction) => {
        const paths = someFiles.all(sourceId, rows);
        const ids = someRecords.all(sourceId, rows - paths.length);
        let removed = 0;
        for (const path of paths) removed += Number(forgetOne(transaction, collectionId, sourceId, path));
        for (const id of ids) {
          removeRecord.run(sourceId, id);
          removed += Number(unlinkIfUnused(transaction, collectionId, id));
        }
        return { removed, isDone: paths.length + ids.length < rows };
      }),

    /** Whether a document is known as a record of a source and has its vectors: nothing is left to do for it. */
    isRecordOf: (documentId: string, sourceId: string, embedder: string): boolean =>
      isRecord.get(documentId, sourceId, embedder, embedder) !== undefined,

    /** Ids of the documents that came from a file of records. */
    recordsOf: (sourceId: string): string[] => records.all(sourceId),

    /** Forgets records that their file no longer holds; they leave the collection unless another source of it has them. */
    forgetRecords(collectionId: string, sourceId: string, ids: readonly string[]): void {
      truth.jot((transaction) => {
        for (const id of ids) {
          removeRecord.run(sourceId, id);
          unlinkIfUnused(transaction, collectionId, id);
        }
      });
    },

    /** Takes a document out of a collection on a person's word, whatever files it came from. @throws NOT_FOUND */
    remove(collectionId: string, documentId: string): void {
      truth.transact((transaction) => {
        if (unlink.run(collectionId, documentId).changes === 0)
          throw new AppError("NOT_FOUND", `The collection has no document ${documentId}.`);
        setRemoved.run(JSON.stringify({ code: "REMOVED", message: "Removed by you." }), documentId, collectionId);
        removeRecords.run(documentId, collectionId);
        transaction.event("document.removed", documentId);
      });
    },
  };
}
