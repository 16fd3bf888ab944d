import { stat } from "node:fs/promises";
import { z } from "zod";
import { Id } from "../../../../shared/contract/define.ts";
import type { IndexResult } from "../../../../shared/contract/knowledge.ts";
import type { EngineHost } from "../../../engines/engine.ts";
import type { SearchProtocol } from "../../../engines/search/protocol.ts";
import type { JobContext, JobHandler } from "../../../jobs/job.ts";
import type { CollectionStore } from "../collections/collection-store.ts";
import { type Embedder, type Embedding, isUnusable, type WordsOnly, wordsOnly } from "./embedding.ts";
import type { IndexItem } from "./index-file.ts";
import { indexFiles, indexScans } from "./index-files.ts";
import { indexRecords } from "./index-records.ts";
import { type IndexRun, type RunDeps, startRun } from "./index-run.ts";
import { purge } from "./purge.ts";
import { eachConcurrently } from "../slices.ts";
import type { Source } from "../sources/source-store.ts";
import { isUnreachable } from "../sources/walk.ts";

export const INDEX_JOB = "knowledge.index";

const Input = z.object({ collectionId: Id });
type Input = z.infer<typeof Input>;

/** Files that were added one by one, in work at once: as many as the readers take. */
const FILES_AT_ONCE = 12;
/** Documents whose vectors are made again at once. */
const REPAIRS_AT_ONCE = 32;

/**
 * Brings a collection up to date with its sources: new and changed files are indexed, unchanged ones are not
 * opened, gone ones leave only after a complete walk. Files that must be recognised come last, when other jobs may run
 * beside them: text never waits for pictures. Repeatable: what a crash left undone is pending and is done by the next run.
 */
export function createIndexJob(
  deps: RunDeps & { collections: CollectionStore; embedding: Embedding; index: EngineHost<SearchProtocol>; now: () => number },
): JobHandler<Input> {
  const inWork = new Map<string, Promise<unknown>>();
  return {
    kind: INDEX_JOB,
    lane: "index",
    maxAttempts: 3,
    parse: (input) => Input.parse(input),
    async run({ collectionId }, context): Promise<IndexResult> {
      const startedAt = deps.now();
      const collection = deps.collections.get(collectionId);
      const found = await embedderOrWords(deps.embedding, collection.embedder, context);
      const { embedder } = found;
      const run = startRun(deps, { collectionId, embedder }, inWork, context);
      const scans: IndexItem[] = [];
      const { files, others } = await byKind(deps.sources.list(collectionId));
      for (const source of others) scans.push(...(await indexSource(run, source)));
      await eachConcurrently(files, FILES_AT_ONCE, async (source) => {
        scans.push(...(await indexSource(run, source)));
      });
      await repairEmbeddings(run, embedder);
      if (scans.length > 0) {
        context.leaveLane();
        await indexScans(run, scans);
      }
      // The collection may have switched to another model meanwhile, by which nothing of this run would be found.
      const now = deps.collections.get(collectionId).embedder;
      if (now !== collection.embedder) await repairEmbeddings(run, (await embedderOrWords(deps.embedding, now, context)).embedder);
      await purge(deps.documents, deps.index, context.signal);
      const took = deps.now() - startedAt;
      return {
        collection: collection.name,
        job: context.jobId,
        ...run.tally,
        ...(found.wordsOnly ? { wordsOnly: found.wordsOnly } : {}),
        took,
      };
    },
  };
}

/** A model that cannot be used keeps no text from being found by its words. */
async function embedderOrWords(
  embedding: Embedding,
  id: string,
  { signal, log }: JobContext,
): Promise<{ embedder: Embedder | WordsOnly; wordsOnly?: IndexResult["wordsOnly"] }> {
  try {
    return { embedder: await embedding.resolve(id, signal) };
  } catch (error) {
    if (!isUnusable(error)) throw error;
    const { code, message, hint } = error;
    log.warn("index.words-only", { embedder: id, code });
    return { embedder: wordsOnly, wordsOnly: { code, message, ...(hint === undefined ? {} : { hint }) } };
  }
}

/** Sources that are single files, and folders and records, each of which keeps the readers busy by itself. */
async function byKind(sources: readonly Source[]): Promise<{ files: Source[]; others: Source[] }> {
  const groups = { files: [] as Source[], others: [] as Source[] };
  for (const source of sources) {
    const found = source.kind === "path" ? await stat(source.path).catch(() => undefined) : undefined;
    groups[found?.isFile() ? "files" : "others"].push(source);
  }
  return groups;
}

/** A root that cannot be reached ends its own source only: what was indexed from it stays. */
async function indexSource(run: IndexRun, source: Source): Promise<IndexItem[]> {
  try {
    if (source.kind === "path") return await indexFiles(run, source);
    await indexRecords(run, source);
  } catch (error) {
    if (!isUnreachable(error, source.path)) throw error;
    const inside = run.attachments.list(source.id).map(({ path }) => path);
    const paths = [...(await run.sources.files(source.id, run.signal)).keys(), ...inside];
    run.sources.noteUnavailable(source.id, paths);
    run.tally.unavailable += paths.length;
    run.tally.failures.push({ path: source.path, code: error.code, message: error.message });
  }
  return [];
}

/** Documents whose vectors are missing, since the index was lost: they are embedded again from the stored text. */
async function repairEmbeddings(run: IndexRun, embedder: Embedder | WordsOnly): Promise<void> {
  const { documents, indexer, target, signal } = run;
  const missing = await documents.missingEmbeddings(target.collectionId, embedder.key, signal);
  if (missing.length > 0) run.expect(missing.length, "index");
  await eachConcurrently(missing, REPAIRS_AT_ONCE, async (id) => {
    signal.throwIfAborted();
    await indexer.embed(id, embedder, signal);
    run.advance("index");
  });
}
