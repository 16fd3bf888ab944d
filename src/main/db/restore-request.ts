import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Database from "better-sqlite3";
import { z } from "zod";
import { AppError, toAppError } from "../../shared/errors.ts";
import type { Logger } from "../core/logger.ts";
import { restoreBackup } from "./backup.ts";

const Request = z.object({ file: z.string().min(1).max(4096) });
const pathOf = (profile: string): string => join(profile, "restore-asked.json");

/**
 * Notes that a backup is to take the place of the profile when it is next opened: an open database cannot be replaced.
 * @throws NOT_FOUND · FILE_DAMAGED when the file is no backup of Croft; nothing is noted then
 */
export function askRestore(profile: string, file: string): { file: string } {
  const source = resolve(file);
  if (!existsSync(source)) throw new AppError("NOT_FOUND", `There is no file ${source}. Nothing was changed.`);
  if (!holdsProfile(source))
    throw new AppError("FILE_DAMAGED", `${source} is no backup of Croft. Nothing was changed.`, {
      hint: "Choose a file that Croft wrote as a backup.",
    });
  const path = pathOf(profile);
  writeFileSync(`${path}.partial`, JSON.stringify({ file: source } satisfies z.infer<typeof Request>), { mode: 0o600, flush: true });
  renameSync(`${path}.partial`, path);
  return { file: source };
}

/**
 * Does what was asked for, before the database is opened.
 * @returns why the backup was refused; the profile is as it was then
 */
export function restoreAsked(profile: string, log: Logger): AppError | undefined {
  const path = pathOf(profile);
  if (!existsSync(path)) return undefined;
  try {
    const { file } = Request.parse(JSON.parse(readFileSync(path, "utf8")));
    restoreBackup(profile, file);
    log.info("restore.done", { file });
    return undefined;
  } catch (error) {
    log.error("restore.failed", { error });
    return toAppError(error);
  } finally {
    // Tried once: a request that fails at every start would keep Croft from starting.
    rmSync(path, { force: true });
  }
}

/** A cheap look; the restore itself checks every page of the file. */
function holdsProfile(file: string): boolean {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true });
    const found = db
      .prepare("SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name IN ('events', 'collections', 'jobs')")
      .get();
    return z.object({ n: z.literal(3) }).safeParse(found).success;
  } catch {
    return false;
  } finally {
    db?.close();
  }
}
