import { createHash } from "node:crypto";
import type { Block } from "../../../engines/inference/protocol.ts";
import type { ReadTable } from "../../../engines/readers/protocol.ts";
import type { Geometry } from "./geometry.ts";
import type { PageText } from "./page.ts";

export type ReadPageInfo = {
  page: number;
  /** Of the stored text. */
  start: number;
  end: number;
  width?: number;
  height?: number;
  source: "text" | "ocr";
  confidence?: number;
};

export type Assembled = {
  text: string;
  /** sha256 of the text as UTF-8. */
  textHash: string;
  blocks: Block[];
  pages: ReadPageInfo[];
  /** By index of `pages`; offsets count from the page's start. */
  geometry: (Geometry | undefined)[];
  tables: ReadTable[];
};

const betweenPages = "\n\n";

/** Pages in order as one stored text; offsets of blocks and tables become those of the whole. */
export function assemble(pages: readonly PageText[], tables: readonly ReadTable[]): Assembled {
  let text = "";
  const blocks: Block[] = [];
  const infos: ReadPageInfo[] = [];
  const starts = new Map<number, number>();
  for (const page of pages) {
    if (text !== "" && page.text !== "") text += betweenPages;
    const start = text.length;
    text += page.text;
    if (page.source === "text") starts.set(page.page, start);
    for (const block of page.blocks) {
      blocks.push({
        ...block,
        start: block.start + start,
        end: block.end + start,
        ...(block.headerEnd === undefined ? {} : { headerEnd: block.headerEnd + start }),
      });
    }
    infos.push({
      page: page.page,
      start,
      end: text.length,
      source: page.source,
      ...(page.width === undefined ? {} : { width: page.width }),
      ...(page.height === undefined ? {} : { height: page.height }),
      ...(page.confidence === undefined ? {} : { confidence: page.confidence }),
    });
  }
  return {
    text,
    textHash: createHash("sha256").update(text).digest("hex"),
    blocks,
    pages: infos,
    geometry: pages.map((page) => page.geometry),
    // A page that was recognised instead has other text, where the file's own tables are not.
    tables: tables.flatMap((table) => {
      const start = starts.get(table.page ?? 1);
      return start === undefined ? [] : [{ ...table, start: table.start + start, end: table.end + start }];
    }),
  };
}
