import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { isAbort } from "../../../shared/errors.ts";
import { problems } from "./problems.ts";

/**
 * The whole of a regular file.
 * @throws FILE_UNREADABLE · FILE_EMPTY · FILE_TOO_LARGE above `maxBytes` · ABORTED
 */
export async function loadFile(path: string, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const file = await openToRead(path);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw problems.notAFile(path);
    if (stat.size === 0) throw problems.empty(path);
    if (stat.size > maxBytes) throw problems.tooLarge(path, "bytes", maxBytes, stat.size);
    // Of a buffer of its own, since parsers take ownership of what they are given.
    const bytes = new Uint8Array(stat.size);
    let filled = 0;
    while (filled < bytes.length) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(bytes, filled, Math.min(bytes.length - filled, 16 * 1024 * 1024), filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled === bytes.length ? bytes : bytes.slice(0, filled);
  } catch (error) {
    if (error instanceof Error && "code" in error && "errno" in error && !isAbort(error)) throw problems.unreadable(path, error);
    throw error;
  } finally {
    await file.close();
  }
}

/** Without waiting: a named pipe would keep whoever opens it until somebody writes to it. Of a file it makes no difference. */
function openToRead(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => {
    throw problems.unreadable(path, error);
  });
}

/** The first `length` bytes of a file, fewer where it is shorter. */
export async function loadStart(path: string, length: number): Promise<Uint8Array> {
  const file = await openToRead(path);
  try {
    if (!(await file.stat()).isFile()) throw problems.notAFile(path);
    const bytes = new Uint8Array(length);
    const { bytesRead } = await file.read(bytes, 0, length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
