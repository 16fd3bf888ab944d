import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { AppError } from "../../shared/errors.ts";
import { ownerOnly } from "./owner-only.ts";

const KEPT_SNAPSHOTS = 5;
/** What a copy must leave free beside a twentieth of itself: Croft and others go on writing while it is made. */
const SPARE_BYTES = 1024 * 1024;

/**
 * Copies a database into `target`, checks the copy and only then gives it its final name. `freeBytes` of a folder is how
 * much may still be written there.
 * @throws DISK_FULL before anything is written, when the copy would not fit
 * @throws DATABASE_DAMAGED when the copy does not pass SQLite's integrity check
 */
export function copyVerified(db: Database.Database, target: string, freeBytes = freeBytesIn): void {
  requireRoom(db, dirname(target), freeBytes);
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  try {
    // SQLite fills an empty file, and leaves it its rights.
    ownerOnly(partial);
    db.prepare("VACUUM INTO ?").run(partial);
    if (!isSound(partial)) throw new AppError("DATABASE_DAMAGED", "The copy of the database did not pass its check; it was thrown away.");
    syncFile(partial);
    renameSync(partial, target);
  } finally {
    rmSync(partial, { force: true });
  }
}

/** A copy that fails on its way has filled the disk meanwhile, for everybody. */
function requireRoom(db: Database.Database, folder: string, freeBytes: (folder: string) => number): void {
  const number = (pragma: string) => Number(db.pragma(pragma, { simple: true }));
  // Free pages are not copied.
  const needed = (number("page_count") - number("freelist_count")) * number("page_size");
  const free = freeBytes(folder);
  if (needed * 1.05 + SPARE_BYTES <= free) return;
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  throw new AppError(
    "DISK_FULL",
    `A copy of the database needs ${megabytes(needed)} MB; ${folder} has room for ${megabytes(free)} MB. Nothing was written.`,
    {
      hint: "Free some space, or choose another place.",
      data: { needed, free },
    },
  );
}

function freeBytesIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Waits until a file's bytes are on the disk: before it gets its name, or a power cut may leave the name and no bytes. */
export function syncFile(file: string): void {
  const descriptor = openSync(file, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** True when the file is a database that passes SQLite's own integrity check. */
export function isSound(file: string): boolean {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true });
    return db.pragma("integrity_check", { simple: true }) === "ok";
  } catch {
    return false;
  } finally {
    db?.close();
  }
}

/** A verified copy under `<profile>/snapshots`, named by time and schema; the oldest beyond five are removed. @throws what `copyVerified` throws */
export function takeSnapshot(db: Database.Database, profile: string, now: number, freeBytes = freeBytesIn): string {
  const folder = join(profile, "snapshots");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // A crash leaves a copy without its name, as large as the database, and each under another.
  for (const name of readdirSync(folder)) if (/\.partial(?:-journal)?$/.test(name)) rmSync(join(folder, name), { force: true });
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, "-");
  const target = join(folder, `croft-${stamp}.db`);
  copyVerified(db, target, freeBytes);
  for (const name of listSnapshots(profile).slice(KEPT_SNAPSHOTS)) rmSync(join(folder, name), { force: true });
  return target;
}

/** When a snapshot was taken, by its name, in milliseconds since 1970; undefined for a name that is no snapshot's. */
export function snapshotTime(name: string): number | undefined {
  const parts = /^croft-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z\.db$/.exec(name);
  if (!parts) return undefined;
  const [, day = "", hour = "", minute = "", second = "", millisecond = ""] = parts;
  const time = Date.parse(`${day}T${hour}:${minute}:${second}.${millisecond}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** The newest snapshot that passes its check now: the disk that damaged the database may have damaged copies, too. */
export function newestSoundSnapshot(profile: string): string | undefined {
  return listSnapshots(profile).find((name) => isSound(join(profile, "snapshots", name)));
}

/** File names of the snapshots of a profile, newest first. */
export function listSnapshots(profile: string): string[] {
  const folder = join(profile, "snapshots");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^croft-.*\.db$/.test(name))
    .sort()
    .reverse();
}
