import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { hashFile } from "./hash-file.ts";

// Deep enough for publisher/model/file and for blobs of a snapshot; a wrong guess must not walk a whole disk.
const maxDepth = 5;
const maxFiles = 20_000;

/** Folders in which other local-model programs keep GGUF files, each as that program documents it. */
export function knownModelFolders(environment: NodeJS.ProcessEnv = process.env, home = homedir()): string[] {
  const data = environment["XDG_DATA_HOME"] || join(home, ".local/share");
  const config = environment["XDG_CONFIG_HOME"] || join(home, ".config");
  const cache = environment["XDG_CACHE_HOME"] || join(home, ".cache");
  const roaming = environment["APPDATA"];
  const local = environment["LOCALAPPDATA"];
  const macSupport = join(home, "Library/Application Support");
  return [
    // LM Studio
    join(home, ".lmstudio/models"),
    join(cache, "lm-studio/models"),
    // Ollama: files named after their hash
    join(environment["OLLAMA_MODELS"] || join(home, ".ollama/models"), "blobs"),
    "/usr/share/ollama/.ollama/models/blobs",
    // Jan
    join(home, "jan/models"),
    join(config, "Jan/data"),
    join(macSupport, "Jan/data"),
    ...(roaming ? [join(roaming, "Jan/data")] : []),
    // The hub's own cache
    environment["HF_HUB_CACHE"] || join(environment["HF_HOME"] || join(cache, "huggingface"), "hub"),
    // GPT4All and llama.cpp
    join(data, "nomic.ai/GPT4All"),
    join(macSupport, "nomic.ai/GPT4All"),
    ...(local ? [join(local, "nomic.ai/GPT4All")] : []),
    join(cache, "llama.cpp"),
  ];
}

/**
 * A file of exactly this size and hash in one of the folders. Sizes are compared first, so only a likely file is
 * ever read. Nothing is moved or changed.
 */
export async function findByIdentity(
  folders: readonly string[],
  wanted: { bytes: number; sha256: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const folder of folders) {
    for await (const { path, bytes } of filesBelow(folder, signal)) {
      if (bytes !== wanted.bytes) continue;
      const hash = await hashFile(path, { signal }).catch((error: unknown) => {
        if (signal.aborted) throw error;
        return undefined; // unreadable: another user's
      });
      if (hash === wanted.sha256) return path;
    }
  }
  return undefined;
}

/** Every file below a folder, to a modest depth and number. */
export async function* filesBelow(root: string, signal: AbortSignal): AsyncGenerator<{ path: string; bytes: number }> {
  const queue: { folder: string; depth: number }[] = [{ folder: root, depth: 0 }];
  let seen = 0;
  for (let next = queue.shift(); next; next = queue.shift()) {
    signal.throwIfAborted();
    const entries = await readdir(next.folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(next.folder, entry.name);
      if (entry.isDirectory() && next.depth < maxDepth) queue.push({ folder: path, depth: next.depth + 1 });
      // Links are not followed: the blobs that they point to lie in the same folders.
      if (!entry.isFile()) continue;
      if (++seen > maxFiles) return;
      const facts = await stat(path).catch(() => undefined);
      if (facts) yield { path, bytes: facts.size };
    }
  }
}
