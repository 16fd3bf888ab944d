import { readdir } from "node:fs/promises";
import { AppError } from "../../../../shared/errors.ts";

/** Files that nobody is thought to have deleted one by one between two looks. */
const MANY = 10;

/**
 * The place where a drive is mounted stays behind as an empty folder when the drive is gone. A folder of many files
 * that holds nothing at all any more is therefore taken for one that cannot be reached, and nothing of it is forgotten.
 * @throws NOT_FOUND
 */
export async function requireRoot(root: string, filesFound: number, filesKnown: number): Promise<void> {
  if (filesFound > 0 || filesKnown < MANY || (await readdir(root).catch(() => [])).length > 0) return;
  throw new AppError("NOT_FOUND", `${root} is empty, where ${filesKnown} files were. What was indexed from it stays searchable.`, {
    data: { root },
    hint: "Connect the drive and sync again. If you emptied the folder yourself, remove its documents or the collection.",
  });
}
