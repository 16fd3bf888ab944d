import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import Database from "better-sqlite3";
import { AppError } from "../../shared/errors.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations/index.ts";
import { ownerOnly } from "./owner-only.ts";
import { copyVerified, isSound, syncFile } from "./snapshot.ts";

/** Name under which a backup carries the settings, in a table of its own. */
const SETTINGS_TABLE = "backup_settings";

/**
 * Writes the whole profile into one file: a verified copy of croft.db with the settings inside. index.db is left
 * out, since it is derived. An older backup of that name is replaced only once the new one is complete; any other
 * file, the profile's own among them, is never replaced.
 * @returns bytes written
 * @throws CONFLICT DISK_FULL STORAGE_READONLY
 */
export function writeBackup(db: Database.Database, file: string, settingsJson: string): { file: string; bytes: number } {
  const target = resolve(file);
  const staged = `${target}.staged`;
  if (existsSync(target) && !isBackup(target)) {
    throw new AppError("CONFLICT", `${target} is no backup of Croft and was not replaced. Nothing was written.`, {
      hint: "Choose a name that is free.",
    });
  }
  try {
    mkdirSync(dirname(target), { recursive: true });
    rmSync(staged, { force: true });
    copyVerified(db, staged);
    const copy = new Database(staged);
    copy.exec(`CREATE TABLE ${SETTINGS_TABLE} (json TEXT NOT NULL)`);
    copy.prepare(`INSERT INTO ${SETTINGS_TABLE} VALUES (?)`).run(settingsJson);
    copy.close();
    syncFile(staged);
    renameSync(staged, target);
    return { file: target, bytes: statSync(target).size };
  } catch (error) {
    throw targetError(error, target);
  } finally {
    if (existsSync(staged)) rmSync(staged, { force: true });
  }
}

/** What is wrong with the place of a backup, rather than with the profile. */
function targetError(error: unknown, target: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "SQLITE_FULL" || code === "ENOSPC" || code === "EDQUOT") {
    return new AppError("DISK_FULL", `There is no room for a backup at ${target}. Nothing was written.`, {
      cause: error,
      hint: "Free some space, or choose another place.",
    });
  }
  if (/^(SQLITE_(READONLY|CANTOPEN|IOERR)|EACCES|EPERM|EROFS|EISDIR|ENOTDIR|EEXIST|ENAMETOOLONG)/.test(code)) {
    return new AppError("STORAGE_READONLY", `${target} cannot be written. Nothing was written.`, {
      cause: error,
      hint: "Choose another place.",
      data: { reason: code },
    });
  }
  return error;
}

/** True for what `writeBackup` wrote, and for an empty file, such as a dialog makes. */
function isBackup(file: string): boolean {
  if (statSync(file).size === 0) return true;
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true });
    return db.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(SETTINGS_TABLE) !== undefined;
  } catch {
    return false;
  } finally {
    db?.close();
  }
}

const CHOOSE = "Choose a file written by `croft backup`, or a snapshot: croft backup --list";

/**
 * Puts a backup or a snapshot in the place of a profile's database; the profile must not be in use (hold its lock).
 * What stood there is kept beside it as `croft.db.before-restore`, or `…-2` and so on after former ones. The index is
 * removed and built again.
 * @throws NOT_FOUND · FILE_DAMAGED · FILE_TYPE_UNSUPPORTED · SCHEMA_NEWER · FILE_HOSTILE for a database with rules of somebody else's
 */
export function restoreBackup(profile: string, file: string): void {
  const source = resolve(file);
  if (!existsSync(source)) throw new AppError("NOT_FOUND", `There is no file ${source}. Nothing was changed.`, { hint: CHOOSE });
  if (!isSound(source)) throw new AppError("FILE_DAMAGED", `${source} is no sound Croft backup. Nothing was changed.`, { hint: CHOOSE });
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  const staged = join(profile, "croft.db.restoring");
  try {
    rmSync(staged, { force: true });
    copyWhole(source, staged);
    const settings = prepare(staged, source);
    syncFile(staged);

    const target = join(profile, "croft.db");
    if (existsSync(target)) keepAside(target);
    // Before the truth changes: the rows of an index go by numbers that mean other chunks in another truth.
    for (const name of ["index.db", "index.db-wal", "index.db-shm"]) rmSync(join(profile, name), { force: true });
    renameSync(staged, target);
    if (settings !== undefined) writeSettings(profile, settings);
  } finally {
    rmSync(staged, { force: true });
  }
}

