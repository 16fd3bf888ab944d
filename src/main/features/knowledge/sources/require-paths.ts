import { stat } from "node:fs/promises";
import { AppError } from "../../../../shared/errors.ts";
import { eachConcurrently } from "../slices.ts";

/** Of thousands that are dropped at once: more would only queue, and hold up whoever else asks the disk. */
const LOOKS_AT_ONCE = 64;

/**
 * Looks whether there is a file or folder at each of the paths; the first that is missing ends it.
 * @throws NOT_FOUND
 */
export async function requirePaths(paths: readonly string[], look: (path: string) => Promise<unknown> = stat): Promise<void> {
  await eachConcurrently(paths, LOOKS_AT_ONCE, async (path) => {
    await look(path).catch((cause: unknown) => {
      throw new AppError("NOT_FOUND", `There is no file or folder ${path}. Nothing was added.`, {
        hint: "Check the path; a relative one begins at the folder you are in.",
        cause,
      });
    });
  });
}
