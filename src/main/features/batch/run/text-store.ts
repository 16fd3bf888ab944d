import type { Truth } from "../../../db/truth.ts";
import type { DocumentView } from "../extract/document-view.ts";
import { type Geometry, packGeometry, type ReadDocument, unpackGeometry } from "../../knowledge/index.ts";

type PageRow = {
  page: number;
  start: number;
  end: number;
  width: number | null;
  height: number | null;
  source: "text" | "ocr";
  confidence: number | null;
  geometry: Buffer | null;
};
export type StoredText = Pick<DocumentView, "text" | "pages" | "geometry">;
export type TextStore = ReturnType<typeof createTextStore>;

/** The texts that records' places point into, each once, with the boxes of their words. */
export function createTextStore({ db }: Truth) {
  return {
    /** In the transaction of the records that point to it. */
    put(read: Pick<ReadDocument, "text" | "textHash" | "pages" | "geometry">): void {
      const { changes } = db.prepare("INSERT OR IGNORE INTO batch_texts (hash, text) VALUES (?, ?)").run(read.textHash, read.text);
      if (changes === 0) return;
      const insert = db.prepare(
        'INSERT INTO batch_pages (text_hash, page, start, "end", width, height, source, confidence, geometry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      );
      for (const [index, page] of read.pages.entries()) {
        const words = read.geometry[index];
        insert.run(
          read.textHash,
          page.page,
          page.start,
          page.end,
          page.width ?? null,
          page.height ?? null,
          page.source,
          page.confidence ?? null,
          words ? packGeometry(words) : null,
        );
      }
    },
    get(hash: string): StoredText | undefined {
      const row = db.prepare<[string], { text: string }>("SELECT text FROM batch_texts WHERE hash = ?").get(hash);
      if (!row) return undefined;
      const pages = db
        .prepare<[string], PageRow>(
          'SELECT page, start, "end", width, height, source, confidence, geometry FROM batch_pages WHERE text_hash = ? ORDER BY page',
        )
        .all(hash);
      return {
        text: row.text,
        pages: pages.map(({ page, start, end, width, height, source, confidence }) => ({
          page,
          start,
          end,
          source,
          ...(width === null ? {} : { width }),
          ...(height === null ? {} : { height }),
          ...(confidence === null ? {} : { confidence }),
        })),
        geometry: pages.map(({ geometry }): Geometry | undefined => (geometry ? unpackGeometry(geometry) : undefined)),
      };
    },
  };
}
