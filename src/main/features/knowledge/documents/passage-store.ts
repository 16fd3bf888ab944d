import type { Document } from "../../../../shared/contract/knowledge.ts";
import { AppError } from "../../../../shared/errors.ts";
import type { Truth } from "../../../db/truth.ts";
import type { ChunkRow } from "./document.ts";

type DocumentRow = {
  id: string;
  external_id: string | null;
  title: string;
  type: string;
  bytes: number;
  language: string | null;
  text_hash: string;
  pages: number;
  chunks: number;
  path: string | null;
  indexed_at: number;
};
type PageRow = { page: number; start: number; end: number; width: number | null; geometry: Buffer | null };

const SELECT = `
  SELECT d.id, d.external_id, d.title, d.type, d.bytes, d.language, d.text_hash, d.indexed_at, d.pages, d.chunks,
    (SELECT path FROM collection_documents cd WHERE cd.document_id = d.id AND path IS NOT NULL LIMIT 1) AS path
  FROM`;

/** What published documents hold. */
export function passageStore(truth: Truth) {
  const { db } = truth;
  const textIsThere = db.prepare<[string], number>("SELECT 1 FROM texts WHERE hash = ?").pluck();
  const textByHash = db.prepare<[string], string>("SELECT text FROM texts WHERE hash = ?").pluck();
  const byId = db.prepare<[string], DocumentRow>(`${SELECT} documents d WHERE d.id = ? AND d.state = 'published'`);
  // The order of the link's key: of documents only those of the page are looked at.
  const inCollection = db.prepare<[string, string, number], DocumentRow>(
    `${SELECT} collection_documents held CROSS JOIN documents d ON d.id = held.document_id
     WHERE held.collection_id = ? AND held.document_id > ? AND d.state = 'published' ORDER BY held.document_id LIMIT ?`,
  );
  const chunkByKey = db.prepare<[number], Omit<ChunkRow, "path">>(
    `SELECT k.key, k.id, k.document_id AS documentId, k.text_hash AS textHash, k.start, k."end", k.page, k.heading,
       k.section_start AS sectionStart, k.section_end AS sectionEnd, d.title, d.external_id AS externalId, d.language
     FROM chunks k JOIN documents d ON d.id = k.document_id WHERE k.key = ? AND d.state = 'published'`,
  );
  const linksOf = db.prepare<[string], { collection_id: string; path: string | null }>(
    "SELECT collection_id, path FROM collection_documents WHERE document_id = ?",
  );
  const pagesIn = db.prepare<[string, number, number], PageRow>(
    `SELECT page, start, "end", width, geometry FROM pages WHERE text_hash = ? AND start < ? AND "end" > ? ORDER BY page`,
  );

  return {
    /** Chunks by key with the document and its path in one of the collections; keys that are gone are left out. */
    chunks: (keys: readonly number[], collections: ReadonlySet<string>): ChunkRow[] =>
      keys.flatMap((key) => {
        const row = chunkByKey.get(key);
        const link = row && linksOf.all(row.documentId).find(({ collection_id: id }) => collections.has(id));
        return row && link ? [{ ...row, path: link.path }] : [];
      }),

    /** @throws NOT_FOUND */
    text(hash: string): string {
      const text = textByHash.get(hash);
      if (text === undefined) throw new AppError("NOT_FOUND", "The text is no longer stored: its document was deleted.");
      return text;
    },

    hasText: (hash: string): boolean => textIsThere.get(hash) !== undefined,

    /** Ids of the collections that hold a document. */
    collectionsOf: (documentId: string): string[] => linksOf.all(documentId).map(({ collection_id: id }) => id),

    /** Pages that overlap a range, with their packed word boxes. */
    pagesIn: (textHash: string, start: number, end: number): PageRow[] => pagesIn.all(textHash, end, start),

    isPublished: (id: string): boolean => byId.get(id) !== undefined,

    /** @throws NOT_FOUND */
    get(id: string): Document {
      const row = byId.get(id);
      if (!row) throw new AppError("NOT_FOUND", `There is no document ${id}.`);
      return toDocument(row);
    },

    list: (collectionId: string, after: string, limit: number): Document[] => inCollection.all(collectionId, after, limit).map(toDocument),
  };
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
