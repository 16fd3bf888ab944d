import type { ReadResult } from "../../../../shared/contract/reading.ts";
import type { Geometry } from "./geometry.ts";
import type { ReadDocument } from "./reading.ts";

/** What the contract shows of a read file: every word with its box, offsets in the whole text. */
export function toReadResult(path: string, read: ReadDocument): ReadResult {
  const { head, language, text, pages, geometry, tables, attachments, warnings } = read;
  return {
    path,
    type: head.type,
    ...(head.title === undefined ? {} : { title: head.title }),
    ...(language === undefined ? {} : { language }),
    metadata: head.metadata,
    text,
    pages: pages.map((page, index) => ({ ...page, ...wordsOf(geometry[index], page.start) })),
    ...(tables.length > 0 ? { tables } : {}),
    ...(attachments.length > 0 ? { attachments } : {}),
    warnings,
  };
}

function wordsOf(geometry: Geometry | undefined, pageStart: number): Pick<ReadResult["pages"][number], "words"> {
  if (!geometry) return {};
  const { starts, ends, boxes, confidences } = geometry;
  return {
    words: Array.from(starts, (start, word) => {
      const edge = (side: number) => Math.round((boxes[word * 4 + side] ?? 0) * 100) / 100;
      const confidence = confidences?.[word];
      return {
        start: start + pageStart,
        end: (ends[word] ?? start) + pageStart,
        box: [edge(0), edge(1), edge(2), edge(3)],
        ...(confidence === undefined ? {} : { confidence: Math.round(confidence * 100) / 100 }),
      };
    }),
  };
}
