import type { Truth } from "../../db/truth.ts";
import { embeddingStore } from "./documents/embedding-store.ts";
import { passageStore } from "./documents/passage-store.ts";
import { publishingStore } from "./documents/publishing-store.ts";
import { removalStore } from "./documents/removal-store.ts";
import { stagingStore } from "./documents/staging-store.ts";

export type { ChunkRow, NewDocument, Publication, StoredChunk, StoredPage } from "./documents/document.ts";

export type DocumentStore = ReturnType<typeof createDocumentStore>;

/**
 * Documents, their texts and chunks. A document is written in slices while it is `pending` and becomes visible to
 * search in one small transaction, `publish`; it leaves sight in one, and is deleted in slices.
 */
export function createDocumentStore(truth: Truth) {
  return { ...stagingStore(truth), ...publishingStore(truth), ...passageStore(truth), ...embeddingStore(truth), ...removalStore(truth) };
}
