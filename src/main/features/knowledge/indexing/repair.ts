import type { EngineHost } from "../../../engines/engine.ts";
import type { SearchProtocol } from "../../../engines/search/protocol.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import { inSlices } from "../slices.ts";

/** A collection, and the key that its embedder files vectors under. */
export type Embedded = { id: string; embedder: string };

/**
 * Finds out what index.db lacks (it was deleted, damaged or is older than the truth) and forgets those embeddings,
 * so that the next run of the index job makes them again. What the index should not hold is swept out first, since it
 * would make up for the count of what is missing. A count that agrees reads no keys.
 * @returns ids of collections that need an index job
 */
export async function findMissing(
  documents: DocumentStore,
  collections: readonly Embedded[],
  search: EngineHost<SearchProtocol>,
  signal: AbortSignal,
): Promise<string[]> {
  await search.call("sweep", {}, { signal, priority: "background" });
  const { vectors } = await search.call("stats", {}, { signal });
  for (const [embedder, chunks] of await documents.embeddedChunks(signal)) {
    if ((vectors[embedder] ?? 0) >= chunks) continue;
    const present = new Set(await search.call("present", { embedder }, { signal }));
    const ids = await documents.documentsEmbeddedBy(embedder, signal);
    await inSlices(ids, 50, signal, (slice) => {
      const lacking = slice.filter((id) => documents.chunksOf(id).some(({ key }) => !present.has(key)));
      documents.forgetEmbeddings(lacking, embedder);
    });
  }
  return lackingOf(documents, collections, signal);
}

/** Ids of the collections with documents that were never embedded by their embedder. */
export async function lackingOf(documents: DocumentStore, collections: readonly Embedded[], signal: AbortSignal): Promise<string[]> {
  const lacking: string[] = [];
  for (const { id, embedder } of collections) if (await documents.lacksEmbeddings(id, embedder, signal)) lacking.push(id);
  return lacking;
}
