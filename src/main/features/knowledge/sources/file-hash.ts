import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { AppError } from "../../../../shared/errors.ts";

/** Read and hashed in one turn of the event loop: under a millisecond. */
const PIECE_BYTES = 128 * 1024;

/**
 * sha256 of a file's bytes, in hex. Without streams: for small files, which are most, they cost several times what
 * reading and hashing do, all of it in core's event loop.
 * @throws FILE_UNREADABLE
 */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  try {
    // A named pipe would keep a thread of the system's few until somebody writes to it.
    await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const hash = createHash("sha256");
    const stat = await file.stat();
    if (!stat.isFile()) throw new TypeError("not a regular file");
    const { size } = stat;
    // Never empty, since a file may grow, and what tells no size may have content.
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, Math.max(4096, size + 1)));
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, piece.length, null);
      signal.throwIfAborted();
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(piece.subarray(0, bytesRead));
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw new AppError("FILE_UNREADABLE", `${path} could not be read.`, {
      cause,
      hint: "Check that the file is there and that you may read it.",
    });
  }
}
