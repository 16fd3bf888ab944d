import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { DocumentLayout } from "../../../../shared/contract/reading.ts";
import { AppError } from "../../../../shared/errors.ts";
import { hashFile } from "../sources/file-hash.ts";
import { INSIDE } from "../reading/inside-path.ts";
import type { StoredLayout } from "./layout-store.ts";

/** A file that holds what the document was read from; with `places`, one that lies in the file at `path`. */
export type Original = { path: string; name: string; bytes: number; sourceId: string; places: number[] };

/** Lends a file that lies in another, for as long as `use` takes. @throws NOT_FOUND · FILE_* of what it lies in */
export type LendInside = <Result>(original: Original, signal: AbortSignal, use: (path: string) => Promise<Result>) => Promise<Result>;

export type FoundOriginal = { state: DocumentLayout["original"]; original?: Original };

/** Files whose content was compared lately. */
const rememberedFiles = 64;

export type FindOriginal = (layout: Pick<StoredLayout, "contentHash" | "files">, signal: AbortSignal) => Promise<FoundOriginal>;

/**
 * Looks for the file of a document where it lies. One with the size and time it had when it was read is taken as it
 * is; another is read through and compared, since a mark on other content would lie. For a file inside another, the
 * size and time are those of the file on disk.
 */
export function createFindOriginal(lendInside: LendInside): FindOriginal {
  const compared = new Map<string, boolean>();

  async function holds(original: Original, key: string, contentHash: string, signal: AbortSignal): Promise<boolean> {
    const known = compared.get(key);
    if (known !== undefined) return known;
    const hash = (path: string) => hashFile(path, signal);
    const same = (await (original.places.length > 0 ? lendInside(original, signal, hash) : hash(original.path))) === contentHash;
    compared.set(key, same);
    for (const oldest of compared.keys()) if (compared.size > rememberedFiles) compared.delete(oldest);
    return same;
  }

  return async ({ contentHash, files }, signal) => {
    let state: DocumentLayout["original"] = files.length > 0 ? "missing" : "none";
    for (const file of files) {
      signal.throwIfAborted();
      const path = file.inside?.container ?? file.path;
      const found = await stat(path).catch(() => undefined);
      if (!found?.isFile()) continue;
      const original = {
        path,
        name: nameOf(file.path),
        bytes: file.inside ? file.size : found.size,
        sourceId: file.sourceId,
        places: file.inside?.places ?? [],
      };
      const modifiedAt = Math.trunc(found.mtimeMs);
      // A file that waits to be read again has its new size and time already.
      const untouched = !file.pending && (file.inside !== undefined || found.size === file.size) && modifiedAt === file.modifiedAt;
      const key = `${contentHash}\n${found.size}\n${modifiedAt}\n${file.path}`;
      const same = untouched || (await holds(original, key, contentHash, signal).catch(() => (signal.throwIfAborted(), undefined)));
      if (same) return { state: "present", original };
      if (same === false) state = "changed";
    }
    return { state };
  };
}

/** The name of a file, on disk or inside another. */
const nameOf = (path: string): string => basename(path).split(INSIDE).at(-1) ?? "";

/** Why a document's file cannot be shown; its text can. */
export function originalProblem(state: Exclude<DocumentLayout["original"], "present">, title: string): AppError {
  const data = { original: state };
  if (state === "changed")
    return new AppError("CONFLICT", `The file of “${title}” was changed since it was read; its stored text is kept.`, {
      hint: "Sync the collection to read it again.",
      data,
    });
  if (state === "missing")
    return new AppError("NOT_FOUND", `The file of “${title}” is not where it was read; its stored text is kept.`, {
      hint: "Put the file back or connect its drive.",
      data,
    });
  return new AppError("NOT_SUPPORTED", `“${title}” never was a file of its own; its text is stored.`, { data });
}
