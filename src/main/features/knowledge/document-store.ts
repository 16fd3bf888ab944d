import type { Document } from "../../../shared/contract/knowledge.ts";
import { AppError } from "../../../shared/errors.ts";
import { createId } from "../../db/id.ts";
import type { Transaction, Truth } from "../../db/truth.ts";
import type { Chunk } from "../../engines/inference/protocol.ts";

export type NewDocument = {
  contentHash: string;
  externalId?: string | undefined;
  title: string;
  type: string;
  bytes: number;
  language?: string | undefined;
  metadata: Record<string, unknown>;
  warnings: unknown[];
  modifiedAt?: number | undefined;
};
/** A document whose chunks are in the index, and where it is to appear. */
export type Publication = {
  id: string;
  embedder: string;
  collectionId: string;
  path: string | undefined;
  /** The file that it is the content of. */
  file?: { sourceId: string; path: string; contentHash: string; ocrPages: number };
  /** The source whose record it is. */
  recordsOf?: string;
};
export type StoredPage = {
  page: number;
  start: number;
  end: number;
  width?: number;
  height?: number;
  source: "text" | "ocr";
  confidence?: number;
  geometry?: Buffer;
};
export type StoredChunk = { key: number; start: number; end: number; heading: string };

/** A chunk with the document it belongs to, as search results need it. */
export type ChunkRow = {
  key: number;
  id: string;
  documentId: string;
  textHash: string;
  start: number;
  end: number;
  page: number | null;
  heading: string;
  sectionStart: number;
  sectionEnd: number;
  title: string;
  externalId: string | null;
  path: string | null;
  language: string | null;
};

type DocumentRow = {
  id: string;
  external_id: string | null;
  title: string;
  type: string;
  bytes: number;
  language: string | null;
  text_hash: string;
  state: "pending" | "published";
  pages: number;
  chunks: number;
  path: string | null;
  indexed_at: number;
};

const SELECT = `
  SELECT d.id, d.external_id, d.title, d.type, d.bytes, d.language, d.text_hash, d.state, d.indexed_at,
    d.pages, d.chunks,
    (SELECT path FROM collection_documents cd WHERE cd.document_id = d.id AND path IS NOT NULL LIMIT 1) AS path
  FROM documents d`;

export type DocumentStore = ReturnType<typeof createDocumentStore>;

/**
 * Documents, their texts and chunks. A document is written in slices while it is `pending` and becomes visible to
 * search in one small transaction, `publish`.
 */
