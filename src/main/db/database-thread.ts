import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import { toAppError, toWire } from "../../shared/errors.ts";
import { writeBackup } from "./backup.ts";
import { takeSnapshot } from "./snapshot.ts";
import type { DatabaseAnswer, DatabaseTask } from "./off-thread.ts";

/** The thread of `off-thread.ts`: does one task over a connection of its own, answers and ends. */
function perform(task: DatabaseTask): unknown {
  const db = new Database(task.database, { readonly: true, fileMustExist: true });
  try {
    if (task.name === "snapshot") return takeSnapshot(db, task.profile, task.now);
    return task.name === "backup" ? writeBackup(db, task.file, task.settings) : check(db);
  } finally {
    db.close();
  }
}

function check(db: Database.Database): string {
  try {
    return String(db.pragma("quick_check(1)", { simple: true }));
  } catch (error) {
    // Too damaged even to be checked.
    if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_CORRUPT")) return error.message;
    throw error;
  }
}

function answer(task: DatabaseTask): DatabaseAnswer {
  try {
    return { result: perform(task) };
  } catch (error) {
    const { cause } = toAppError(error);
    return { error: toWire(error), detail: cause instanceof Error ? (cause.stack ?? cause.message) : undefined };
  }
}

parentPort?.postMessage(answer(workerData as DatabaseTask));
