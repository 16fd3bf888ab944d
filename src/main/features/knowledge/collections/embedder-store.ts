import type { Truth } from "../../../db/truth.ts";

/** Documents whose vectors are looked at in one turn. */
const ROWS_A_PAGE = 200;

export type EmbedderStore = ReturnType<typeof createEmbedderStore>;

/**
 * Collections on their way to another embedding model, and vectors that nobody needs any more. An embedder's key is its
 * model's id with the version of the chunks: `bge-small-en-v1.5#1`.
 */
export function createEmbedderStore(truth: Truth) {
  const { db } = truth;
  const isUnfinished = "EXISTS (SELECT 1 FROM jobs j WHERE j.id = c.job_id AND j.state IN ('queued', 'running', 'paused', 'failed'))";
  const page = db.prepare<[string, string, string, string, number], { id: string; isNeeded: number }>(
    `SELECT e.document_id AS id,
       EXISTS (SELECT 1 FROM collection_documents cd JOIN collections k ON k.id = cd.collection_id
         WHERE cd.document_id = e.document_id AND k.embedder = ?)
       OR EXISTS (SELECT 1 FROM collection_documents cd JOIN embedder_changes c ON c.collection_id = cd.collection_id
         WHERE cd.document_id = e.document_id AND c.embedder = ? AND ${isUnfinished}) AS isNeeded
     FROM document_embeddings e WHERE e.embedder = ? AND e.document_id > ? ORDER BY e.document_id LIMIT ?`,
  );

  return {
    /** Notes what a collection is on its way to, so that what is made for it is kept. */
    begin: (collectionId: string, embedder: string, jobId: string): void =>
      truth.transact(
        () =>
          void db
            .prepare(
              `INSERT INTO embedder_changes (collection_id, embedder, job_id) VALUES (?, ?, ?)
               ON CONFLICT DO UPDATE SET embedder = excluded.embedder, job_id = excluded.job_id`,
            )
            .run(collectionId, embedder, jobId),
      ),

    /**
     * Gives a collection another embedder in one step, when every document has its vectors. `seq` is the number of the
     * last event before they were counted: what came after is looked at here.
     * @returns false when something came meanwhile that lacks them; nothing was changed
     */
    switchOver: (collectionId: string, embedder: { id: string; key: string }, seq: number): boolean =>
      truth.transact((transaction) => {
        const lacking = db
          .prepare(
            `SELECT 1 FROM events v JOIN collection_documents cd ON cd.collection_id = ? AND cd.document_id = v.subject
             WHERE v.seq > ? AND v.kind = 'document.published'
               AND NOT EXISTS (SELECT 1 FROM document_embeddings e WHERE e.document_id = cd.document_id AND e.embedder = ?) LIMIT 1`,
          )
          .get(collectionId, seq, embedder.key);
        if (lacking) return false;
        db.prepare("UPDATE collections SET embedder = ? WHERE id = ?").run(embedder.id, collectionId);
        db.prepare("DELETE FROM embedder_changes WHERE collection_id = ?").run(collectionId);
        transaction.event("collection.changed", collectionId);
        return true;
      }),

    /** Changes whose job is over without having switched: it was cancelled, or removed. */
    abandoned: (): string[] =>
      db
        .prepare<[], { id: string }>(`SELECT collection_id AS id FROM embedder_changes c WHERE NOT ${isUnfinished}`)
        .all()
        .map(({ id }) => id),
    forgetChange: (collectionId: string): void =>
      truth.transact(
        () => void db.prepare(`DELETE FROM embedder_changes AS c WHERE collection_id = ? AND NOT ${isUnfinished}`).run(collectionId),
      ),

    /** Keys of all embedders that any document has vectors of. */
    keys: (): string[] =>
      db
        .prepare<[], { embedder: string }>("SELECT DISTINCT embedder FROM document_embeddings")
        .all()
        .map(({ embedder }) => embedder),

    /** The next documents, by id, with vectors of an embedder, and whether a collection needs those. */
    page: (key: string, after: string): { id: string; isNeeded: boolean }[] => {
      const model = key.replace(/#\d+$/, "");
      return page.all(model, model, key, after, ROWS_A_PAGE).map(({ id, isNeeded }) => ({ id, isNeeded: isNeeded === 1 }));
    },
    forget: (documentId: string, key: string): void =>
      truth.jot(() => void db.prepare("DELETE FROM document_embeddings WHERE document_id = ? AND embedder = ?").run(documentId, key)),
  };
}
