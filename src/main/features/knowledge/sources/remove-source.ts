import { setImmediate } from "node:timers/promises";
import type { DocumentStore } from "../documents/document-store.ts";
import type { SourceStore } from "./source-store.ts";

/** Files of one transaction: a few milliseconds. */
const FILES_A_STEP = 20;

/**
 * Forgets the files of a source that was marked as removed, and then the source. Safe to stop anywhere: the mark stays,
 * and the next start goes on. One that a person adds again meanwhile is left to its next sync.
 * @returns how many documents left the collection
 */
export async function forgetSource(
  { sources, documents }: { sources: SourceStore; documents: DocumentStore },
  { id, collectionId }: { id: string; collectionId: string },
  signal?: AbortSignal,
): Promise<number> {
  let removedDocuments = 0;
  while (sources.isRemoved(id)) {
    signal?.throwIfAborted();
    const { removed, isDone } = documents.forgetSome(collectionId, id, FILES_A_STEP);
    removedDocuments += removed;
    if (isDone) sources.drop(id);
    await setImmediate();
  }
  return removedDocuments;
}
