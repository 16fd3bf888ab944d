import { foldLog } from "../../../db/fold-log.ts";
import type { Truth } from "../../../db/truth.ts";

type Doomed = { id: string; text_hash: string | null; state: "pending" | "published" | null; links: number };

/** Documents looked at for each deleted row in a step: most of those that lost a collection lie in no other. */
const DOCUMENTS_A_STEP = 50;

/**
 * Deletes in steps of so many rows, each a transaction, so that core answers in between and a crash costs a step. What
 * is being deleted is seen by nobody from the first step on: a removed collection has lost its name, and a document
 * that no collection holds is pending until the last of it is gone.
 */
export function removalStore(truth: Truth) {
  const { db } = truth;
  const countHeld = db.prepare<[string], number>("SELECT documents FROM collections WHERE id = ? AND removed_at IS NULL").pluck();
  const markRemoved = db.prepare<[number, string]>("UPDATE collections SET removed_at = ?, name = id WHERE id = ?");
  const removedCollection = db.prepare<[], string>("SELECT id FROM collections WHERE removed_at IS NOT NULL LIMIT 1").pluck();
  const deleteLinks = db.prepare<[string, string, number]>(
    "DELETE FROM collection_documents WHERE collection_id = ? AND document_id IN (SELECT document_id FROM collection_documents WHERE collection_id = ? LIMIT ?)",
  );
  const deleteRecords = db.prepare<[string, number]>(
    `DELETE FROM source_documents WHERE (source_id, document_id) IN
       (SELECT r.source_id, r.document_id FROM sources s JOIN source_documents r ON r.source_id = s.id WHERE s.collection_id = ? LIMIT ?)`,
  );
  const deleteFiles = db.prepare<[string, number]>(
    "DELETE FROM files WHERE id IN (SELECT f.id FROM sources s JOIN files f ON f.source_id = s.id WHERE s.collection_id = ? LIMIT ?)",
  );
  const deleteCollection = db.prepare<[string]>("DELETE FROM collections WHERE id = ?");

  const unlinked = db.prepare<[number], Doomed>(
    `SELECT u.document_id AS id, d.text_hash, d.state,
       EXISTS (SELECT 1 FROM collection_documents cd WHERE cd.document_id = u.document_id) AS links
     FROM unlinked_documents u LEFT JOIN documents d ON d.id = u.document_id LIMIT ?`,
  );
  const forgetUnlinked = db.prepare<[string]>("DELETE FROM unlinked_documents WHERE document_id = ?");
  const addUnlinked = db.prepare("INSERT OR IGNORE INTO unlinked_documents (document_id) SELECT id FROM documents WHERE state = 'pending'");
  const addOneUnlinked = db.prepare<[string]>(
    "INSERT OR IGNORE INTO unlinked_documents (document_id) SELECT id FROM documents WHERE id = ? AND state = 'pending'",
  );
  const hide = db.prepare<[string]>("UPDATE documents SET state = 'pending' WHERE id = ?");
  const deleteChunks = db
    .prepare<[string, number], number>(
      "DELETE FROM chunks WHERE key IN (SELECT key FROM chunks WHERE document_id = ? LIMIT ?) RETURNING key",
    )
    .pluck();
  const isShared = db.prepare<[string, string, string], unknown>(
    "SELECT 1 FROM documents WHERE text_hash = ? AND id <> ? UNION ALL SELECT 1 FROM revisions WHERE text_hash = ?",
  );
  const deletePages = db.prepare<[string, string, number]>(
    "DELETE FROM pages WHERE text_hash = ? AND page IN (SELECT page FROM pages WHERE text_hash = ? LIMIT ?)",
  );
  const deleteDocument = db.prepare<[string]>("DELETE FROM documents WHERE id = ?");
  const deleteText = db.prepare<[string]>("DELETE FROM texts WHERE hash = ?");

  /** @returns how many rows were deleted; fewer than asked for when the collection is gone */
  function shrinkCollection(id: string, rows: number): number {
    let deleted = 0;
    for (const statement of [
      () => deleteLinks.run(id, id, rows - deleted),
      () => deleteRecords.run(id, rows - deleted),
      () => deleteFiles.run(id, rows - deleted),
    ]) {
      deleted += statement().changes;
      if (deleted >= rows) return deleted;
    }
    deleteCollection.run(id);
    return deleted + 1;
  }

  /** @returns how many rows were deleted; the document is gone when there was room for one more */
  function shrinkDocument({ id, text_hash: hash }: Doomed, rows: number, keys: number[]): number {
    const deletedKeys = deleteChunks.all(id, rows);
    keys.push(...deletedKeys);
    let deleted = deletedKeys.length;
    const dropsText = hash !== null && !isShared.get(hash, id, hash);
    if (deleted < rows && dropsText) deleted += deletePages.run(hash, hash, rows - deleted).changes;
    if (deleted >= rows) return deleted;
    deleteDocument.run(id);
    if (dropsText) deleteText.run(hash);
    forgetUnlinked.run(id);
    return deleted + 1;
  }

  return {
    /** Takes what was deleted out of the write-ahead log too. */
    foldLog: (): void => void foldLog(db),

    /**
     * Removes a collection from sight for good, durably; `deleteSome` deletes what it held.
     * @returns how many documents it held
     */
    removeCollection: (collectionId: string): number =>
      truth.transact((transaction) => {
        const held = countHeld.get(collectionId) ?? 0;
        markRemoved.run(truth.now(), collectionId);
        transaction.event("collection.removed", collectionId);
        return held;
      }),

    /**
     * Deletes about so many rows of what nobody sees any more: removed collections, and documents that are in none with
     * their texts and chunks.
     * @returns the keys that the index may drop, and whether nothing is left
     */
    deleteSome: (rows: number): { keys: number[]; isDone: boolean } =>
      truth.jot((transaction) => {
        const collection = removedCollection.get();
        if (collection !== undefined) {
          shrinkCollection(collection, rows);
          return { keys: [], isDone: false };
        }
        const keys: number[] = [];
        let left = rows;
        const doomed = unlinked.all(DOCUMENTS_A_STEP);
        for (const document of doomed) {
          if (document.state === null || document.links) {
            forgetUnlinked.run(document.id);
            left -= 1;
          } else {
            if (document.state === "published") {
              hide.run(document.id);
              transaction.event("document.deleted", document.id);
            }
            left -= shrinkDocument(document, left, keys);
          }
          if (left <= 0) return { keys, isDone: false };
        }
        return { keys, isDone: doomed.length < DOCUMENTS_A_STEP };
      }),

    /** At a start: lists for deletion whatever was never published. */
    dropPending: (): void => truth.jot(() => void addUnlinked.run()),

    /** Lists a document for deletion whose writing was given up. */
    abandon: (documentId: string): void => truth.jot(() => void addOneUnlinked.run(documentId)),
  };
}
