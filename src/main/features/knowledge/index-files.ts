import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { AppError } from "../../../shared/errors.ts";
import { hashFile } from "./file-hash.ts";
import type { IndexTarget } from "./index-document.ts";
import type { IndexRun } from "./index-run.ts";
import { needsWork } from "./retry.ts";
import { createGate, eachConcurrently, inSlices } from "./slices.ts";
import type { Source, SourceFile } from "./source-store.ts";
import { walk, type Walk, type WalkedFile } from "./walk.ts";

/** Documents in work at once, so that their chunks fill the embedder's batches; and how large their files may be together. */
const DOCUMENTS_AT_ONCE = 64;
const BYTES_AT_ONCE = 64 * 1024 ** 2;
/** Files in the readers' process at once: one that makes it crash takes the others along, once. */
const READS_AT_ONCE = 3;
/** Each has pages in flight already. */
const SCANS_AT_ONCE = 1;

/** A file whose pages must be recognised. */
export type Scan = { source: Source; file: WalkedFile };

/**
 * Indexes what is new or changed below a source's path, and forgets what is gone after a complete walk.
 * @returns the files that must be recognised, which are left for later
 */
export async function indexFiles(run: IndexRun, source: Source): Promise<Scan[]> {
  const { sources, signal, tally } = run;
  const known = sources.files(source.id);
  const walked = await walk(source.path, { ...source.options, signal });
  const canRecognise = await mayRecognise(run, source, known);
  const todo = walked.files.filter((file) => needsWork(file, known.get(file.path), canRecognise));
  tally.skipped += walked.files.length - todo.length;
  run.expect(todo.length, basename(source.path));
  await inSlices(walked.files, 200, signal, (slice) => sources.noteSeen(source.id, slice));

  const scans: Scan[] = [];
  const inMemory = createGate(BYTES_AT_ONCE);
  const reads = createGate(READS_AT_ONCE);
  await eachConcurrently(todo, DOCUMENTS_AT_ONCE, (file) =>
    inMemory(file.size, async () => {
      if (!(await indexFile(run, { source, file }, false, reads))) scans.push({ source, file });
    }),
  );
  await forgetGone(run, source, walked, known);
  return scans;
}

/** Recognises and indexes what was left for later. */
export async function indexScans(run: IndexRun, scans: readonly Scan[]): Promise<void> {
  const reads = createGate(SCANS_AT_ONCE);
  await eachConcurrently(scans, SCANS_AT_ONCE, async (scan) => void (await indexFile(run, scan, true, reads)));
}

/** @returns false when the file must be recognised and `recognise` is false; its own faults are noted and counted */
async function indexFile(
  run: IndexRun,
  { source, file }: Scan,
  recognise: boolean,
  reads: ReturnType<typeof createGate>,
): Promise<boolean> {
  const { documents, indexer, reader, signal } = run;
  const { path } = file;
  signal.throwIfAborted();
  try {
    const contentHash = await hashFile(path, signal);
    const isDone = await run.oncePerContent(contentHash, async () => {
      const target = (ocrPages: number): IndexTarget => ({
        ...run.target,
        path,
        file: { sourceId: source.id, path, contentHash, ocrPages },
      });
      const stored = documents.find(contentHash);
      if (stored?.state === "published") {
        await indexer.link(stored.id, target(0), signal);
        return true;
      }
      const read = await reads(1, async () => {
        signal.throwIfAborted();
        return reader.read({ path, contentHash, recognise }, source.options.reading, signal);
      });
      if (!read) return false;
      await requireUnchanged(file);
      await indexer.index({ ...read.content, modifiedAt: file.modifiedAt }, target(read.ocrPages), signal);
      return true;
    });
    if (!isDone) return false;
    run.tally.indexed += 1;
    run.advance(basename(path));
  } catch (error) {
    run.noteFault(source.id, path, run.faultOf(error));
  }
  return true;
}

/** Asked only where a file failed for want of a language: the answer starts the engine. */
async function mayRecognise(run: IndexRun, source: Source, known: ReadonlyMap<string, SourceFile>): Promise<boolean> {
  const isWaited = [...known.values()].some(({ state, reason }) => state === "failed" && reason === "NOT_SUPPORTED");
  return isWaited && run.reader.canRecognise(source.options.reading, run.signal);
}

async function forgetGone(run: IndexRun, source: Source, walked: Walk, known: ReadonlyMap<string, SourceFile>): Promise<void> {
  const { sources, documents, tally, signal } = run;
  const seen = new Set(walked.files.map(({ path }) => path));
  const missing = [...known.keys()].filter((path) => !seen.has(path));
  const isUnknown = (path: string) =>
    walked.unreadable.some((folder) => path === folder || path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`));
  const unavailable = missing.filter(isUnknown);
  sources.noteUnavailable(source.id, unavailable);
  tally.unavailable += unavailable.length;
  const gone = missing.filter((path) => !isUnknown(path));
  await inSlices(gone, 20, signal, (slice) => {
    for (const path of slice) documents.forgetFile(run.target.collectionId, source.id, path);
  });
  tally.removed += gone.length;
}

/** A file that was written to between its hash and its reading would be kept under a name that is not its own. */
async function requireUnchanged({ path, size, modifiedAt }: WalkedFile): Promise<void> {
  const now = await stat(path);
  if (now.size === size && Math.trunc(now.mtimeMs) === modifiedAt) return;
  throw new AppError("FILE_UNREADABLE", `${path} changed while it was read; it is read again at the next sync.`);
}
