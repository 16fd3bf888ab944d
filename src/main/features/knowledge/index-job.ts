import { basename } from "node:path";
import { z } from "zod";
import { Id } from "../../../shared/contract/define.ts";
import type { IndexResult } from "../../../shared/contract/knowledge.ts";
import { AppError, type ErrorCode, isAbort, toAppError } from "../../../shared/errors.ts";
import type { JobContext, JobHandler } from "../../jobs/job.ts";
import type { CollectionStore } from "./collection-store.ts";
import type { DocumentStore } from "./document-store.ts";
import type { Embedder, Embedding } from "./embedding.ts";
import { hashFile } from "./file-hash.ts";
import type { Indexer, IndexTarget } from "./index-document.ts";
import type { ReadForIndex } from "./read-for-index.ts";
import { readRecords } from "./records.ts";
import { eachConcurrently, inSlices } from "./slices.ts";
import type { Source, SourceFile, SourceStore } from "./source-store.ts";
import { walk, type WalkedFile } from "./walk.ts";

export const INDEX_JOB = "knowledge.index";

const Input = z.object({ collectionId: Id });
type Input = z.infer<typeof Input>;

/** Files in work at once: while one is embedded the next is read. */
const FILES_AT_ONCE = 3;
const RECORDS_AT_ONCE = 32;
/** Why a file could not be indexed, rather than why indexing cannot go on. */
const OF_THE_FILE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "FILE_UNREADABLE",
  "FILE_EMPTY",
  "FILE_ENCRYPTED",
  "FILE_PASSWORD_WRONG",
  "FILE_DAMAGED",
  "FILE_TOO_LARGE",
  "FILE_TYPE_UNSUPPORTED",
  "FILE_HOSTILE",
  "TIMEOUT",
  "INTERNAL",
  "ENGINE_EXITED",
]);

type Deps = {
  collections: CollectionStore;
  sources: SourceStore;
  documents: DocumentStore;
  embedding: Embedding;
  indexer: Indexer;
  read: ReadForIndex;
  now: () => number;
};

/** Counts of a run, and what it looks like from outside. */
type Tally = Pick<IndexResult, "indexed" | "skipped" | "failed" | "removed" | "unavailable" | "failures">;

/**
 * Brings a collection up to date with its sources: new and changed files are indexed, unchanged ones are not
 * opened, gone ones leave only after a complete walk. Repeatable: what a crash left undone is pending and is done
 * by the next run.
 */
export function createIndexJob(deps: Deps): JobHandler<Input> {
  return {
    kind: INDEX_JOB,
    lane: "index",
    maxAttempts: 3,
    parse: (input) => Input.parse(input),
    async run({ collectionId }, context): Promise<IndexResult> {
      const startedAt = deps.now();
      const collection = deps.collections.get(collectionId);
      const embedder = await deps.embedding.resolve(collection.embedder);
      const tally: Tally = { indexed: 0, skipped: 0, failed: 0, removed: 0, unavailable: 0, failures: [] };
      const run = new IndexRun(deps, { collectionId, embedder }, tally, context);
      for (const source of deps.sources.list(collectionId)) await run.source(source);
      await run.repairEmbeddings();
      return { collection: collection.name, job: context.jobId, ...tally, took: deps.now() - startedAt };
    },
  };
}

/** One run over a collection; a class because its steps share the tally and the progress. */
class IndexRun {
  readonly #deps: Deps;
  readonly #target: { collectionId: string; embedder: Embedder };
  readonly #tally: Tally;
  readonly #context: JobContext;
  /** Contents being indexed now: a second file of the same content waits and is then only linked. */
  readonly #inWork = new Map<string, Promise<unknown>>();
  #done = 0;
  #total = 0;

  constructor(deps: Deps, target: { collectionId: string; embedder: Embedder }, tally: Tally, context: JobContext) {
    this.#deps = deps;
    this.#target = target;
    this.#tally = tally;
    this.#context = context;
  }

  async source(source: Source): Promise<void> {
    try {
      if (source.kind === "records") await this.#records(source);
      else await this.#files(source);
    } catch (error) {
      if (error instanceof AppError && error.code === "NOT_FOUND") this.#rootUnreachable(source, error);
      else throw error;
    }
  }

  async #files(source: Source): Promise<void> {
    const { sources } = this.#deps;
    const { signal } = this.#context;
    const known = sources.files(source.id);
    const walked = await walk(source.path, { ...source.options, signal });
    const todo = walked.files.filter((file) => needsWork(file, known.get(file.path)));
    this.#tally.skipped += walked.files.length - todo.length;
    this.#total += todo.length;
    this.#report(basename(source.path));
    await inSlices(walked.files, 200, signal, (slice) => sources.noteSeen(source.id, slice));

    await eachConcurrently(todo, FILES_AT_ONCE, (file) => this.#guarded(source, file.path, () => this.#file(source, file)));
    await this.#gone(source, walked, known);
  }

