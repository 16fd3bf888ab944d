import type { OcrMode } from "../../../../shared/contract/reading.ts";
import type { Truth } from "../../../db/truth.ts";
import type { DocumentContent } from "../documents/document-content.ts";
import type { StoredChunk } from "../documents/document-store.ts";
import { inPages } from "../slices.ts";

/** How the pages of a document were read. Only documents whose pages can be drawn have it. */
export type PagesRead = {
  mode: OcrMode;
  /** Of recognition, joined by `+`. */
  languages: string;
  /** Pages without text of their own, and with `always` all that can be drawn. */
  recognisable: number;
  /** Those of them whose text is still to be recognised. */
  waiting: number;
  /** Pages whose text was recognised. */
  ocrPages: number;
};

type Row = { mode: OcrMode; languages: string; recognisable: number; waiting: number; ocr_pages: number };

/** A file, and how its document was read, where its pages can be drawn. */
type FileRow = { path: string; state: string; reading: string | null } & (Row | Record<keyof Row, null>);

/** Rows of one turn of the event loop. */
const FILES_A_PAGE = 1000;

/** A document's new text, staged and in the index. */
export type Replacement = {
  documentId: string;
  content: DocumentContent;
  reading: PagesRead | undefined;
  /** Keys of the embedders that the new chunks have vectors of. */
  embedders: readonly string[];
};

export type RevisionStore = ReturnType<typeof createRevisionStore>;

/**
 * Documents that get another text, since their pages were recognised or are read with other options. The new text's
 * chunks stand beside the old ones until one small transaction makes the document point to them. A former text stays as
 * long as its document, since citations point to it.
 */
