import type { Database } from "better-sqlite3";
import type { StoredEmbedder } from "./index-store.ts";
import type { Scanner } from "./protocol.ts";
import { loadSimdScan, plainScan } from "./scan.ts";
import { createMirrorLeg, createSqliteLeg, type VectorLeg } from "./vector-leg.ts";

export type ChosenScanner = { name: Scanner; makeLeg(reader: Database, embedder: StoredEmbedder): VectorLeg };

/** The scanner asked for, or the fastest that this platform has a build of: usearch, sqlite-vec, plain JavaScript. */
export async function chooseScanner(wanted: Scanner | undefined): Promise<ChosenScanner> {
  if (wanted === undefined || wanted === "usearch") {
    const scan = await loadSimdScan();
    if (scan) return { name: "usearch", makeLeg: (reader, embedder) => createMirrorLeg(reader, embedder, scan) };
  }
  if (wanted !== "plain") {
    const load = await loadSqliteVec();
    if (load) {
      return {
        name: "sqlite-vec",
        makeLeg(reader, embedder) {
          load(reader);
          return createSqliteLeg(reader, embedder);
        },
      };
    }
  }
  return { name: "plain", makeLeg: (reader, embedder) => createMirrorLeg(reader, embedder, plainScan) };
}

async function loadSqliteVec(): Promise<((db: Database) => void) | undefined> {
  try {
    const { getLoadablePath } = await import("sqlite-vec");
    // SQLite opens the library itself and knows nothing of the archive of a packaged app; a copy lies beside it.
    const path = getLoadablePath().replace(/\bapp\.asar(?=[\\/])/, "app.asar.unpacked");
    return (db) => void db.loadExtension(path);
  } catch {
    return undefined;
  }
}
