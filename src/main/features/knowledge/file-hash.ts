import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { AppError } from "../../../shared/errors.ts";

/** sha256 of a file's bytes, in hex. @throws FILE_UNREADABLE */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash, { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new AppError("FILE_UNREADABLE", `${path} could not be read.`, {
      cause,
      hint: "Check that the file is there and that you may read it.",
    });
  }
  return hash.digest("hex");
}
