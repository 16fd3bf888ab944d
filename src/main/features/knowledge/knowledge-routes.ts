import { resolve } from "node:path";
import type { Collection } from "../../../shared/contract/knowledge.ts";
import type { NamedReadOptions, ReadResult } from "../../../shared/contract/reading.ts";
import { joinCoverage } from "../../../shared/client/join-coverage.ts";
import { os } from "../../core/implementer.ts";
import type { EngineHost } from "../../engines/engine.ts";
import type { SearchProtocol } from "../../engines/search/protocol.ts";
import type { JobRunner } from "../../jobs/job-runner.ts";
import type { SettingsStore } from "../settings/index.ts";
import type { AttachmentStore } from "./sources/attachment-store.ts";
import type { CollectionStore } from "./collections/collection-store.ts";
import type { DocumentStore } from "./documents/document-store.ts";
import type { createEmbedderChanges } from "./collections/embedder-changes.ts";
import { exportCoverage } from "./sources/export-coverage.ts";
import { INDEX_JOB } from "./indexing/index-job.ts";
import type { Passwords } from "./sources/password-store.ts";
import { previewSource } from "./sources/preview-source.ts";
import { purgeForGood } from "./indexing/purge.ts";
import { forgetSource } from "./sources/remove-source.ts";
import { requirePaths } from "./sources/require-paths.ts";
import type { Search } from "./search/search.ts";
import { inSlices } from "./slices.ts";
import { SourceOptions, type SourceStore } from "./sources/source-store.ts";

const LONGEST_SLICE = 1_000_000;
/** Sources of one transaction: a few milliseconds. */
const SOURCES_A_STEP = 500;
const never = new AbortController().signal;

export type KnowledgeDeps = {
  collections: CollectionStore;
  sources: SourceStore;
  documents: DocumentStore;
  attachments: AttachmentStore;
  passwords: Passwords;
  embedderChanges: Pick<ReturnType<typeof createEmbedderChanges>, "begin" | "cancel">;
  /** Resolves for an embedding model that is known, installed or not. @throws NOT_FOUND · NOT_SUPPORTED when it makes no vectors */
  requireEmbedder: (id: string) => Promise<void>;
  search: Search;
  index: EngineHost<SearchProtocol>;
  jobs: JobRunner;
  settings: SettingsStore;
  text: (hash: string) => string;
  readFile: (path: string, options: NamedReadOptions, signal: AbortSignal | undefined) => Promise<ReadResult>;
};

