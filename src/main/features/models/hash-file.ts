import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { createReadStream } from "node:fs";

/** Feeds a file, or its first `length` bytes, into a hash. Bytes are reported as they pass. */
export async function feedHash(
  hash: Hash,
  path: string,
  options: { length?: number; signal?: AbortSignal | undefined; onBytes?: (bytes: number) => void } = {},
): Promise<void> {
  if (options.length === 0) return;
  const stream = createReadStream(path, {
    highWaterMark: 1 << 20,
    ...(options.length === undefined ? {} : { end: options.length - 1 }),
    signal: options.signal,
  });
  for await (const chunk of stream) {
    hash.update(chunk);
    options.onBytes?.(chunk.length);
  }
}

/** sha256 of a file in lower-case hex. */
export async function hashFile(
  path: string,
  options: { signal?: AbortSignal | undefined; onBytes?: (bytes: number) => void } = {},
): Promise<string> {
  const hash = createHash("sha256");
  await feedHash(hash, path, options);
  return hash.digest("hex");
}
