import type { Block } from "../../../engines/inference/protocol.ts";
import type { NewDocument, StoredPage } from "./document-store.ts";

/** A document that was read and is to be indexed. */
export type DocumentContent = NewDocument & { text: string; textHash: string; blocks: Block[]; pages: StoredPage[] };