  /** Runs the work for one file; its own fault is noted and counted, any other ends the run. */
  async #guarded(source: Source, path: string, work: () => Promise<void>): Promise<void> {
    this.#context.signal.throwIfAborted();
    try {
      await work();
      this.#tally.indexed += 1;
    } catch (error) {
      const failure = toAppError(error);
      if (isAbort(error) || !OF_THE_FILE.has(failure.code)) throw error;
      if (failure.code === "INTERNAL") this.#context.log.error("file.failed", { error });
      const isSkip = failure.code === "FILE_TYPE_UNSUPPORTED";
      this.#deps.sources.noteState(source.id, path, isSkip ? "skipped" : "failed", failure);
      this.#tally[isSkip ? "skipped" : "failed"] += 1;
      if (!isSkip) this.#tally.failures.push({ path, code: failure.code, message: failure.message });
    }
    this.#done += 1;
    this.#report(basename(path));
  }

  async #file(source: Source, file: WalkedFile): Promise<void> {
    const { documents, indexer, read } = this.#deps;
    const { signal } = this.#context;
    const contentHash = await hashFile(file.path, signal);
    const target: IndexTarget = {
      ...this.#target,
      path: file.path,
      file: { sourceId: source.id, path: file.path, contentHash, ocrPages: 0 },
    };
    await this.#oncePerContent(contentHash, async () => {
      const stored = documents.find(contentHash);
      if (stored?.state === "published") {
        await indexer.link(stored.id, target, signal);
        return;
      }
      const { content, ocrPages } = await read(file.path, contentHash, source.options.reading, signal);
      await indexer.index(
        { ...content, modifiedAt: file.modifiedAt },
        { ...target, file: { sourceId: source.id, path: file.path, contentHash, ocrPages } },
        signal,
      );
    });
  }

  async #oncePerContent(contentHash: string, work: () => Promise<void>): Promise<void> {
    while (this.#inWork.has(contentHash)) await this.#inWork.get(contentHash)?.catch(() => undefined);
    const task = work().finally(() => this.#inWork.delete(contentHash));
    this.#inWork.set(contentHash, task);
    await task;
  }

  async #gone(source: Source, walked: { files: WalkedFile[]; unreadable: string[] }, known: Map<string, SourceFile>): Promise<void> {
    const seen = new Set(walked.files.map(({ path }) => path));
    const missing = [...known.keys()].filter((path) => !seen.has(path));
    const isUnknown = (path: string) =>
      walked.unreadable.some((folder) => path === folder || path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`));
    const unavailable = missing.filter(isUnknown);
    this.#deps.sources.noteUnavailable(source.id, unavailable);
    this.#tally.unavailable += unavailable.length;
    const gone = missing.filter((path) => !isUnknown(path));
    await inSlices(gone, 20, this.#context.signal, (slice) => {
      for (const path of slice) this.#deps.documents.forgetFile(this.#target.collectionId, source.id, path);
    });
    this.#tally.removed += gone.length;
  }

  #rootUnreachable(source: Source, error: AppError): void {
    const paths = [...this.#deps.sources.files(source.id).keys()];
    this.#deps.sources.noteUnavailable(source.id, paths);
    this.#tally.unavailable += paths.length;
    this.#tally.failures.push({ path: source.path, code: error.code, message: error.message });
  }

  /** A file of records is one source of many documents; its row in `files` stands for the whole file. */
  async #records(source: Source): Promise<void> {
    const { sources, documents, indexer } = this.#deps;
    const { signal } = this.#context;
    const [file] = (await walk(source.path, { include: [], exclude: [], signal })).files;
    const known = sources.files(source.id).get(source.path);
    if (!file || !needsWork(file, known)) {
      this.#tally.skipped += 1;
      return;
    }
    sources.noteSeen(source.id, [file]);
    let last: string | undefined;
    await eachConcurrently(readRecords(source.path, signal), RECORDS_AT_ONCE, async (record) => {
      signal.throwIfAborted();
      this.#total += 1;
      if ("error" in record) {
        this.#tally.failed += 1;
        this.#tally.failures.push({ path: `${source.path}:${record.line}`, code: record.error.code, message: record.error.message });
      } else {
        const target: IndexTarget = { ...this.#target, path: source.path };
        await this.#oncePerContent(record.content.contentHash, async () => {
          const stored = documents.find(record.content.contentHash);
          if (stored?.state === "published") {
            await indexer.link(stored.id, target, signal);
            last = stored.id;
          } else {
            last = await indexer.index(record.content, target, signal);
          }
        });
        this.#tally.indexed += 1;
      }
      this.#done += 1;
      this.#report(basename(source.path));
    });
    if (last === undefined) {
      sources.noteState(source.id, source.path, "failed", new AppError("FILE_EMPTY", "The file holds no records."));
      return;
    }
    const contentHash = await hashFile(source.path, signal);
    documents.publish({
      id: last,
      embedder: this.#target.embedder.key,
      collectionId: this.#target.collectionId,
      path: source.path,
      file: { sourceId: source.id, path: source.path, contentHash, ocrPages: 0 },
    });
  }

  /** Documents whose vectors are missing, since the index was lost: they are embedded again from the stored text. */
  async repairEmbeddings(): Promise<void> {
    const { documents, indexer } = this.#deps;
    const missing = documents.missingEmbeddings(this.#target.collectionId, this.#target.embedder.key);
    this.#total += missing.length;
    await eachConcurrently(missing, FILES_AT_ONCE, async (id) => {
      await indexer.embed(id, this.#target.embedder, this.#context.signal);
      this.#done += 1;
      this.#report("index");
    });
  }

  #report(note: string): void {
    this.#context.progress({ done: this.#done, total: this.#total, unit: "files", note });
  }
}

/** New, changed, or left undone; a file whose content was refused is tried again only when it changed. */
function needsWork(file: WalkedFile, known: SourceFile | undefined): boolean {
  if (!known || known.state === "pending" || known.unavailable) return true;
  return known.size !== file.size || known.modifiedAt !== file.modifiedAt;
}
