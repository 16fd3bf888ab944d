import type { EngineHost } from "../../engines/engine.ts";
import type { SearchProtocol } from "../../engines/search/protocol.ts";
import type { DocumentStore } from "./document-store.ts";

/** Documents of one transaction: some of them have thousands of chunks. */
const AT_ONCE = 10;

/** Deletes what no collection holds any more, with its texts, chunks and places in the index, a few documents at a time. */
export async function purge(documents: DocumentStore, index: EngineHost<SearchProtocol>, signal?: AbortSignal): Promise<void> {
  for (;;) {
    signal?.throwIfAborted();
    const { documents: count, keys } = documents.purge(AT_ONCE);
    if (keys.length > 0) await index.call("remove", { keys }, { priority: "background", signal });
    if (count < AT_ONCE) return;
  }
}
