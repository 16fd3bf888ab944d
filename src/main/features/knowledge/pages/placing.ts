import type { Box } from "../../../../shared/contract/define.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import { boxesFor, unpackGeometry } from "../reading/index.ts";

/** Finds the page and the boxes of a range of a stored text; a range over several pages is placed on its first. */
export function createPlacing(documents: DocumentStore) {
  return (textHash: string, start: number, end: number): { page?: number; boxes?: Box[] } => {
    const [page] = documents.pagesIn(textHash, start, end);
    if (page?.width == null) return {};
    if (!page.geometry) return { page: page.page };
    const boxes = boxesFor(unpackGeometry(page.geometry), start - page.start, Math.min(end, page.end) - page.start);
    return boxes.length > 0 ? { page: page.page, boxes } : { page: page.page };
  };
}
