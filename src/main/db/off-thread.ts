import { Worker } from "node:worker_threads";
import { AppError, fromWire, type WireError } from "../../shared/errors.ts";
import { entryUrl } from "../engines/entries.ts";

/** What takes longer the more a profile holds, and only reads its database. */
export type DatabaseTask = { database: string } & (
  | { name: "backup"; file: string; settings: string }
  | { name: "check" }
  | { name: "snapshot"; profile: string; now: number }
);
export type DatabaseAnswer = { result: unknown } | { error: WireError; detail: string | undefined };

/** `writeBackup` in a thread of its own, since core must answer meanwhile: seconds for each gigabyte. @throws what that throws */
export function backUp(database: string, file: string, settings: string): Promise<{ file: string; bytes: number }> {
  return perform({ name: "backup", database, file, settings });
}

/** SQLite's quick check in a thread of its own: "ok", or the first thing that is wrong. */
export function checkDatabase(database: string): Promise<string> {
  return perform({ name: "check", database });
}

/** `takeSnapshot` in a thread of its own. @returns its path @throws what that throws */
export function snapshot(database: string, profile: string, now: number): Promise<string> {
  return perform({ name: "snapshot", database, profile, now });
}

function perform<Result>(task: DatabaseTask): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(entryUrl("database"), { workerData: task, name: "database" });
    worker.once("message", (answer: DatabaseAnswer) => {
      if ("result" in answer) return resolve(answer.result as Result);
      const { message, hint, data, code } = fromWire(answer.error);
      reject(new AppError(code, message, { hint, data, ...(answer.detail === undefined ? {} : { cause: new Error(answer.detail) }) }));
    });
    worker.once("error", reject);
    worker.once("exit", () => reject(new AppError("ENGINE_EXITED", "The database's thread ended without an answer. Nothing was changed.")));
  });
}
