import { basename } from "node:path";
import type { FoundFile } from "../../../shared/contract/models.ts";
import { readGgufHeader } from "./gguf-header.ts";
import { filesBelow } from "./known-folders.ts";

/** As many as a list on a screen can be chosen from. */
const mostFound = 50;

/**
 * GGUF files that write text, in the folders of other programs. Headers alone are read; what is no sound GGUF is left
 * out, since a list of what can be used is wanted, not of what is broken.
 */
export async function findGgufFiles(folders: readonly string[], signal: AbortSignal): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const folder of folders) {
    for await (const { path, bytes } of filesBelow(folder, signal)) {
      if (!/(\.gguf|[\\/]sha256-[0-9a-f]{64}|[\\/][0-9a-f]{64})$/i.test(path)) continue;
      const header = await readGgufHeader(path).catch(() => undefined);
      if (!header?.generates) continue;
      found.push({ path, bytes, name: header.name?.trim().slice(0, 200) || basename(path) });
      if (found.length === mostFound) return found;
    }
  }
  return found;
}
