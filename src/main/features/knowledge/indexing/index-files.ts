import { basename } from "node:path";
import type { ReadOptions } from "../../../../shared/contract/reading.ts";
import { AppError } from "../../../../shared/errors.ts";
import type { InsideFile } from "../sources/attachment-store.ts";
import { requireRoot } from "../sources/emptied-root.ts";
import { indexItem, type IndexItem } from "./index-file.ts";
import type { IndexRun } from "./index-run.ts";
import { isOutdated, optionsKey } from "./reading-options.ts";
import { needsWork } from "../sources/retry.ts";
import { createGate, eachConcurrently, inSlices } from "../slices.ts";
import type { Source, SourceFile } from "../sources/source-store.ts";
import { walk, type Walk } from "../sources/walk.ts";

/** Documents in work at once, so that their chunks fill the embedder's batches; how large their files may be together, the run says. */
const DOCUMENTS_AT_ONCE = 160;
/** Files in the readers' process at once: enough that the embedder never waits for the hops between busy threads; one that crashes takes the others along, once. */
const READS_AT_ONCE = 12;
/** Each has pages in flight already. */
const SCANS_AT_ONCE = 1;

/**
 * Indexes what is new or changed below a source's path or inside its files, and forgets what is gone after a complete
 * walk.
 * @returns the files that must be recognised, which are left for later
 */
export async function indexFiles(run: IndexRun, source: Source): Promise<IndexItem[]> {
  const { sources, signal, tally } = run;
  const options = await run.optionsOf(source);
  const known = await sources.files(source.id, signal);
  const walked = await walk(source.path, { ...source.options, signal });
  await requireRoot(source.path, walked.files.length, known.size);
  const inside = giveWay(run, source, walked, run.attachments.list(source.id));
  const suspects = await run.revisions.suspects(source.id, optionsKey(options), signal);
  const canRecognise = await mayRecognise(run, options, [...known.values(), ...inside], suspects.size > 0);

  const isStale = (path: string): boolean => {
    const reading = suspects.get(path);
    return isOutdated(reading, options) && (canRecognise || options.ocr === "never");
  };
  const todo: IndexItem[] = [];
  const scans: IndexItem[] = [];
  const place = (item: IndexItem, file: SourceFile | undefined): void => {
    if (needsWork(item.file, file, canRecognise)) todo.push(item);
    else if (isStale(item.file.path)) scans.push(item);
    else tally.skipped += 1;
  };
  for (const file of walked.files) place({ source, options, file }, known.get(file.path));
  const again = new Set(todo.map(({ file }) => file.path));
  const onDisk = new Map(walked.files.map((file) => [file.path, file]));
  for (const file of inside) {
    const container = onDisk.get(file.container);
    // What is read again lists anew what lies in it.
    if (container && !again.has(container.path)) place({ source, options, file, inside: { container, places: file.places } }, file);
  }

  // What was known at such a place is marked as unavailable with what lies below it.
  const unlisted = walked.unreadable.filter((path) => known.get(path)?.state !== "indexed");
  run.expect(todo.length + scans.length + unlisted.length, basename(source.path));
  noteUnlisted(run, source, unlisted);
  await inSlices(walked.files, 200, signal, (slice) => sources.noteSeen(source.id, slice));
  const asTheyShouldBe = [...suspects.keys()].filter((path) => !isOutdated(suspects.get(path), options));
  await inSlices(asTheyShouldBe, 200, signal, (slice) => run.revisions.noteOptions(source.id, slice, optionsKey(options)));

  scans.push(...(await indexAll(run, todo, false)));
  for (const path of unlisted) known.delete(path);
  await forgetGone(run, source, walked, known);
  return scans;
}

/** Places that could not be looked into get a row of their own: nobody would miss in the report what is in no folder's list. */
function noteUnlisted(run: IndexRun, source: Source, paths: readonly string[]): void {
  run.sources.noteSeen(
    source.id,
    paths.map((path) => ({ path, size: 0, modifiedAt: 0 })),
  );
  for (const path of paths) {
    const fault = new AppError("FILE_UNREADABLE", `${path} could not be looked into; what lies there is not indexed.`, {
      hint: "Check its rights and its name, and sync again.",
    });
    run.noteFault(source.id, path, fault);
  }
}

/** Recognises and indexes what was left for later. */
export async function indexScans(run: IndexRun, scans: readonly IndexItem[]): Promise<void> {
  await indexAll(run, scans, true);
}

/** Indexes files, then what lies in them, then what lies in that. @returns those that must be recognised */
async function indexAll(run: IndexRun, items: readonly IndexItem[], recognise: boolean): Promise<IndexItem[]> {
  const scans: IndexItem[] = [];
  const reads = createGate(recognise ? SCANS_AT_ONCE : READS_AT_ONCE);
  // What lies in a file is taken out of it by the readers, before any gate.
  const isInside = ({ inside }: IndexItem) => inside !== undefined;
  for (let wave = items.filter((item) => !isInside(item)), later = items.filter(isInside); wave.length + later.length > 0;) {
    const found: IndexItem[] = [];
    const atOnce = recognise ? SCANS_AT_ONCE : wave.some(isInside) ? READS_AT_ONCE : DOCUMENTS_AT_ONCE;
    await eachConcurrently(wave, atOnce, (item) =>
      run.inMemory(item.file.size, async () => {
        const outcome = await indexItem(run, item, recognise, reads);
        if (outcome.isScan) scans.push(item);
        found.push(...outcome.inside);
      }),
    );
    if (found.length > 0) run.expect(found.length, basename(found[0]?.file.path ?? ""));
    wave = [...later, ...found];
    later = [];
  }
  return scans;
}

/** Asked only where something waits for a language: the answer starts the engine. */
async function mayRecognise(run: IndexRun, options: ReadOptions, files: readonly SourceFile[], someWait: boolean): Promise<boolean> {
  const isWaited = someWait || files.some(({ state, reason }) => state === "failed" && reason === "NOT_SUPPORTED");
  return isWaited && run.reader.canRecognise(options, run.signal);
}

/** A file on disk may have the very path of one inside another, which then gets a number. */
function giveWay(run: IndexRun, source: Source, walked: Walk, inside: readonly InsideFile[]): InsideFile[] {
  if (inside.length === 0) return [];
  const paths = new Set(walked.files.map(({ path }) => path));
  return inside.filter(({ path, container }) => {
    if (!paths.has(path)) return true;
    run.attachments.lookAgain(source.id, container);
    run.documents.forgetFile(run.target.collectionId, source.id, path);
    return false;
  });
}

async function forgetGone(run: IndexRun, source: Source, walked: Walk, known: ReadonlyMap<string, SourceFile>): Promise<void> {
  const { sources, documents, attachments, tally, signal } = run;
  const seen = new Set(walked.files.map(({ path }) => path));
  const missing = [...known.keys()].filter((path) => !seen.has(path));
  const isUnknown = (path: string) =>
    walked.unreadable.some((folder) => path === folder || path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`));
  const withInside = (path: string) => [...attachments.paths(source.id, path), path];
  const unavailable = missing.filter(isUnknown).flatMap(withInside);
  sources.noteUnavailable(source.id, unavailable);
  tally.unavailable += unavailable.length;
  // What lies in a file goes before it does: a crash in between leaves nothing that nobody looks for.
  const gone = missing.filter((path) => !isUnknown(path)).flatMap(withInside);
  await inSlices(gone, 20, signal, (slice) => {
    for (const path of slice) documents.forgetFile(run.target.collectionId, source.id, path);
  });
  tally.removed += gone.length;
}
