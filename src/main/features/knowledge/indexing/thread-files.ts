import type { EngineHost } from "../../../engines/engine.ts";
import type { SearchProtocol } from "../../../engines/search/protocol.ts";
import type { JobRunner } from "../../../jobs/job-runner.ts";
import type { CollectionStore } from "../collections/collection-store.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import { purgeForGood } from "./purge.ts";
import { SourceOptions, type SourceStore } from "../sources/source-store.ts";

/** Kind and lane of the job that indexes a file of a conversation. */
export const THREAD_FILE_JOB = "knowledge.thread-file";

export type ThreadFiles = ReturnType<typeof createThreadFiles>;

/** Files of one conversation: each is a collection of its own that nobody else sees or searches. */
export function createThreadFiles(deps: {
  collections: CollectionStore;
  sources: SourceStore;
  documents: DocumentStore;
  index: EngineHost<SearchProtocol>;
  jobs: JobRunner;
  embedder: () => string;
}) {
  const { collections, sources, documents, index, jobs } = deps;
  /** Jobs of collections that this run of Croft began. */
  const begun = new Map<string, string>();

  return {
    /** Durable before it returns; the id is that of the collection. */
    add(threadId: string, key: string, title: string, path: string): string {
      const { id } = collections.create(`attachment ${key}`, deps.embedder(), threadId);
      sources.add(id, "path", path, SourceOptions.parse({}));
      begun.set(id, jobs.add(THREAD_FILE_JOB, `Read ${title}`, { collectionId: id }).id);
      return id;
    },
    async remove(ids: readonly string[]): Promise<void> {
      await jobs.cancelWhere(THREAD_FILE_JOB, (input) => ids.some((id) => isOf(input, id)));
      for (const id of ids) {
        begun.delete(id);
        if (collections.find(id)) documents.removeCollection(id);
      }
      await purgeForGood(documents, index);
    },
    /** Resolves when nothing more of them will be found than is found now. @throws ABORTED */
    async settled(ids: readonly string[], signal: AbortSignal): Promise<void> {
      const waiting = ids.flatMap((id) => begun.get(id) ?? []);
      await Promise.all(waiting.map((job) => jobs.settled(job, signal)));
      for (const id of ids) begun.delete(id);
    },
  };
}

const isOf = (input: unknown, collectionId: string): boolean =>
  typeof input === "object" && input !== null && "collectionId" in input && input.collectionId === collectionId;
