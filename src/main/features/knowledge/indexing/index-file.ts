import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { z } from "zod";
import type { ReadOptions } from "../../../../shared/contract/reading.ts";
import { AppError, toWire } from "../../../../shared/errors.ts";
import { hashFile } from "../sources/file-hash.ts";
import type { IndexTarget } from "./index-document.ts";
import type { IndexRun } from "./index-run.ts";
import { type ForIndex, type Held, isMail } from "./read-for-index.ts";
import { maxDepth } from "../reading/index.ts";
import { isOutdated, optionsKey } from "./reading-options.ts";
import type { Source } from "../sources/source-store.ts";
import type { createGate } from "../slices.ts";
import type { WalkedFile } from "../sources/walk.ts";

/** A file to be indexed: one on disk, or one that lies in `inside.container`. */
export type IndexItem = {
  source: Source;
  options: ReadOptions;
  file: WalkedFile;
  inside?: { container: WalkedFile; places: number[] };
};

/** `isScan`: pages of it are still to be recognised. `inside`: what lies in it and is to be indexed now. */
export type Outcome = { isScan: boolean; inside: IndexItem[] };

/** Why pages of an indexed file wait: what recognises them is not there. */
const OCR_PENDING = "OCR_PENDING";

const Known = z.object({ attachments: z.array(z.object({ place: z.number(), name: z.string(), bytes: z.number() })).optional() });

/** Indexes one file. Its own faults are noted and counted; any other fault is thrown. */
export async function indexItem(
  run: IndexRun,
  item: IndexItem,
  recognise: boolean,
  reads: ReturnType<typeof createGate>,
): Promise<Outcome> {
  const { source, file, inside, options } = item;
  run.signal.throwIfAborted();
  try {
    const place = { path: inside?.container.path ?? file.path, places: inside?.places ?? [] };
    const outcome = await run.reader.open(place, options, run.signal, async (found) => {
      const contentHash = await hashFile(found.path, run.signal);
      return run.oncePerContent(contentHash, () => indexContent(run, item, { ...found, contentHash, recognise }, reads));
    });
    if (outcome.isScan) return outcome;
    run.revisions.noteOptions(source.id, [file.path], optionsKey(options));
    run.tally.indexed += 1;
    run.advance(basename(file.path));
    return outcome;
  } catch (error) {
    run.noteFault(source.id, file.path, run.faultOf(inside ? missingInside(error, file.path) : error));
    return { isScan: false, inside: [] };
  }
}

/** What a file no longer holds is a fault of that file; its container is read again when it changed. */
function missingInside(error: unknown, path: string): unknown {
  if (!(error instanceof AppError) || error.code !== "NOT_FOUND") return error;
  return new AppError("FILE_UNREADABLE", `${basename(path)} is not inside its file any more.`, { cause: error });
}

type Found = { path: string; name: string; contentHash: string; recognise: boolean };

async function indexContent(run: IndexRun, item: IndexItem, found: Found, reads: ReturnType<typeof createGate>): Promise<Outcome> {
  const { documents, revisions, indexer, signal } = run;
  const { options } = item;
  const target = (ocrPages: number): IndexTarget => ({
    ...run.target,
    path: item.file.path,
    file: { sourceId: item.source.id, path: item.file.path, contentHash: found.contentHash, ocrPages },
  });
  const stored = documents.find(found.contentHash);
  const published = stored?.state === "published" ? stored.id : undefined;
  const before = published === undefined ? undefined : revisions.readingOf(published);
  const isStale = isOutdated(before, options);
  const link = async (id: string) => indexer.link(id, target(before?.ocrPages ?? 0), signal);

  const held = published === undefined ? undefined : heldBy(revisions.metadata(published), documents.get(published).type);
  if (published !== undefined && held && (!isStale || (!found.recognise && options.ocr !== "never"))) {
    const inside = noteHeld(run, item, held);
    // Nothing held it any more, and it was deleted while it was to be linked: it is new again.
    if (!(await link(published))) return indexContent(run, item, found, reads);
    return { isScan: isStale, inside };
  }

  let read: ForIndex;
  try {
    read = await reads(1, async () => {
      signal.throwIfAborted();
      return run.reader.read(found, options, signal);
    });
  } catch (error) {
    // What can be read of it without recognition is there already.
    if (published === undefined || !(error instanceof AppError) || error.code !== "NOT_SUPPORTED") throw error;
    await link(published);
    const { message, hint } = toWire(error);
    revisions.noteReason(item.source.id, item.file.path, {
      code: OCR_PENDING,
      message: `${message} What can be read without it is searchable; its other pages wait.`,
      ...(hint ? { hint } : {}),
    });
    return { isScan: false, inside: [] };
  }
  const isScan = !found.recognise && (read.reading?.waiting ?? 0) > 0;
  if (isScan && read.content.text.trim() === "") return { isScan, inside: [] };
  await requireUnchanged(item.inside?.container ?? item.file);
  const inside = noteHeld(run, item, read.held);
  const content = { ...read.content, modifiedAt: item.file.modifiedAt };
  const into = target(read.reading?.ocrPages ?? 0);
  if (published === undefined) await indexer.index(content, into, signal, read.reading);
  else await indexer.replace(published, content, into, signal, read.reading);
  return { isScan, inside };
}

/** What a stored document is known to hold; undefined for a mail that was stored before that was noted. */
function heldBy(metadata: unknown, type: string): Held[] | undefined {
  return Known.safeParse(metadata).data?.attachments ?? (isMail(type) ? undefined : []);
}

/** Notes what lies in a file, as pending, and forgets what no longer does. */
function noteHeld(run: IndexRun, item: IndexItem, held: readonly Held[]): IndexItem[] {
  const { source, file, options } = item;
  const container = item.inside?.container ?? file;
  const places = item.inside?.places ?? [];
  const readable = places.length < maxDepth ? held : [];
  const owner = { path: file.path, container: container.path, modifiedAt: container.modifiedAt, places };
  const { inside, gone } = run.attachments.note(source.id, owner, readable);
  for (const path of gone) run.documents.forgetFile(run.target.collectionId, source.id, path);
  run.tally.removed += gone.length;
  return inside.map((one) => ({
    source,
    options,
    file: { path: one.path, size: one.size, modifiedAt: container.modifiedAt },
    inside: { container, places: one.places },
  }));
}

/** A file that was written to between its hash and its reading would be kept under a name that is not its own. */
async function requireUnchanged({ path, size, modifiedAt }: WalkedFile): Promise<void> {
  const now = await stat(path).catch((cause: unknown) => {
    throw new AppError("FILE_UNREADABLE", `${path} is gone since its folder was looked at.`, { cause });
  });
  if (now.size === size && Math.trunc(now.mtimeMs) === modifiedAt) return;
  throw new AppError("FILE_UNREADABLE", `${path} changed while it was read; it is read again at the next sync.`);
}
