import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { z } from "zod";
import { AppError } from "../../shared/errors.ts";
import type { Host } from "./host.ts";
import { makeFolder } from "./make-folder.ts";

const Holder = z.object({ pid: z.number().int(), kind: z.string(), since: z.number() });
type ProfileHolder = z.infer<typeof Holder>;

export type ProfileLock = { release(): void };

/**
 * Takes the profile for this process, so that two never write to it. The lock is one that the operating system keeps
 * (SQLite's write lock on a file of its own): it ends with the process, however that ends, and is never stale.
 * `lock.json` only tells others who holds it.
 * @throws PROFILE_LOCKED with the holder's pid and kind · STORAGE_READONLY
 */
export function acquireProfileLock(profile: string, kind: Host["kind"] | "restore"): ProfileLock {
  const note = join(profile, "lock.json");
  const lock = openLock(profile);
  try {
    // Other processes keep the right to read, and this one never writes: no journal, no waiting.
    lock.exec("BEGIN IMMEDIATE");
  } catch (error) {
    lock.close();
    const holder = readHolder(note);
    const who = holder ? `${holder.kind} process ${holder.pid}, since ${new Date(holder.since).toISOString()}` : "another process";
    throw new AppError("PROFILE_LOCKED", `The profile ${profile} is in use by the ${who}.`, {
      hint: "Close it, or choose another profile with --profile.",
      data: { profile, ...holder },
      cause: error,
    });
  }
  try {
    writeFileSync(note, JSON.stringify({ pid: process.pid, kind, since: Date.now() } satisfies ProfileHolder), { mode: 0o600 });
  } catch {
    // On a full disk the lock holds all the same; only its holder's name is not told.
  }

  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      try {
        rmSync(note, { force: true, recursive: true });
      } finally {
        lock.close();
      }
    },
  };
}

function openLock(profile: string): Database.Database {
  try {
    makeFolder(profile);
    return new Database(join(profile, "lock.db"), { timeout: 0 });
  } catch (error) {
    throw new AppError("STORAGE_READONLY", `The profile ${profile} cannot be written.`, {
      hint: "Choose another with --profile.",
      cause: error,
    });
  }
}

function readHolder(note: string): ProfileHolder | undefined {
  try {
    return Holder.parse(JSON.parse(readFileSync(note, "utf8")));
  } catch {
    return undefined;
  }
}
