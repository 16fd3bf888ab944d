import { basename } from "node:path";
import { AppError } from "../../../../shared/errors.ts";
import { hashFile } from "../sources/file-hash.ts";
import type { DocumentContent } from "../documents/document-content.ts";
import type { IndexTarget } from "./index-document.ts";
import type { IndexRun } from "./index-run.ts";
import { readRecords } from "./records.ts";
import { needsWork } from "../sources/retry.ts";
import { eachConcurrently, inSlices } from "../slices.ts";
import type { Source } from "../sources/source-store.ts";
import { walk } from "../sources/walk.ts";

/** Enough to fill the embedder's batches while others are written. */
const RECORDS_AT_ONCE = 128;

/**
 * Indexes a file of records: one source of many documents, whose row in `files` stands for the whole. Records that the
 * file no longer holds leave the collection once it was read to its end. An unchanged file is not opened.
 */
export async function indexRecords(run: IndexRun, source: Source): Promise<void> {
  const { sources, documents, signal, tally } = run;
  const [file] = (await walk(source.path, { include: [], exclude: [], signal })).files;
  const known = sources.file(source.id, source.path);
  if (file) sources.noteSeen(source.id, [file]);
  if (!file || !needsWork(file, known, false)) {
    tally.skipped += 1;
    return;
  }
  const note = basename(source.path);
  const held = new Set<string>();
  let contentHash: string;
  try {
    contentHash = await hashFile(source.path, signal);
    await eachConcurrently(readRecords(source.path, signal), RECORDS_AT_ONCE, async (record) => {
      signal.throwIfAborted();
      run.expect(1, note);
      if ("error" in record) {
        tally.failed += 1;
        tally.failures.push({ path: `${source.path}:${record.line}`, code: record.error.code, message: record.error.message });
      } else {
        const { id, isNew } = await indexRecord(run, source, record.content);
        held.add(id);
        tally[isNew ? "indexed" : "skipped"] += 1;
      }
      run.advance(note);
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "FILE_UNREADABLE") throw error;
    // Not read to its end: nothing may be concluded about records that were not seen.
    run.noteFault(source.id, source.path, error);
    return;
  }
  const gone = documents.recordsOf(source.id).filter((id) => !held.has(id));
  await inSlices(gone, 20, signal, (slice) => documents.forgetRecords(run.target.collectionId, source.id, slice));
  tally.removed += gone.length;
  if (held.size === 0) sources.noteState(source.id, source.path, "failed", new AppError("FILE_EMPTY", "The file holds no records."));
  else sources.noteIndexed(source.id, source.path, contentHash);
}

async function indexRecord(run: IndexRun, source: Source, content: DocumentContent): Promise<{ id: string; isNew: boolean }> {
  const { documents, indexer, signal } = run;
  const target: IndexTarget = { ...run.target, path: source.path, recordsOf: source.id };
  return run.oncePerContent(content.contentHash, async () => {
    const stored = documents.find(content.contentHash);
    if (stored?.state !== "published") return { id: await indexer.index(content, target, signal), isNew: true };
    if (documents.isRecordOf(stored.id, source.id, run.target.embedder.key)) return { id: stored.id, isNew: false };
    // Nothing held it any more, and it was deleted while it was to be linked.
    const isLinked = await indexer.link(stored.id, target, signal);
    return { id: isLinked ? stored.id : await indexer.index(content, target, signal), isNew: true };
  });
}
