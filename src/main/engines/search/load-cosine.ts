import type { Database } from "better-sqlite3";
import { getLoadablePath } from "sqlite-vec";
import { dot } from "./quantise.ts";

/**
 * Gives a connection `vec_distance_cosine(a, b)` over float vectors of length 1, stored as BLOBs: sqlite-vec's, or the
 * same in JavaScript where it has no build for the platform.
 */
export function loadCosine(db: Database, findLibrary: () => string | undefined = libraryPath): void {
  const path = findLibrary();
  if (path !== undefined) db.loadExtension(path);
  else db.function("vec_distance_cosine", { deterministic: true }, (a, b) => 1 - dot(floats(a), floats(b)));
}

/** SQLite opens the library itself and knows nothing of the archive of a packaged app; a copy lies beside it. */
function libraryPath(): string | undefined {
  try {
    return getLoadablePath().replace(/\bapp\.asar(?=[\\/])/, "app.asar.unpacked");
  } catch {
    return undefined;
  }
}

/** What is stored as a BLOB is copied out, as it may not be aligned. */
function floats(blob: unknown): Float32Array {
  return blob instanceof Uint8Array ? new Float32Array(Uint8Array.from(blob).buffer) : new Float32Array();
}
