import type { Database } from "better-sqlite3";

/**
 * Folds the write-ahead log into the database and empties it, so that what was deleted is not left in former pages.
 * Waits for nobody: where a reader still needs the log, it is emptied another time.
 * @returns whether it is empty now
 */
export function foldLog(db: Database): boolean {
  const waitMs = Number(db.pragma("busy_timeout", { simple: true }));
  db.pragma("busy_timeout = 0");
  try {
    return db.pragma("wal_checkpoint(TRUNCATE)", { simple: true }) === 0;
  } finally {
    db.pragma(`busy_timeout = ${waitMs}`);
  }
}
