import type { NamedReadOptions, ReadOptions } from "../../../shared/contract/reading.ts";
import { AppError, isAbort } from "../../../shared/errors.ts";
import type { Engines } from "../../core/engines.ts";
import type { Secrets } from "../../core/host.ts";
import type { Logger } from "../../core/logger.ts";
import type { Truth } from "../../db/truth.ts";
import type { JobHandler } from "../../jobs/job.ts";
import type { JobRunner } from "../../jobs/job-runner.ts";
import type { ModelChecks, ModelStore } from "../models/index.ts";
import type { SettingsStore } from "../settings/index.ts";
import { createAttachmentStore } from "./sources/attachment-store.ts";
import { createFindOriginal, type LendInside } from "./pages/bytes-original.ts";
import { createDrawPage } from "./pages/bytes-pages.ts";
import { createServeBytes } from "./pages/bytes-serve.ts";
import { createCollectionStore } from "./collections/collection-store.ts";
import { createEmbedderJob } from "./collections/change-embedder.ts";
import { createDocumentStore } from "./documents/document-store.ts";
import { createEmbedderChanges } from "./collections/embedder-changes.ts";
import { createEmbedderStore } from "./collections/embedder-store.ts";
import { createEmbedding, isUnusable } from "./indexing/embedding.ts";
import { createIndexJob, INDEX_JOB } from "./indexing/index-job.ts";
import { createIndexer } from "./indexing/index-document.ts";
import { knowledgeRoutes } from "./knowledge-routes.ts";
import { layoutRoutes } from "./pages/layout-routes.ts";
import { createLayoutStore } from "./pages/layout-store.ts";
import { createPasswords } from "./sources/password-store.ts";
import { createPlacing } from "./pages/placing.ts";
import { purge } from "./indexing/purge.ts";
import { createReadForIndex } from "./indexing/read-for-index.ts";
import { createReading, toReadResult } from "./reading/index.ts";
import { forgetSource } from "./sources/remove-source.ts";
import { createRebuild } from "./indexing/rebuild.ts";
import { createRevisionStore } from "./pages/revision-store.ts";
import { createSearch } from "./search/search.ts";
import { createSourceStore } from "./sources/source-store.ts";
import { createTextCache } from "./search/text-cache.ts";
import { createThreadFiles, THREAD_FILE_JOB } from "./indexing/thread-files.ts";
import { createSourceWatch } from "./sources/watch-sources.ts";
import { createWholeDocument } from "./search/whole-document.ts";

export type KnowledgeOptions = {
  truth: Truth;
  engines: Engines;
  jobs: JobRunner;
  settings: SettingsStore;
  models: ModelStore;
  checks: ModelChecks;
  secrets: Secrets;
  threads: () => number;
  showInFolder?: ((path: string) => Promise<void>) | undefined;
  log: Logger;
  now: () => number;
};