export function createDocumentStore(truth: Truth) {
  const { db } = truth;
  const textByHash = db.prepare<[string], { text: string }>("SELECT text FROM texts WHERE hash = ?");
  const insertChunk = db.prepare(
    `INSERT INTO chunks (id, document_id, text_hash, ordinal, start, "end", page, heading, tokens, section_start, section_end) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertPage = db.prepare(
    `INSERT OR IGNORE INTO pages (text_hash, page, start, "end", width, height, source, confidence, geometry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const chunkByKey = db.prepare<[number], Omit<ChunkRow, "path">>(
    `SELECT k.key, k.id, k.document_id AS documentId, k.text_hash AS textHash, k.start, k."end", k.page, k.heading,
       k.section_start AS sectionStart, k.section_end AS sectionEnd, d.title, d.external_id AS externalId, d.language
     FROM chunks k JOIN documents d ON d.id = k.document_id WHERE k.key = ? AND d.state = 'published'`,
  );
  const linksOf = db.prepare<[string], { collection_id: string; path: string | null }>(
    "SELECT collection_id, path FROM collection_documents WHERE document_id = ?",
  );

  return {
    find: (contentHash: string): { id: string; state: "pending" | "published" } | undefined =>
      db
        .prepare<[string], { id: string; state: "pending" | "published" }>("SELECT id, state FROM documents WHERE content_hash = ?")
        .get(contentHash),

    /** Starts a document, or starts it over where a crash left it pending. */
    begin(document: NewDocument): string {
      return truth.jot(() => {
        db.prepare("DELETE FROM documents WHERE content_hash = ? AND state = 'pending'").run(document.contentHash);
        const id = createId(truth.now());
        db.prepare(
          "INSERT INTO documents (id, content_hash, external_id, title, type, bytes, language, metadata, warnings, state, modified_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)",
        ).run(
          id,
          document.contentHash,
          document.externalId ?? null,
          document.title,
          document.type,
          document.bytes,
          document.language ?? null,
          JSON.stringify(document.metadata),
          JSON.stringify(document.warnings),
          document.modifiedAt ?? null,
          truth.now(),
        );
        return id;
      });
    },

    storeText(documentId: string, hash: string, text: string): void {
      truth.jot(() => {
        db.prepare("INSERT OR IGNORE INTO texts (hash, text, length, created_at) VALUES (?, ?, ?, ?)").run(
          hash,
          text,
          text.length,
          truth.now(),
        );
        db.prepare("UPDATE documents SET text_hash = ? WHERE id = ?").run(hash, documentId);
      });
    },

    storePages(textHash: string, pages: readonly StoredPage[]): void {
      truth.jot(() => {
        for (const page of pages) {
          insertPage.run(
            textHash,
            page.page,
            page.start,
            page.end,
            page.width ?? null,
            page.height ?? null,
            page.source,
            page.confidence ?? null,
            page.geometry ?? null,
          );
        }
      });
    },

    /** @returns the integer keys that full text and vectors are filed under */
    storeChunks(documentId: string, textHash: string, chunks: readonly (Chunk & { page?: number })[], firstOrdinal: number): number[] {
      return truth.jot(() =>
        chunks.map((chunk, index) => {
          const { lastInsertRowid } = insertChunk.run(
            createId(truth.now()),
            documentId,
            textHash,
            firstOrdinal + index,
            chunk.start,
            chunk.end,
            chunk.page ?? null,
            chunk.heading,
            chunk.tokens,
            chunk.section.start,
            chunk.section.end,
          );
          return Number(lastInsertRowid);
        }),
      );
    },

    chunksOf: (documentId: string): StoredChunk[] =>
      db
        .prepare<[string], StoredChunk>(`SELECT key, start, "end", heading FROM chunks WHERE document_id = ? ORDER BY ordinal`)
        .all(documentId),

    hasEmbedding: (documentId: string, embedder: string): boolean =>
      db.prepare("SELECT 1 FROM document_embeddings WHERE document_id = ? AND embedder = ?").get(documentId, embedder) !== undefined,

    /**
     * Makes documents findable in a collection and, where a file changed, takes the file's former document out
     * of it: one transaction, so that a search sees the old or the new, never both or neither.
     */
    publish: (...published: Publication[]): void =>
      truth.transact((transaction) => {
        for (const document of published) publishOne(transaction, document);
      }),

    /** Forgets a file that is gone; its document leaves the collection when no other file of it has the same content. */
    forgetFile(collectionId: string, sourceId: string, path: string): void {
      truth.transact((transaction) => {
        const row = db
          .prepare<[string, string], { document_id: string | null }>("SELECT document_id FROM files WHERE source_id = ? AND path = ?")
          .get(sourceId, path);
        db.prepare("DELETE FROM files WHERE source_id = ? AND path = ?").run(sourceId, path);
        if (row?.document_id) unlinkIfUnused(transaction, collectionId, row.document_id);
      });
    },

    /** Whether a document is known as a record of a source and has its vectors: nothing is left to do for it. */
    isRecordOf: (documentId: string, sourceId: string, embedder: string): boolean =>
      db
        .prepare(
          `SELECT 1 FROM source_documents r JOIN document_embeddings e ON e.document_id = r.document_id
           WHERE r.document_id = ? AND r.source_id = ? AND e.embedder = ?`,
        )
        .get(documentId, sourceId, embedder) !== undefined,

    /** Ids of the documents that came from a file of records. */
    recordsOf: (sourceId: string): string[] =>
      db
        .prepare<[string], { id: string }>("SELECT document_id AS id FROM source_documents WHERE source_id = ?")
        .all(sourceId)
        .map(({ id }) => id),

    /** Forgets records that their file no longer holds; they leave the collection unless another source of it has them. */
    forgetRecords(collectionId: string, sourceId: string, ids: readonly string[]): void {
      truth.transact((transaction) => {
        for (const id of ids) {
          db.prepare("DELETE FROM source_documents WHERE source_id = ? AND document_id = ?").run(sourceId, id);
          unlinkIfUnused(transaction, collectionId, id);
        }
      });
    },

    /** Takes a document out of a collection on a person's word, whatever files it came from. */
    remove(collectionId: string, documentId: string): void {
      truth.transact((transaction) => {
        const { changes } = db
          .prepare("DELETE FROM collection_documents WHERE collection_id = ? AND document_id = ?")
          .run(collectionId, documentId);
        if (changes === 0) throw new AppError("NOT_FOUND", `The collection has no document ${documentId}.`);
        db.prepare(
          "UPDATE files SET state = 'skipped', reason = ?, document_id = NULL WHERE document_id = ? AND source_id IN (SELECT id FROM sources WHERE collection_id = ?)",
        ).run(JSON.stringify({ code: "REMOVED", message: "Removed by you." }), documentId, collectionId);
        db.prepare(
          "DELETE FROM source_documents WHERE document_id = ? AND source_id IN (SELECT id FROM sources WHERE collection_id = ?)",
        ).run(documentId, collectionId);
        transaction.event("document.removed", documentId);
      });
    },

    /** Deletes the collection; its documents lose their place in it and are purged where it was their last. */
    removeCollection(collectionId: string): number {
      return truth.transact((transaction) => {
        const { n } = db
          .prepare<[string], { n: number }>("SELECT count(*) AS n FROM collection_documents WHERE collection_id = ?")
          .get(collectionId) ?? { n: 0 };
        db.prepare("DELETE FROM collections WHERE id = ?").run(collectionId);
        transaction.event("collection.removed", collectionId);
        return n;
      });
    },

    /**
     * Deletes up to `limit` documents that are in no collection, with their texts and chunks.
     * @returns how many were deleted and the keys that the index may drop
     */
    purge(limit: number): { documents: number; keys: number[] } {
      return truth.transact((transaction) => {
        const orphans = db
          .prepare<[number], { id: string; text_hash: string | null }>(
            "SELECT id, text_hash FROM documents d WHERE state = 'published' AND NOT EXISTS (SELECT 1 FROM collection_documents cd WHERE cd.document_id = d.id) LIMIT ?",
          )
          .all(limit);
        const keys: number[] = [];
        for (const { id, text_hash: hash } of orphans) {
          keys.push(
            ...db
              .prepare<[string], { key: number }>("SELECT key FROM chunks WHERE document_id = ?")
              .all(id)
              .map(({ key }) => key),
          );
          db.prepare("DELETE FROM documents WHERE id = ?").run(id);
          if (hash)
            db.prepare("DELETE FROM texts WHERE hash = ? AND NOT EXISTS (SELECT 1 FROM documents WHERE text_hash = ?)").run(hash, hash);
          transaction.event("document.deleted", id);
        }
        return { documents: orphans.length, keys };
      });
    },

    /** Deletes documents that were never published, with texts that only they had. */
    dropPending(): void {
      truth.transact(() => {
        const pending = db
          .prepare<[], { id: string; text_hash: string | null }>("SELECT id, text_hash FROM documents WHERE state = 'pending'")
          .all();
        for (const { id, text_hash: hash } of pending) {
          db.prepare("DELETE FROM documents WHERE id = ?").run(id);
          if (hash)
            db.prepare("DELETE FROM texts WHERE hash = ? AND NOT EXISTS (SELECT 1 FROM documents WHERE text_hash = ?)").run(hash, hash);
        }
      });
    },

    /** Published documents of a collection that lack vectors of its embedder: the index was lost or another model was chosen. */
    missingEmbeddings: (collectionId: string, embedder: string): string[] =>
      db
        .prepare<[string, string], { id: string }>(
          `SELECT d.id FROM documents d JOIN collection_documents cd ON cd.document_id = d.id
           WHERE cd.collection_id = ? AND d.state = 'published' AND NOT EXISTS (SELECT 1 FROM document_embeddings e WHERE e.document_id = d.id AND e.embedder = ?)`,
        )
        .all(collectionId, embedder)
        .map(({ id }) => id),

    noteEmbedded: (documentId: string, embedder: string): void =>
      truth.transact(
        () => void db.prepare("INSERT OR IGNORE INTO document_embeddings (document_id, embedder) VALUES (?, ?)").run(documentId, embedder),
      ),

    /** How many chunks the index should hold vectors of, by embedder. */
    embeddedChunks: (): { embedder: string; chunks: number }[] =>
      db
        .prepare<[], { embedder: string; chunks: number }>(
          "SELECT e.embedder, count(*) AS chunks FROM document_embeddings e JOIN chunks k ON k.document_id = e.document_id GROUP BY e.embedder",
        )
        .all(),

    documentsEmbeddedBy: (embedder: string): string[] =>
      db
        .prepare<[string], { id: string }>("SELECT document_id AS id FROM document_embeddings WHERE embedder = ?")
        .all(embedder)
        .map(({ id }) => id),

    /** The index lost these. */
    forgetEmbeddings(ids: readonly string[], embedder: string): void {
      if (ids.length === 0) return;
      truth.transact(() => {
        for (const id of ids) db.prepare("DELETE FROM document_embeddings WHERE document_id = ? AND embedder = ?").run(id, embedder);
      });
    },

    /** Collections with a published document that has no vectors at all. */
    collectionsLackingEmbeddings: (): string[] =>
      db
        .prepare<[], { id: string }>(
          `SELECT DISTINCT cd.collection_id AS id FROM collection_documents cd JOIN documents d ON d.id = cd.document_id
           WHERE d.state = 'published' AND NOT EXISTS (SELECT 1 FROM document_embeddings e WHERE e.document_id = d.id)`,
        )
        .all()
        .map(({ id }) => id),

    /** Chunks by key with the document and its path in one of the collections; keys that are gone are left out. */
    chunks(keys: readonly number[], collections: ReadonlySet<string>): ChunkRow[] {
      return keys.flatMap((key) => {
        const row = chunkByKey.get(key);
        const link = row && linksOf.all(row.documentId).find(({ collection_id: id }) => collections.has(id));
        return row && link ? [{ ...row, path: link.path }] : [];
      });
    },

    /** @throws NOT_FOUND */
    text(hash: string): string {
      const row = textByHash.get(hash);
      if (!row) throw new AppError("NOT_FOUND", "The text is no longer stored: its document was deleted.");
      return row.text;
    },

    /** Pages that overlap a range, with their packed word boxes. */
    pagesIn: (
      textHash: string,
      start: number,
      end: number,
    ): { page: number; start: number; end: number; width: number | null; geometry: Buffer | null }[] =>
      db
        .prepare<[string, number, number], { page: number; start: number; end: number; width: number | null; geometry: Buffer | null }>(
          `SELECT page, start, "end", width, geometry FROM pages WHERE text_hash = ? AND start < ? AND "end" > ? ORDER BY page`,
        )
        .all(textHash, end, start),

    get(id: string): Document {
      const row = db.prepare<[string], DocumentRow>(`${SELECT} WHERE d.id = ? AND d.state = 'published'`).get(id);
      if (!row) throw new AppError("NOT_FOUND", `There is no document ${id}.`);
      return toDocument(row);
    },

    list: (collectionId: string, after: string, limit: number): Document[] =>
      db
        .prepare<[string, string, number], DocumentRow>(
          `${SELECT} JOIN collection_documents cd ON cd.document_id = d.id WHERE cd.collection_id = ? AND d.id > ? AND d.state = 'published' ORDER BY d.id LIMIT ?`,
        )
        .all(collectionId, after, limit)
        .map(toDocument),
  };

  function publishOne(transaction: Transaction, { id, embedder, collectionId, path, file, recordsOf }: Publication): void {
    db.prepare(
      `UPDATE documents SET state = 'published', indexed_at = ?,
         pages = (SELECT count(*) FROM pages p WHERE p.text_hash = documents.text_hash),
         chunks = (SELECT count(*) FROM chunks k WHERE k.document_id = documents.id)
       WHERE id = ? AND state = 'pending'`,
    ).run(truth.now(), id);
    db.prepare("INSERT OR IGNORE INTO document_embeddings (document_id, embedder) VALUES (?, ?)").run(id, embedder);
    db.prepare(
      "INSERT INTO collection_documents (collection_id, document_id, path) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET path = excluded.path",
    ).run(collectionId, id, path ?? null);
    if (recordsOf) db.prepare("INSERT OR IGNORE INTO source_documents (source_id, document_id) VALUES (?, ?)").run(recordsOf, id);
    if (file) {
      const former = db
        .prepare<[string, string], { document_id: string | null }>("SELECT document_id FROM files WHERE source_id = ? AND path = ?")
        .get(file.sourceId, file.path)?.document_id;
      db.prepare(
        "UPDATE files SET state = 'indexed', reason = NULL, document_id = ?, content_hash = ?, ocr_pages = ?, unavailable = 0 WHERE source_id = ? AND path = ?",
      ).run(id, file.contentHash, file.ocrPages, file.sourceId, file.path);
      if (former && former !== id) unlinkIfUnused(transaction, collectionId, former);
    }
    transaction.event("document.published", id);
  }

  function unlinkIfUnused(transaction: Transaction, collectionId: string, documentId: string): void {
    const used = db
      .prepare(
        `SELECT 1 FROM files f JOIN sources s ON s.id = f.source_id WHERE s.collection_id = ? AND f.document_id = ?
         UNION ALL SELECT 1 FROM source_documents r JOIN sources s ON s.id = r.source_id WHERE s.collection_id = ? AND r.document_id = ?`,
      )
      .get(collectionId, documentId, collectionId, documentId);
    if (used) return;
    db.prepare("DELETE FROM collection_documents WHERE collection_id = ? AND document_id = ?").run(collectionId, documentId);
    transaction.event("document.removed", documentId);
  }
}

function toDocument(row: DocumentRow): Document {
  return {
    id: row.id,
    ...(row.external_id === null ? {} : { externalId: row.external_id }),
    title: row.title,
    type: row.type,
    ...(row.path === null ? {} : { path: row.path }),
    bytes: row.bytes,
    ...(row.language === null ? {} : { language: row.language }),
    textHash: row.text_hash,
    pages: row.pages,
    chunks: row.chunks,
    indexedAt: row.indexed_at,
  };
}
