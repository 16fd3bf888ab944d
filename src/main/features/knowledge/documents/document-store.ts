import type { Truth } from "../../../db/truth.ts";
import { embeddingStore } from "./embedding-store.ts";
import { passageStore } from "./passage-store.ts";
import { publishingStore } from "./publishing-store.ts";
import { removalStore } from "./removal-store.ts";
import { stagingStore } from "./staging-store.ts";

export type { ChunkRow, NewDocument, Publication, StoredChunk, StoredPage } from "./document.ts";

export type DocumentStore = ReturnType<typeof createDocumentStore>;

/**
 * Documents, their texts and chunks. A document is written in slices while it is `pending` and becomes visible to
 * search in one small transaction, `publish`; it leaves sight in one, and is deleted in slices.
 */
export function createDocumentStore(truth: Truth) {
  return { ...stagingStore(truth), ...publishingStore(truth), ...passageStore(truth), ...embeddingStore(truth), ...removalStore(truth) };
}
