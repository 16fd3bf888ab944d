import { z } from "zod";
import { Warning, type ChunkBounds, type DocumentPage } from "../../../../shared/contract/reading.ts";
import type { Truth } from "../../../db/truth.ts";

/** A file that a document was read from, as it was then. */
export type OriginalFile = {
  path: string;
  size: number;
  modifiedAt: number;
  /** It waits to be read again. */
  pending: boolean;
  sourceId: string;
  /** It lies in a file on disk, whose time is that of this one; `places` lead to it. */
  inside?: { container: string; places: number[] };
};

export type StoredLayout = {
  contentHash: string;
  title: string;
  type: string;
  textHash: string;
  length: number;
  warnings: Warning[];
  pages: DocumentPage[];
  /** Collections that hold it. */
  collections: string[];
  files: OriginalFile[];
};

type DocumentRow = { content_hash: string; title: string; type: string; warnings: string; text_hash: string; length: number };
type PageRow = Omit<DocumentPage, "width" | "height" | "confidence"> & Record<"width" | "height" | "confidence", number | null>;
type FileRow = {
  path: string;
  size: number;
  modified_at: number;
  state: string;
  source_id: string;
  container: string | null;
  places: string | null;
};

const Places = z.array(z.number().int().nonnegative());

export type LayoutStore = ReturnType<typeof createLayoutStore>;

/** How documents are laid out, and which files they were read from. */
export function createLayoutStore({ db }: Truth) {
  const document = db.prepare<[string], DocumentRow>(
    `SELECT d.content_hash, d.title, d.type, d.warnings, d.text_hash, t.length
     FROM documents d JOIN texts t ON t.hash = d.text_hash WHERE d.id = ? AND d.state = 'published'`,
  );
  const pages = db.prepare<[string], PageRow>(
    `SELECT page, start, "end", width, height, source, confidence FROM pages WHERE text_hash = ? ORDER BY page`,
  );
  const page = db.prepare<[string, number], { start: number; end: number; geometry: Buffer | null }>(
    `SELECT start, "end", geometry FROM pages WHERE text_hash = ? AND page = ?`,
  );
  const collections = db.prepare<[string], { id: string }>("SELECT collection_id AS id FROM collection_documents WHERE document_id = ?");
  // A file that is being read again still names the document that it was; the newest first.
  const files = db.prepare<[string], FileRow>(
    `SELECT f.path, f.size, f.modified_at, f.state, f.source_id, f.container, f.places FROM files f JOIN sources s ON s.id = f.source_id
     WHERE f.document_id = ? AND s.kind = 'path' ORDER BY f.unavailable, f.id DESC LIMIT 20`,
  );
  const overlapping = db.prepare<[string, number, number], { page: number; start: number; end: number; geometry: Buffer }>(
    `SELECT page, start, "end", geometry FROM pages
     WHERE text_hash = ? AND start < ? AND "end" > ? AND geometry IS NOT NULL ORDER BY page LIMIT 100`,
  );
  const chunks = db.prepare<[string, number, number], ChunkBounds>(
    `SELECT id, ordinal + 1 AS number, start, "end", tokens, heading FROM chunks
     WHERE document_id = ? AND start < ? AND "end" > ? ORDER BY ordinal LIMIT 2000`,
  );

  return {
    find(documentId: string): StoredLayout | undefined {
      const row = document.get(documentId);
      if (!row) return undefined;
      const warnings = z.array(Warning).safeParse(JSON.parse(row.warnings));
      return {
        contentHash: row.content_hash,
        title: row.title,
        type: row.type,
        textHash: row.text_hash,
        length: row.length,
        warnings: warnings.data ?? [],
        pages: pages.all(row.text_hash).map(toPage),
        collections: collections.all(documentId).map(({ id }) => id),
        files: files.all(documentId).map(toFile),
      };
    },

    /** Range and packed word boxes of one page. */
    page: (textHash: string, number: number): { start: number; end: number; geometry: Buffer | null } | undefined =>
      page.get(textHash, number),

    /** Pages with places of words that a range touches. */
    pagesIn: (textHash: string, start: number, end: number) => overlapping.all(textHash, end, start),

    chunks: (documentId: string, start: number, end: number): ChunkBounds[] => chunks.all(documentId, end, start),
  };
}

function toPage({ page, start, end, width, height, source, confidence }: PageRow): DocumentPage {
  return {
    page,
    start,
    end,
    source,
    // A page of no size is one that could not be read.
    ...(width ? { width } : {}),
    ...(height ? { height } : {}),
    ...(confidence === null ? {} : { confidence }),
  };
}

function toFile({ path, size, modified_at: modifiedAt, state, source_id: sourceId, container, places }: FileRow): OriginalFile {
  const inside = container !== null && places !== null && { inside: { container, places: Places.parse(JSON.parse(places)) } };
  return { path, size, modifiedAt, pending: state === "pending", sourceId, ...inside };
}