/** Copies a database with what stands in its write-ahead log only. */
function copyWhole(source: string, target: string): void {
  const db = new Database(source, { readonly: true });
  try {
    ownerOnly(target);
    db.prepare("VACUUM INTO ?").run(target);
  } finally {
    db.close();
  }
}

/**
 * Keeps the present database under a name that is free. A copy, so that at no moment is there no croft.db; its
 * write-ahead log is folded in first, or moved along where the file is too damaged for that.
 */
function keepAside(target: string): void {
  const kept = freeName(`${target}.before-restore`);
  let db: Database.Database | undefined;
  try {
    db = new Database(target);
    db.pragma("wal_checkpoint(TRUNCATE)");
    db.close();
  } catch {
    db?.close();
    for (const suffix of ["-wal", "-shm"]) if (existsSync(target + suffix)) renameSync(target + suffix, kept + suffix);
  }
  const partial = `${target}.keeping`;
  ownerOnly(target);
  copyFileSync(target, partial);
  syncFile(partial);
  renameSync(partial, kept);
  for (const suffix of ["-wal", "-shm"]) rmSync(target + suffix, { force: true });
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let count = 2; ["", "-wal", "-shm"].some((suffix) => existsSync(name + suffix)); count += 1) name = `${wanted}-${count}`;
  return name;
}

/** Checks the copy's schema and takes the settings out of it. */
function prepare(staged: string, source: string): string | undefined {
  const db = new Database(staged);
  try {
    const version = db.pragma("user_version", { simple: true }) as number;
    const newest = migrations.at(-1)?.version ?? 0;
    const isOurs = db
      .prepare("SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name IN ('events', 'collections', 'jobs')")
      .get() as { n: number };
    if (version < 1 || isOurs.n !== 3)
      throw new AppError("FILE_TYPE_UNSUPPORTED", `${source} is a database, but not one of Croft. Nothing was changed.`, { hint: CHOOSE });
    if (version > newest)
      throw new AppError("SCHEMA_NEWER", `${source} was written by a newer Croft (schema ${version}). Nothing was changed.`, {
        hint: "Update Croft first.",
      });
    if (hasForeignRules(db, version))
      throw new AppError(
        "FILE_HOSTILE",
        `${source} holds rules that no Croft has made, which could change what is stored. Nothing was changed.`,
        {
          hint: "Choose a backup that you wrote yourself.",
        },
      );
    if (!db.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(SETTINGS_TABLE)) return undefined;
    const row = db.prepare(`SELECT json FROM ${SETTINGS_TABLE}`).get() as { json: string } | undefined;
    db.exec(`DROP TABLE ${SETTINGS_TABLE}`);
    return row?.json;
  } finally {
    db.close();
  }
}

/** True where a database has triggers or views that the migrations up to its version do not make: they would run with every write. */
function hasForeignRules(db: Database.Database, version: number): boolean {
  const ofRules = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE type IN ('trigger', 'view')";
  const own = new Database(":memory:");
  try {
    migrate(
      own,
      migrations.filter((migration) => migration.version <= version),
      () => undefined,
    );
    const known = new Set(own.prepare<[], string>(ofRules).pluck().all());
    return db
      .prepare<[], string>(ofRules)
      .pluck()
      .all()
      .some((rule) => !known.has(rule));
  } finally {
    own.close();
  }
}

function writeSettings(profile: string, json: string): void {
  const target = join(profile, "settings.json");
  const partial = `${target}.partial`;
  // Settings are parsed by their schema when they are read, as every imported file is.
  writeFileSync(partial, json, { mode: 0o600, flush: true });
  renameSync(partial, target);
}
