import type { EngineHost } from "../../engines/engine.ts";
import type { SearchProtocol } from "../../engines/search/protocol.ts";
import type { DocumentStore } from "./document-store.ts";
import { inSlices } from "./slices.ts";

/**
 * Finds out what index.db lacks (it was deleted, damaged or is older than the truth) and forgets those embeddings,
 * so that the next run of the index job makes them again. A count that agrees costs one small query.
 * @returns ids of collections that need an index job
 */
export async function findMissing(documents: DocumentStore, search: EngineHost<SearchProtocol>, signal: AbortSignal): Promise<string[]> {
  const { vectors } = await search.call("stats", {}, { signal });
  for (const { embedder, chunks } of documents.embeddedChunks()) {
    if ((vectors[embedder] ?? 0) >= chunks) continue;
    const present = new Set(await search.call("present", { embedder }, { signal }));
    const ids = documents.documentsEmbeddedBy(embedder);
    await inSlices(ids, 200, signal, (slice) => {
      const lacking = slice.filter((id) => documents.chunksOf(id).some(({ key }) => !present.has(key)));
      documents.forgetEmbeddings(lacking, embedder);
    });
  }
  await search.call("sweep", {}, { signal, priority: "background" });
  return documents.collectionsLackingEmbeddings();
}
