import type { DocumentStore } from "../documents/document-store.ts";
import { type FoundPassage, toFoundPassage } from "./found-passage.ts";

/**
 * Every passage of a document in its order, as a search would give it but without boxes on its pages, which cost too
 * much for a thousand passages; none when it is in none of the collections.
 * @throws NOT_FOUND when its text was deleted meanwhile
 */
export function createWholeDocument(deps: { documents: Pick<DocumentStore, "chunks" | "chunksOf">; text: (hash: string) => string }) {
  return (documentId: string, collections: readonly string[]): FoundPassage[] => {
    const keys = deps.documents.chunksOf(documentId).map(({ key }) => key);
    return deps.documents.chunks(keys, new Set(collections)).map((row, index) => {
      const boxes = () => (row.page === null ? {} : { page: row.page });
      return toFoundPassage(row, index + 1, 1, { text: deps.text, boxes });
    });
  };
}