/** The knowledge base: what it is made of, and what other features use of it. */
export function createKnowledge({
  truth,
  engines,
  jobs,
  settings,
  models,
  checks,
  secrets,
  threads,
  showInFolder,
  log,
  now,
}: KnowledgeOptions) {
  const { inference, search: index, readers, ocr, pages } = engines;
  const collections = createCollectionStore(truth);
  const sources = createSourceStore(truth);
  const documents = createDocumentStore(truth);
  const attachments = createAttachmentStore(truth);
  const revisions = createRevisionStore(truth);
  const passwords = createPasswords({ truth, secrets, log });
  const text = createTextCache(documents.text, documents.hasText);
  const boxes = createPlacing(documents);
  const layouts = createLayoutStore(truth);
  /** A model file that was never loaded is probed first, for as long as somebody waits for it. */
  async function resolveOnnx(id: string, signal = new AbortController().signal) {
    await checks.ensureUsable(id, signal);
    return models.resolveOnnx(id);
  }
  const embedding = createEmbedding({
    inference,
    threads,
    resolveOnnx,
  });
  const indexer = createIndexer({ documents, revisions, embedding, inference, search: index });
  const reading = createReading({ readers, ocr, log });
  const lendInside: LendInside = async ({ path, places, sourceId }, signal, use) =>
    reading.withFile({ path, places }, await passwords.of(sourceId), { signal, priority: "interactive" }, (found) => use(found.path));
  const findOriginal = createFindOriginal(lendInside);
  const withDefaults = (options: NamedReadOptions): ReadOptions => ({
    ocr: options.ocr ?? settings.get("ocr.mode"),
    languages: options.languages && options.languages.length > 0 ? options.languages : settings.get("ocr.languages"),
    ...(options.password === undefined ? {} : { password: options.password }),
  });
  const search = createSearch({
    collections,
    documents,
    embedding,
    search: index,
    inference,
    text,
    boxes,
    threads,
    onEvents: truth.onEvents,
    now,
    async reranker(signal) {
      const id = settings.get("models.reranker");
      if (id === undefined) return undefined;
      try {
        return await resolveOnnx(id, signal);
      } catch (error) {
        // Removed since it was chosen, or of no use: a search without it is better than none.
        if (isUnusable(error)) return undefined;
        throw error;
      }
    },
  });
  const changing = { truth, collections, documents, embedders: createEmbedderStore(truth), embedding, indexer, index };
  const embedderChanges = createEmbedderChanges({ ...changing, jobs, models, log });
  const rebuild = createRebuild({ collections, documents, index, models, jobs, log });
  const indexJob = createIndexJob({
    collections,
    sources,
    attachments,
    documents,
    revisions,
    embedding,
    index,
    indexer,
    reader: createReadForIndex({ reading, languages: (signal) => ocr.call("languages", {}, { signal }) }),
    optionsOf: async ({ id, options }) => withDefaults({ ...options.reading, password: await passwords.of(id) }),
    now,
  }) as JobHandler;

  return {
    search,
    indexJob,
    reading,
    embedderJob: createEmbedderJob(changing) as JobHandler,
    /** The same work for a file of a conversation, in a lane of its own: somebody waits for it. */
    threadFileJob: { ...indexJob, kind: THREAD_FILE_JOB, lane: THREAD_FILE_JOB },
    threadFiles: createThreadFiles({ collections, sources, documents, index, jobs, embedder: () => settings.get("models.embedding") }),
    /** The text of a file that is not indexed. @throws FILE_* */
    readDocument: (path: string, signal: AbortSignal) => reading.readDocument(path, withDefaults({}), { signal, priority: "interactive" }),
    boxes,
    text,
    wholeDocument: createWholeDocument({ documents, text }),
    /** The document of a collection that holds no other. */
    onlyDocument(collectionId: string): string | undefined {
      const [first, second] = documents.list(collectionId, "", 2);
      return second ? undefined : first?.id;
    },
    hasCollection: (id: string): boolean => collections.find(id) !== undefined,
    collectionIds: (named: readonly string[]): string[] => (named.length === 0 ? [] : collections.resolve(named).map(({ id }) => id)),

    /** Vectors of a question and of sentences in the space of the collections' embedder, for choosing evidence. */
    async embedSentences(question: string, named: readonly string[], signal: AbortSignal) {
      const [collection] = collections.resolve(named);
      if (!collection) return undefined;
      const embedder = await embedding.resolve(collection.embedder, signal);
      const { vector } = await embedding.query(embedder, question, signal);
      return { embedder: embedder.id, question: vector, embed: (texts: string[]) => embedding.sentences(embedder, texts, signal) };
    },

    routes: knowledgeRoutes({
      collections,
      sources,
      documents,
      search,
      index,
      jobs,
      settings,
      text,
      attachments,
      passwords,
      embedderChanges,
      async requireEmbedder(id) {
        const { role } = await models.show(id);
        if (role !== "embedding")
          throw new AppError("NOT_SUPPORTED", `${id} is a model for ${role}; it cannot embed documents. No collection was made.`, {
            hint: "Choose an embedding model: croft models list",
          });
      },
      async readFile(path, options, signal = new AbortController().signal) {
        const control = { signal, priority: "interactive" as const };
        const place = await reading.placeOf(path, options, control);
        return toReadResult(path, await reading.readPlace(place, withDefaults(options), control));
      },
    }),

    readingRoutes: layoutRoutes({ layouts, findOriginal, text, showInFolder }),

    /** Page images and originals, for transports that carry bytes. */
    serveBytes: createServeBytes({ layouts, findOriginal, drawPage: createDrawPage(pages), lendInside, passwordOf: passwords.of }),

    /**
     * Keeps collections with watched sources up to date until the signal fires: looks at them once, and again
     * whenever something changed below them.
     */
    watch(signal: AbortSignal): void {
      const queued = new Map<string, string>();
      const watching = createSourceWatch({
        watched: sources.watched,
        sync(collectionId) {
          const collection = collections.find(collectionId);
          if (collection && !queued.has(collectionId))
            queued.set(collectionId, jobs.add(INDEX_JOB, `Sync ${collection.name}`, { collectionId }).id);
        },
        log,
      });
      const offJobs = jobs.onChange((job) => {
        // A sync that has begun may have passed what changes now: the next change needs another.
        for (const [collectionId, id] of queued) if (id === job.id && job.state !== "queued") queued.delete(collectionId);
        if (job.kind === "models.download" && job.state === "done") void rebuild.waiting(signal);
      });
      const offEvents = truth.onEvents((events) => {
        if (events.some(({ kind }) => kind === "collection.sources" || kind === "collection.removed")) watching.refresh();
      });
      signal.addEventListener("abort", () => {
        offEvents();
        offJobs();
        watching.close();
      });
      watching.refresh();
    },

    /** Before jobs run: what a crash left half written is written again from its source, or was removed since. */
    dropPending(): void {
      documents.dropPending();
      revisions.dropChunks(revisions.leftovers());
    },

    /** After a start: ends what was being deleted, and makes again what the index lacks. Never throws. */
    async repair(signal: AbortSignal): Promise<void> {
      try {
        for (const removed of sources.removed()) await forgetSource({ sources, documents }, removed, signal);
        await purge(documents, index, signal);
        embedderChanges.tidy(signal);
        await rebuild.missing(signal);
      } catch (error) {
        if (!isAbort(error)) log.error("index.repair-failed", { error });
      }
    },
  };
}
