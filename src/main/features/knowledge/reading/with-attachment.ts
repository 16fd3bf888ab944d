import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { AppError } from "../../../../shared/errors.ts";
import type { Priority } from "../../../engines/engine.ts";
import type { ReadersProtocol, ReadLimits } from "../../../engines/readers/protocol.ts";
import { stallMs } from "./limits.ts";
import type { WatchedCall } from "./watchdog.ts";

/** Attachments of attachments of …: mails inside mails are read with the outer one and do not count. */
export const maxDepth = 4;

export type ExtractOptions = {
  extract: WatchedCall<ReadersProtocol>;
  limits: ReadLimits;
  signal: AbortSignal;
  priority: Priority;
  /** Tried on every file on the way that is locked. */
  password?: string | undefined;
};

/**
 * Takes an attachment out into a temporary file, which is there until `use` is done. The file has a name of its own,
 * since the attachment's is hostile; only its extension is kept, and errors name the attachment.
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
  let found = { path, name: basename(path) };
  try {
    for (const [depth, index] of places.entries()) {
      const input = { path: found.path, index, limits, ...(password === undefined ? {} : { password }) };
      const { name, bytes } = await extract("extract", input, { signal, priority, stallMs: stallMs.read, what: found.name });
      const extension = /^\.\w{1,10}$/.exec(extname(name))?.[0] ?? "";
      found = { path: join(folder, `attachment-${depth + 1}${extension}`), name };
      await writeFile(found.path, bytes, { mode: 0o600 });
    }
    return await use(found);
  } catch (error) {
    throw found.path === path ? error : renamed(error, basename(found.path), found.name);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Nobody knows the temporary file: its name becomes the attachment's. */
function renamed(error: unknown, temporary: string, name: string): unknown {
  if (!(error instanceof AppError) || !error.message.includes(temporary)) return error;
  const { code, hint, data } = error;
  return new AppError(
    code,
    error.message.replaceAll(temporary, () => name),
    { hint, data, cause: error },
  );
}
