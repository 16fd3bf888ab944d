import { setImmediate } from "node:timers/promises";
import type { EngineHost } from "../../../engines/engine.ts";
import type { SearchProtocol } from "../../../engines/search/protocol.ts";
import type { DocumentStore } from "../documents/document-store.ts";

/** Rows of one transaction: a few milliseconds. */
const ROWS_A_STEP = 100;

/** Deletes what no collection holds any more, with its texts, chunks and places in the index, a few rows at a time. */
export async function purge(documents: DocumentStore, index: EngineHost<SearchProtocol>, signal?: AbortSignal): Promise<void> {
  for (;;) {
    signal?.throwIfAborted();
    const { keys, isDone } = documents.deleteSome(ROWS_A_STEP);
    if (keys.length > 0) await index.call("remove", { keys }, { priority: "background", signal });
    if (isDone) return;
    await setImmediate();
  }
}

/** Deletes on a person's word: as above, and leaves nothing of it in what the files of both databases hold. */
export async function purgeForGood(documents: DocumentStore, index: EngineHost<SearchProtocol>): Promise<void> {
  await purge(documents, index);
  await index.call("erase", {}, { priority: "background" });
  documents.foldLog();
}
