import { rm, rmdir, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/**
 * Deletes these files of a model's folder with what a download leaves beside them, then the folders that are empty.
 * Anything else in the folder is somebody else's and stays.
 * @returns bytes freed
 */
export async function removeFiles(folder: string, names: readonly string[]): Promise<number> {
  let freed = 0;
  for (const name of names) {
    const path = join(folder, name);
    for (const file of [path, `${path}.part`, `${path}.part.json`]) {
      freed += (await stat(file).catch(() => undefined))?.size ?? 0;
      await rm(file, { force: true });
    }
    await removeEmpty(dirname(path), folder);
  }
  return freed;
}

async function removeEmpty(from: string, root: string): Promise<void> {
  for (let folder = from; !relative(root, folder).startsWith(".."); folder = dirname(folder)) {
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}
