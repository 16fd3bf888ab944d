import type { ReadOptions } from "../../../shared/contract/reading.ts";
import { AppError, isAbort } from "../../../shared/errors.ts";
import type { Engines } from "../../core/engines.ts";
import type { Logger } from "../../core/logger.ts";
import type { Truth } from "../../db/truth.ts";
import type { JobHandler } from "../../jobs/job.ts";
import type { JobRunner } from "../../jobs/job-runner.ts";
import type { ModelChecks, ModelStore } from "../models/index.ts";
import type { SettingsStore } from "../settings/index.ts";
import { createCollectionStore } from "./collection-store.ts";
import { createDocumentStore } from "./document-store.ts";
import { createEmbedding } from "./embedding.ts";
import { createIndexJob, INDEX_JOB } from "./index-job.ts";
import { createIndexer } from "./index-document.ts";
import { knowledgeRoutes } from "./knowledge-routes.ts";
import { createPlacing } from "./placing.ts";
import { createReadForIndex } from "./read-for-index.ts";
import { createReading, toReadResult } from "./reading/index.ts";
import { findMissing } from "./repair.ts";
import { createSearch } from "./search.ts";
import { createSourceStore, type SourceOptions } from "./source-store.ts";
import { createTextCache } from "./text-cache.ts";
import { createSourceWatch } from "./watch-sources.ts";

export type KnowledgeOptions = {
  truth: Truth;
  engines: Engines;
  jobs: JobRunner;
  settings: SettingsStore;
  models: ModelStore;
  checks: ModelChecks;
  threads: () => number;
  log: Logger;
  now: () => number;
};

/** The knowledge base: what it is made of, and what other features use of it. */
export function createKnowledge({ truth, engines, jobs, settings, models, checks, threads, log, now }: KnowledgeOptions) {
  const { inference, search: index, readers, ocr } = engines;
  const collections = createCollectionStore(truth);
  const sources = createSourceStore(truth);
  const documents = createDocumentStore(truth);
  const text = createTextCache(documents.text);
  const boxes = createPlacing(documents);
  const embedding = createEmbedding({
    inference,
    threads,
    async resolveOnnx(id) {
      await checks.ensureUsable(id, new AbortController().signal);
      return models.resolveOnnx(id);
    },
  });
  const indexer = createIndexer({ documents, embedding, inference, search: index });
  const reading = createReading({ readers, ocr, log });
  const withDefaults = (options: SourceOptions["reading"]): ReadOptions => ({
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
    now,
    async reranker() {
      const id = settings.get("models.reranker");
      if (id === undefined) return undefined;
      try {
        return await models.resolveOnnx(id);
      } catch (error) {
        // Removed since it was chosen: a search without it is better than none.
        if (error instanceof AppError && (error.code === "MODEL_MISSING" || error.code === "NOT_FOUND")) return undefined;
        throw error;
      }
    },
  });
  const indexJob = createIndexJob({
    collections,
    sources,
    documents,
    embedding,
    index,
    indexer,
    reader: createReadForIndex({ reading, withDefaults, languages: (signal) => ocr.call("languages", {}, { signal }) }),
    now,
  }) as JobHandler;

  return {
    search,
    indexJob,
    boxes,
    text,
    hasCollection: (id: string): boolean => collections.find(id) !== undefined,
    collectionIds: (named: readonly string[]): string[] => (named.length === 0 ? [] : collections.resolve(named).map(({ id }) => id)),

    /** Vectors of a question and of sentences in the space of the collections' embedder, for choosing evidence. */
    async embedSentences(question: string, named: readonly string[], signal: AbortSignal) {
      const [collection] = collections.resolve(named);
      if (!collection) return undefined;
      const embedder = await embedding.resolve(collection.embedder);
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
      readFile: async (path, options, signal) =>
        toReadResult(
          path,
          await reading.readDocument(path, withDefaults(options), {
            signal: signal ?? new AbortController().signal,
            priority: "interactive",
          }),
        ),
    }),

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
    dropPending: documents.dropPending,

    /** After a start: makes again what the index lacks. Never throws. */
    async repair(signal: AbortSignal): Promise<void> {
      try {
        const lacking = await findMissing(documents, index, signal);
        for (const collectionId of lacking) jobs.add(INDEX_JOB, "Rebuild the index", { collectionId });
      } catch (error) {
        if (!isAbort(error)) log.error("index.repair-failed", { error });
      }
    },
  };
}
