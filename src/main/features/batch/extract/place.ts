import type { Alternative } from "../../../../shared/contract/batch.ts";
import type { Box } from "../../../../shared/contract/define.ts";
import { boxesFor } from "../../knowledge/index.ts";
import type { DocumentView } from "./document-view.ts";

/** Where a slice of the text stands: the page, the boxes of its words by line, and the one around them. */
export function placeOf(
  view: Pick<DocumentView, "text" | "pages" | "geometry">,
  start: number,
  end: number,
): Omit<Alternative, "value" | "sure" | "origin"> {
  const index = view.pages.findIndex((page) => start >= page.start && end <= page.end);
  const page = view.pages[index];
  const words = view.geometry[index];
  const boxes = page && words ? boxesFor(words, start - page.start, end - page.start) : [];
  return {
    raw: view.text.slice(start, end),
    ...(page ? { page: page.page } : {}),
    ...(boxes.length > 0 ? { box: around(boxes), boxes } : {}),
    start,
    end,
  };
}

const around = (boxes: readonly Box[]): Box => [
  Math.min(...boxes.map(([x0]) => x0)),
  Math.min(...boxes.map(([, y0]) => y0)),
  Math.max(...boxes.map(([, , x1]) => x1)),
  Math.max(...boxes.map(([, , , y1]) => y1)),
];
