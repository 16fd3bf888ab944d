import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { AppError } from "../../shared/errors.ts";
import { migrate, type Migration } from "./migrate.ts";
import { migrations } from "./migrations/index.ts";
import { ownerOnly } from "./owner-only.ts";
import { listSnapshots, newestSoundSnapshot, takeSnapshot } from "./snapshot.ts";

/**
 * SQLite's errors as ours, by its result code; others are returned as they are. `snapshotOf` chooses what to offer for
 * a damaged database: while Croft answers, the newest, since checking one takes seconds for each gigabyte.
 */
export function databaseError(error: unknown, profile: string, snapshotOf = (of: string) => listSnapshots(of)[0]): unknown {
  const code = error instanceof Database.SqliteError ? error.code : "";
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB") {
    const snapshot = snapshotOf(profile);
    return new AppError("DATABASE_DAMAGED", "The database of this profile is damaged. It was left as it is.", {
      cause: error,
      hint: snapshot
        ? `Run \`croft restore ${join(profile, "snapshots", snapshot)}\` to go back to the last snapshot.`
        : "Restore a backup with `croft restore FILE`.",
      data: { snapshot: snapshot ?? null },
    });
  }
  if (code === "SQLITE_FULL") {
    return new AppError("DISK_FULL", "The disk is full. What was saved before is safe; the last change was not made.", {
      cause: error,
      hint: "Free some space and try again.",
    });
  }
  if (code.startsWith("SQLITE_READONLY") || code === "SQLITE_CANTOPEN" || code.startsWith("SQLITE_IOERR")) {
    return new AppError("STORAGE_READONLY", "The profile folder cannot be written. Nothing was changed.", {
      cause: error,
      hint: `Check the rights and the disk of ${profile}.`,
      data: { sqlite: code },
    });
  }
  return error;
}

/**
 * Opens `croft.db` of a profile with every pragma Croft relies on, and migrates it.
 * @throws SCHEMA_NEWER DATABASE_DAMAGED DISK_FULL STORAGE_READONLY
 */
export function openDatabase(profile: string, now: () => number, list: readonly Migration[] = migrations): Database.Database {
  let db: Database.Database | undefined;
  try {
    mkdirSync(profile, { recursive: true, mode: 0o700 });
    ownerOnly(join(profile, "croft.db"));
    db = new Database(join(profile, "croft.db"));
    db.pragma("journal_mode = WAL");
    // FULL: an acknowledged write is on disk even when the power fails.
    db.pragma("synchronous = FULL");
    db.pragma("foreign_keys = ON");
    db.pragma("busy_timeout = 5000");
    db.pragma("trusted_schema = OFF");
    // What is deleted is overwritten: a deleted document must not be readable in free pages.
    db.pragma("secure_delete = ON");
    const opened = db;
    migrate(opened, list, () => takeSnapshot(opened, profile, now()));
    return opened;
  } catch (error) {
    db?.close();
    if (isFileSystemError(error)) {
      throw new AppError("STORAGE_READONLY", "The profile folder cannot be written. Nothing was changed.", {
        cause: error,
        hint: `Check the rights and the disk of ${profile}.`,
      });
    }
    throw databaseError(error, profile, newestSoundSnapshot);
  }
}

function isFileSystemError(error: unknown): boolean {
  return error instanceof Error && "code" in error && ["EACCES", "EROFS", "EPERM", "ENOTDIR"].includes(String(error.code));
}
