import { createId } from "../../../db/id.ts";
import type { Truth } from "../../../db/truth.ts";
import type { Chunk } from "../../../engines/inference/protocol.ts";
import type { NewDocument, StoredChunk, StoredPage } from "./document.ts";

/** Documents that are being written, in slices, and that nobody sees before they are published. */
export function stagingStore(truth: Truth) {
  const { db } = truth;
  const byContent = db.prepare<[string], { id: string; state: "pending" | "published" }>(
    "SELECT id, state FROM documents WHERE content_hash = ?",
  );
  const dropPending = db.prepare<[string]>("DELETE FROM documents WHERE content_hash = ? AND state = 'pending'");
  const insertDocument = db.prepare(
    "INSERT INTO documents (id, content_hash, external_id, title, type, bytes, language, metadata, warnings, state, modified_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)",
  );
  const insertText = db.prepare("INSERT OR IGNORE INTO texts (hash, text, length, created_at) VALUES (?, ?, ?, ?)");
  const setText = db.prepare<[string, string]>("UPDATE documents SET text_hash = ? WHERE id = ?");
  const insertPage = db.prepare(
    `INSERT OR IGNORE INTO pages (text_hash, page, start, "end", width, height, source, confidence, geometry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertChunk = db.prepare(
    `INSERT INTO chunks (id, document_id, text_hash, ordinal, start, "end", page, heading, tokens, section_start, section_end) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const chunksOf = db.prepare<[string], StoredChunk>(
    `SELECT key, start, "end", heading FROM chunks WHERE document_id = ? ORDER BY ordinal`,
  );

  return {
    find: (contentHash: string): { id: string; state: "pending" | "published" } | undefined => byContent.get(contentHash),

    /** Starts a document, or starts it over where a crash left it pending. */
    begin: (document: NewDocument): string =>
      truth.jot(() => {
        dropPending.run(document.contentHash);
        const now = truth.now();
        const id = createId(now);
        insertDocument.run(
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
          now,
        );
        return id;
      }),

    storeText(documentId: string, hash: string, text: string): void {
      truth.jot(() => {
        insertText.run(hash, text, text.length, truth.now());
        setText.run(hash, documentId);
      });
    },

    storePages(textHash: string, pages: readonly StoredPage[]): void {
      truth.jot(() => {
        for (const { page, start, end, width, height, source, confidence, geometry } of pages)
          insertPage.run(textHash, page, start, end, width ?? null, height ?? null, source, confidence ?? null, geometry ?? null);
      });
    },

    /** @returns the integer keys that full text and vectors are filed under */
    storeChunks: (documentId: string, textHash: string, chunks: readonly (Chunk & { page?: number })[], firstOrdinal: number): number[] =>
      truth.jot(() =>
        chunks.map(({ start, end, page, heading, tokens, section }, index) => {
          const id = createId(truth.now());
          const ordinal = firstOrdinal + index;
          const row = [id, documentId, textHash, ordinal, start, end, page ?? null, heading, tokens, section.start, section.end];
          return Number(insertChunk.run(row).lastInsertRowid);
        }),
      ),

    chunksOf: (documentId: string): StoredChunk[] => chunksOf.all(documentId),
  };
}
