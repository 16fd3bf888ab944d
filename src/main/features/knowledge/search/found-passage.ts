import type { Box } from "../../../../shared/contract/define.ts";
import type { Passage } from "../../../../shared/contract/search.ts";
import type { ChunkRow } from "../documents/document-store.ts";

/** A passage with what an answer needs beyond what a search shows. */
export type FoundPassage = Passage & { section: { start: number; end: number }; language: string | undefined };

type Stored = {
  text: (hash: string) => string;
  boxes: (textHash: string, start: number, end: number) => { page?: number; boxes?: Box[] };
};

/** A stored chunk as a passage: its text, its document, and where it stands on its page. */
export function toFoundPassage(row: ChunkRow, rank: number, score: number, { text, boxes }: Stored): FoundPassage {
  const place = row.page === null ? {} : boxes(row.textHash, row.start, row.end);
  return {
    rank,
    score,
    document: {
      id: row.documentId,
      ...(row.externalId === null ? {} : { externalId: row.externalId }),
      ...(row.path === null ? {} : { path: row.path }),
      title: row.title,
    },
    chunk: {
      id: row.id,
      textHash: row.textHash,
      start: row.start,
      end: row.end,
      ...place,
      ...(row.heading ? { heading: row.heading } : {}),
    },
    text: text(row.textHash).slice(row.start, row.end),
    section: { start: row.sectionStart, end: row.sectionEnd },
    language: row.language ?? undefined,
  };
}
