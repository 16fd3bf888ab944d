import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { AppError } from "../../../../shared/errors.ts";
import type { Priority } from "../../../engines/engine.ts";
import type { ReadersProtocol, ReadLimits } from "../../../engines/readers/protocol.ts";
import { stallMs } from "./limits.ts";
import type { WatchedCall } from "./watchdog.ts";

/** Attachments of attachments of …: mails inside mails are read with the outer one and do not count. */
const maxDepth = 4;

export type ExtractOptions = {
  extract: WatchedCall<ReadersProtocol>;
  limits: ReadLimits;
  signal: AbortSignal;
  priority: Priority;
  /** Of the outermost file. */
  password?: string | undefined;
};

/**
 * Takes an attachment out into a temporary file, which is there until `use` is done. The file has a name of its own,
 * since the attachment's is hostile; only its extension is kept.
 */
export async function withAttachment<Result>(
  path: string,
  places: readonly number[],
  { extract, limits, signal, priority, password }: ExtractOptions,
  use: (found: { path: string; name: string }) => Promise<Result>,
): Promise<Result> {
  if (places.length === 0 || places.length > maxDepth)
    throw new AppError("INVALID_INPUT", `An attachment lies 1 to ${maxDepth} files deep.`);
  const folder = await mkdtemp(join(tmpdir(), "croft-attachment-"));
  try {
    let found = { path, name: basename(path) };
    for (const [depth, index] of places.entries()) {
      const input = { path: found.path, index, limits, ...(depth === 0 && password !== undefined ? { password } : {}) };
      const { name, bytes } = await extract("extract", input, { signal, priority, stallMs: stallMs.read, what: found.name });
      const extension = /^\.\w{1,10}$/.exec(extname(name))?.[0] ?? "";
      found = { path: join(folder, `${depth + 1}${extension}`), name };
      await writeFile(found.path, bytes, { mode: 0o600 });
    }
    return await use(found);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
