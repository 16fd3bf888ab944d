import { stat } from "node:fs/promises";
import type { DocumentLayout } from "../../../shared/contract/reading.ts";
import { AppError } from "../../../shared/errors.ts";
import { hashFile } from "./file-hash.ts";
import { INSIDE } from "./reading/inside-path.ts";
import type { OriginalFile, StoredLayout } from "./layout-store.ts";

/** A file that holds what the document was read from. */
export type Original = { path: string; bytes: number; sourceId: string };

export type FoundOriginal = { state: DocumentLayout["original"]; original?: Original };

/** Files whose content was compared lately. */
const rememberedFiles = 64;

export type FindOriginal = (layout: Pick<StoredLayout, "contentHash" | "files">, signal: AbortSignal) => Promise<FoundOriginal>;

/**
 * Looks for the file of a document where it lies. One with the size and time it had when it was read is taken as it
 * is; another is read through and compared, since a mark on other content would lie.
 */
export function createFindOriginal(): FindOriginal {
  const compared = new Map<string, boolean>();

  async function holds({ path }: OriginalFile, key: string, contentHash: string, signal: AbortSignal): Promise<boolean> {
    const known = compared.get(key);
    if (known !== undefined) return known;
    const same = (await hashFile(path, signal)) === contentHash;
    compared.set(key, same);
    for (const oldest of compared.keys()) if (compared.size > rememberedFiles) compared.delete(oldest);
    return same;
  }

  return async ({ contentHash, files }, signal) => {
    let state: DocumentLayout["original"] = files.length > 0 ? "missing" : "none";
    for (const file of files) {
      signal.throwIfAborted();
      const found = await stat(file.path).catch(() => undefined);
      if (!found?.isFile()) {
        // What lies inside another file has no place of its own to be missing from.
        if (state === "missing" && file.path.includes(INSIDE) && files.length === 1) state = "none";
        continue;
      }
      const modifiedAt = Math.trunc(found.mtimeMs);
      // A file that waits to be read again has its new size and time already.
      const untouched = !file.pending && found.size === file.size && modifiedAt === file.modifiedAt;
      const key = `${contentHash}\n${found.size}\n${modifiedAt}\n${file.path}`;
      const same = untouched || (await holds(file, key, contentHash, signal).catch(() => (signal.throwIfAborted(), undefined)));
      if (same) return { state: "present", original: { path: file.path, bytes: found.size, sourceId: file.sourceId } };
      if (same === false) state = "changed";
    }
    return { state };
  };
}

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