/** Handlers of `knowledge.*`. */
export function knowledgeRoutes(deps: KnowledgeDeps) {
  const { collections, sources, documents, jobs, settings } = deps;

  const findOrCreate = (name: string): Collection => collections.find(name) ?? collections.create(name, settings.get("models.embedding"));

  return {
    createCollection: os.knowledge.createCollection.handler(async ({ input }) => {
      if (input.embedder !== undefined) await deps.requireEmbedder(input.embedder);
      return collections.create(input.name, input.embedder ?? settings.get("models.embedding"));
    }),
    listCollections: os.knowledge.listCollections.handler(() => collections.list()),
    showCollection: os.knowledge.showCollection.handler(({ input }) => collections.get(input.collection)),
    removeCollection: os.knowledge.removeCollection.handler(async ({ input }) => {
      const { id } = collections.get(input.collection);
      await jobs.cancelWhere(INDEX_JOB, (job) => isOf(job, id));
      await deps.embedderChanges.cancel(id);
      await deps.passwords.forget(sources.list(id).map((source) => source.id));
      const removedDocuments = documents.removeCollection(id);
      await purgeForGood(documents, deps.index);
      return { removedDocuments };
    }),

    removeSource: os.knowledge.removeSource.handler(async ({ input }) => {
      const { id: collectionId, name } = collections.get(input.collection);
      sources.markRemoved(collectionId, input.id);
      const stopped = await jobs.cancelWhere(INDEX_JOB, (job) => isOf(job, collectionId));
      await deps.passwords.forget([input.id]);
      const removedDocuments = await forgetSource(deps, { id: input.id, collectionId });
      // What was being done for the other sources goes on.
      if (stopped > 0 && sources.list(collectionId).length > 0) jobs.add(INDEX_JOB, `Sync ${name}`, { collectionId });
      await purgeForGood(documents, deps.index);
      return { removedDocuments };
    }),

    addSources: os.knowledge.addSources.handler(async ({ input }) => {
      const paths = input.paths.map((path) => resolve(path));
      await requirePaths(paths);
      const collection = findOrCreate(input.collection);
      const { password, ...reading } = input.reading ?? {};
      const options = SourceOptions.parse({ include: input.include, exclude: input.exclude, watch: input.watch, reading });
      const added: string[] = [];
      // Not cancelled in between: what is remembered is indexed by the job that follows.
      await inSlices(paths, SOURCES_A_STEP, never, (slice) => void added.push(...sources.addAll(collection.id, "path", slice, options)));
      if (password !== undefined) for (const id of added) await deps.passwords.set(id, password);
      const title = paths.length === 1 ? `Index ${paths[0]}` : `Index ${paths.length} sources`;
      return { jobId: jobs.add(INDEX_JOB, title, { collectionId: collection.id }).id, collection: collections.get(collection.id) };
    }),
    listSources: os.knowledge.listSources.handler(({ input }) =>
      Promise.all(
        sources.list(collections.get(input.collection).id).map(async ({ id, kind, path, options }) => {
          const hasPassword = (await deps.passwords.of(id)) !== undefined;
          return { id, kind, path, ...options, hasPassword };
        }),
      ),
    ),
    previewSource: os.knowledge.previewSource.handler(async ({ input, signal }) =>
      previewSource({ ...input, path: resolve(input.path) }, signal ?? never),
    ),
    retryFailed: os.knowledge.retryFailed.handler(({ input }) => {
      const { id, name } = collections.get(input.collection);
      const files = sources.retryFailed(id, input.codes);
      return { jobId: jobs.add(INDEX_JOB, `Try failed files of ${name} again`, { collectionId: id }).id, files };
    }),
    addRecords: os.knowledge.addRecords.handler(async ({ input }) => {
      const path = resolve(input.path);
      await requirePaths([path]);
      const collection = findOrCreate(input.collection);
      sources.add(collection.id, "records", path, SourceOptions.parse({}));
      return {
        jobId: jobs.add(INDEX_JOB, `Index records of ${path}`, { collectionId: collection.id }).id,
        collection: collections.get(collection.id),
      };
    }),
    changeEmbedder: os.knowledge.changeEmbedder.handler(async ({ input }) => ({
      jobId: await deps.embedderChanges.begin(input.collection, input.embedder),
    })),
    sync: os.knowledge.sync.handler(({ input }) => {
      const { id, name } = collections.get(input.collection);
      return { jobId: jobs.add(INDEX_JOB, `Sync ${name}`, { collectionId: id }).id };
    }),
    exportCoverage: os.knowledge.exportCoverage.handler(async ({ input, signal = never }) =>
      exportCoverage(await joinCoverage(sources.coverage(collections.get(input.collection), signal)), input.format, signal),
    ),
    status: os.knowledge.status.handler(({ input, signal = never }) =>
      joinCoverage(sources.coverage(collections.get(input.collection), signal)),
    ),
    statusInParts: os.knowledge.statusInParts.handler(({ input, signal = never }) =>
      sources.coverage(collections.get(input.collection), signal),
    ),

    listDocuments: os.knowledge.listDocuments.handler(({ input }) =>
      documents.list(collections.get(input.collection).id, input.after ?? "", input.limit),
    ),
    getDocument: os.knowledge.getDocument.handler(({ input }) => documents.get(input.id)),
    removeDocument: os.knowledge.removeDocument.handler(async ({ input }) => {
      const { id: collectionId } = collections.get(input.collection);
      // What lies in its files was read for its sake.
      const inside = deps.attachments.within(collectionId, input.id);
      documents.remove(collectionId, input.id);
      for (const { sourceId, path } of inside) documents.forgetFile(collectionId, sourceId, path);
      await purgeForGood(documents, deps.index);
      return {};
    }),
    getText: os.knowledge.getText.handler(({ input }) => {
      const text = deps.text(input.textHash);
      const start = Math.min(input.start ?? 0, text.length);
      const end = Math.min(input.end ?? text.length, text.length, start + LONGEST_SLICE);
      return { textHash: input.textHash, start, end: Math.max(start, end), length: text.length, text: text.slice(start, end) };
    }),

    readFile: os.knowledge.readFile.handler(({ input: { path, ...options }, signal }) => deps.readFile(resolve(path), options, signal)),
    search: os.knowledge.search.handler(async ({ input, signal }) => {
      const request = { ...input, limit: input.limit ?? settings.get("search.limit") };
      const { passages, timings, wordsOnly, keywordWeight } = await deps.search(request, signal);
      return {
        query: input.query,
        results: passages,
        timings,
        ...(input.explain && keywordWeight !== undefined ? { keywordWeight } : {}),
        ...(wordsOnly.length > 0 ? { wordsOnly } : {}),
      };
    }),
  };
}

/** Whether a stored index job is one of the collection. */
function isOf(input: unknown, collectionId: string): boolean {
  return typeof input === "object" && input !== null && "collectionId" in input && input.collectionId === collectionId;
}
