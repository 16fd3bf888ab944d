import { basename } from "node:path";
import type { IndexResult } from "../../../../shared/contract/knowledge.ts";
import type { ReadOptions } from "../../../../shared/contract/reading.ts";
import { type AppError, type ErrorCode, isAbort, toAppError } from "../../../../shared/errors.ts";
import type { JobContext } from "../../../jobs/job.ts";
import type { AttachmentStore } from "../sources/attachment-store.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import type { Embedder, WordsOnly } from "./embedding.ts";
import type { Indexer } from "./index-document.ts";
import type { ReadForIndex } from "./read-for-index.ts";
import type { RevisionStore } from "../pages/revision-store.ts";
import { createGate } from "../slices.ts";
import type { Source, SourceStore } from "../sources/source-store.ts";

/** How large files may be together whose texts are held in memory. */
const BYTES_AT_ONCE = 64 * 1024 ** 2;

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
  // It, or what lay in it, was there when its folder was walked.
  "NOT_FOUND",
  "NOT_SUPPORTED",
  "TIMEOUT",
  "INTERNAL",
  "ENGINE_EXITED",
]);

export type RunDeps = {
  sources: SourceStore;
  attachments: AttachmentStore;
  documents: DocumentStore;
  revisions: RevisionStore;
  indexer: Indexer;
  reader: ReadForIndex;
  /** How a source's files are to be read, what it leaves to the settings and its password included. */
  optionsOf: (source: Source) => Promise<ReadOptions>;
};

/** Counts of a run, and what it looks like from outside. */
type Tally = Pick<IndexResult, "indexed" | "skipped" | "failed" | "removed" | "unavailable" | "failures">;

/** What the parts of one run over a collection share. */
export type IndexRun = ReturnType<typeof startRun>;

/** `inWork` holds the contents that any run works on now: another file of the same content waits and is then only linked. */
export function startRun(
  deps: RunDeps,
  target: { collectionId: string; embedder: Embedder | WordsOnly },
  inWork: Map<string, Promise<unknown>>,
  context: JobContext,
) {
  const tally: Tally = { indexed: 0, skipped: 0, failed: 0, removed: 0, unavailable: 0, failures: [] };
  let done = 0;
  let total = 0;

  function report(note: string): void {
    context.progress({ done, total, unit: "files", note });
  }

  return {
    ...deps,
    target,
    tally,
    log: context.log,
    signal: context.signal,
    /** Lets files through by their bytes, whatever source they are of: a dozen sources that are one large file each would fill memory. */
    inMemory: createGate(BYTES_AT_ONCE),
    /** So many more things to do. */
    expect(count: number, note: string): void {
      total += count;
      report(note);
    },
    /** One of them is done. */
    advance(note: string): void {
      done += 1;
      report(note);
    },
    async oncePerContent<Result>(contentHash: string, work: () => Promise<Result>): Promise<Result> {
      for (let other = inWork.get(contentHash); other; other = inWork.get(contentHash)) await other.catch(() => undefined);
      context.signal.throwIfAborted();
      const task = work().finally(() => inWork.delete(contentHash));
      inWork.set(contentHash, task);
      return task;
    },
    /** The file's own fault, for its row and the report; any other fault is thrown and ends the run. */
    faultOf(error: unknown): AppError {
      const failure = toAppError(error);
      if (isAbort(error) || !OF_THE_FILE.has(failure.code)) throw error;
      if (failure.code === "INTERNAL") context.log.error("file.failed", { error });
      return failure;
    },
    noteFault(sourceId: string, path: string, fault: AppError): void {
      const state = fault.code === "FILE_TYPE_UNSUPPORTED" ? "skipped" : "failed";
      deps.sources.noteState(sourceId, path, state, fault);
      tally[state] += 1;
      if (state === "failed") tally.failures.push({ path, code: fault.code, message: fault.message });
      this.advance(basename(path));
    },
  };
}