export function createRevisionStore(truth: Truth) {
  const { db } = truth;
  const chunksOf = db.prepare<[string, string], StoredChunk>(
    `SELECT key, start, "end", heading FROM chunks WHERE document_id = ? AND text_hash = ? ORDER BY ordinal`,
  );
  const putReading = db.prepare(
    `INSERT INTO document_reading (document_id, mode, languages, recognisable, waiting, ocr_pages) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET mode = excluded.mode, languages = excluded.languages, recognisable = excluded.recognisable,
       waiting = excluded.waiting, ocr_pages = excluded.ocr_pages`,
  );
  // Of all files, a page at a time: there may be a hundred thousand.
  const readAfter = db.prepare<[string, string, number], FileRow>(
    `SELECT f.path, f.state, f.reading, r.mode, r.languages, r.recognisable, r.waiting, r.ocr_pages
     FROM files f LEFT JOIN document_reading r ON r.document_id = f.document_id
     WHERE f.source_id = ? AND f.path > ? ORDER BY f.path LIMIT ?`,
  );
  const dropKey = db.prepare<[number]>("DELETE FROM chunks WHERE key = ?");
  const putRevision = db.prepare("INSERT OR IGNORE INTO revisions (document_id, text_hash) VALUES (?, ?)");

  const writeReading = (documentId: string, reading: PagesRead): void =>
    void putReading.run(documentId, reading.mode, reading.languages, reading.recognisable, reading.waiting, reading.ocrPages);

  return {
    readingOf(documentId: string): PagesRead | undefined {
      const row = db.prepare<[string], Row>("SELECT * FROM document_reading WHERE document_id = ?").get(documentId);
      return row && toReading(row);
    },
    noteReading: (documentId: string, reading: PagesRead): void => truth.jot(() => writeReading(documentId, reading)),

    /** Files of a source, by path, that were read with other options than these or whose pages still wait. */
    async suspects(sourceId: string, options: string, signal: AbortSignal): Promise<Map<string, PagesRead>> {
      const found = new Map<string, PagesRead>();
      const pages = inPages({ path: "" }, signal, ({ path }: { path: string }) => readAfter.all(sourceId, path, FILES_A_PAGE));
      for await (const page of pages)
        for (const row of page)
          if (row.state === "indexed" && isRead(row) && (row.waiting > 0 || row.reading !== options)) found.set(row.path, toReading(row));
      return found;
    },
    /** Notes with which options files were read, or need not be read again. */
    noteOptions(sourceId: string, paths: readonly string[], options: string): void {
      truth.jot(() => {
        for (const path of paths) db.prepare("UPDATE files SET reading = ? WHERE source_id = ? AND path = ?").run(options, sourceId, path);
      });
    },
    /** Why something of an indexed file is still missing. */
    noteReason: (sourceId: string, path: string, reason: { code: string; message: string; hint?: string }): void =>
      truth.jot(
        () =>
          void db
            .prepare("UPDATE files SET reason = ? WHERE source_id = ? AND path = ? AND state = 'indexed'")
            .run(JSON.stringify(reason), sourceId, path),
      ),

    metadata(documentId: string): unknown {
      const row = db.prepare<[string], { metadata: string }>("SELECT metadata FROM documents WHERE id = ?").get(documentId);
      return row && JSON.parse(row.metadata);
    },
    textHash: (documentId: string): string | undefined =>
      db.prepare<[string], { text_hash: string | null }>("SELECT text_hash FROM documents WHERE id = ?").get(documentId)?.text_hash ??
      undefined,
    /** The same text was found again; what else is known of it is new. */
    refresh(documentId: string, { metadata, warnings }: DocumentContent, reading: PagesRead | undefined): void {
      truth.jot(() => {
        db.prepare("UPDATE documents SET metadata = ?, warnings = ? WHERE id = ?").run(
          JSON.stringify(metadata),
          JSON.stringify(warnings),
          documentId,
        );
        if (reading) writeReading(documentId, reading);
      });
    },

    /** Begins a new text of a published document; pages and chunks follow in slices. */
    stage(documentId: string, textHash: string, text: string): void {
      truth.jot(() => {
        db.prepare("INSERT OR IGNORE INTO texts (hash, text, length, created_at) VALUES (?, ?, ?, ?)").run(
          textHash,
          text,
          text.length,
          truth.now(),
        );
        putRevision.run(documentId, textHash);
      });
    },
    chunksOf: (documentId: string, textHash: string): StoredChunk[] => chunksOf.all(documentId, textHash),

    /**
     * Makes a document point to its staged text: one transaction, after which every search finds the new chunks and
     * none of the old.
     * @returns the hash of the former text, undefined when the document is gone
     */
    replace: ({ documentId, content, reading, embedders }: Replacement): string | undefined =>
      truth.transact((transaction) => {
        const former = db
          .prepare<[string], { text_hash: string }>("SELECT text_hash FROM documents WHERE id = ? AND state = 'published'")
          .get(documentId);
        if (!former) return undefined;
        db.prepare(
          `UPDATE documents SET text_hash = ?, title = ?, language = ?, metadata = ?, warnings = ?, indexed_at = ?,
             pages = (SELECT count(*) FROM pages p WHERE p.text_hash = ?),
             chunks = (SELECT count(*) FROM chunks k WHERE k.document_id = ? AND k.text_hash = ?)
           WHERE id = ?`,
        ).run(
          content.textHash,
          content.title,
          content.language ?? null,
          JSON.stringify(content.metadata),
          JSON.stringify(content.warnings),
          truth.now(),
          content.textHash,
          documentId,
          content.textHash,
          documentId,
        );
        if (reading) writeReading(documentId, reading);
        putRevision.run(documentId, former.text_hash);
        db.prepare("DELETE FROM revisions WHERE document_id = ? AND text_hash = ?").run(documentId, content.textHash);
        db.prepare("DELETE FROM document_embeddings WHERE document_id = ?").run(documentId);
        for (const embedder of embedders)
          db.prepare("INSERT INTO document_embeddings (document_id, embedder) VALUES (?, ?)").run(documentId, embedder);
        transaction.event("document.published", documentId);
        return former.text_hash;
      }),

    /** Deletes chunks by key, whose rows in the index are gone already. Call in slices. */
    dropChunks: (keys: readonly number[]): void =>
      truth.jot(() => {
        for (const key of keys) dropKey.run(key);
      }),

    /** Chunks of texts that are not their document's: what a crash left staged, or did not clear away. */
    leftovers: (): number[] =>
      db
        .prepare<[], { key: number }>(
          `SELECT k.key FROM revisions r JOIN documents d ON d.id = r.document_id AND d.text_hash IS NOT r.text_hash
           JOIN chunks k ON k.document_id = r.document_id AND k.text_hash = r.text_hash`,
        )
        .all()
        .map(({ key }) => key),

    /** Embedders, by model id, of the collections that hold a document. */
    embeddersOf: (documentId: string): string[] =>
      db
        .prepare<[string], { embedder: string }>(
          "SELECT DISTINCT c.embedder FROM collections c JOIN collection_documents cd ON cd.collection_id = c.id WHERE cd.document_id = ?",
        )
        .all(documentId)
        .map(({ embedder }) => embedder),
  };
}

const isRead = (row: FileRow): row is FileRow & Row => row.mode !== null;

function toReading(row: Row): PagesRead {
  const { ocr_pages: ocrPages, mode, languages, recognisable, waiting } = row;
  return { mode, languages, recognisable, waiting, ocrPages };
}
