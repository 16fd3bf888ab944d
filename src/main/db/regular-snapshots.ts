import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "../core/logger.ts";
import { snapshot } from "./off-thread.ts";
import { listSnapshots, snapshotTime } from "./snapshot.ts";
import type { Truth } from "./truth.ts";

/** Croft has other things to do while it starts, and a command that ends sooner takes none. */
const FIRST_LOOK_MS = 60_000;
const LOOK_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** What a person deletes is deleted in steps, and often more than one thing: copies follow when it has been quiet so long. */
const QUIET_MS = 60_000;
/** Events after which something is gone that a person wanted gone. */
const DELETIONS: readonly string[] = ["collection.removed", "document.deleted", "thread.removed"];

/**
 * True when the newest snapshot is a day old or there is none, and the database was written to since then: what
 * nobody uses must not push older states out by copies of one. Milliseconds since 1970.
 */
export function isSnapshotDue(profile: string, now: number): boolean {
  const [newest] = listSnapshots(profile);
  const takenAt = newest === undefined ? undefined : snapshotTime(newest);
  if (takenAt === undefined) return true;
  // One of a time to come was taken by a clock that was wrong, and would hold off all others.
  if (takenAt <= now && now - takenAt < DAY_MS) return false;
  const written = ["croft.db", "croft.db-wal"].map((name) => join(profile, name)).filter((file) => existsSync(file));
  return takenAt > now || written.some((file) => statSync(file).mtimeMs > takenAt);
}

/**
 * Takes a verified snapshot of the profile once a day while Croft runs, in a thread of its own; after a deletion too,
 * and then the copies that still hold what was deleted go. One that fails (a full disk, a damaged database) is logged,
 * removes none of the former ones and is tried again an hour later.
 */
export function keepSnapshots(
  { profile, truth, log }: { profile: string; truth: Pick<Truth, "db" | "now" | "onEvents">; log: Pick<Logger, "info" | "warn"> },
  take: typeof snapshot = snapshot,
): { look: () => Promise<void>; close: () => Promise<void> } {
  const { db, now } = truth;
  const marks = DELETIONS.map(() => "?").join();
  const lastDeletion = db.prepare<string[], number | null>(`SELECT max(at) FROM events WHERE kind IN (${marks})`).pluck();
  let isClosed = false;
  let running: Promise<void> | undefined;
  let afterDeletion: NodeJS.Timeout | undefined;

  /** Snapshots that hold what was deleted since; none while it is still being deleted. */
  function outdated(): string[] {
    const deletedAt = lastDeletion.get(...DELETIONS) ?? 0;
    if (now() - deletedAt < QUIET_MS) return [];
    // While it is deleted a snapshot would still find some of it.
    return listSnapshots(profile).filter((name) => (snapshotTime(name) ?? 0) < deletedAt + QUIET_MS);
  }

  async function takeIfDue(): Promise<void> {
    try {
      const old = outdated();
      if (old.length === 0 && !isSnapshotDue(profile, now())) return;
      await take(db.name, profile, now());
      for (const name of old) rmSync(join(profile, "snapshots", name), { force: true });
      log.info("snapshot.taken");
    } catch (error) {
      log.warn("snapshot.failed", { error });
    }
  }
  /** Looks whether one is due; while one is taken, that one is waited for. Never throws. */
  const look = async (): Promise<void> => {
    if (isClosed) return;
    running ??= takeIfDue().finally(() => (running = undefined));
    await running;
  };
  const first = setTimeout(() => void look(), FIRST_LOOK_MS).unref();
  const every = setInterval(() => void look(), LOOK_EVERY_MS).unref();
  const unsubscribe = truth.onEvents((events) => {
    if (isClosed || !events.some(({ kind }) => DELETIONS.includes(kind))) return;
    clearTimeout(afterDeletion);
    afterDeletion = setTimeout(() => void look(), QUIET_MS + 1000).unref();
  });

  return {
    look,
    /** Waits for one that is being taken: a thread must not end in the midst of SQLite's work. */
    async close() {
      isClosed = true;
      clearTimeout(first);
      clearInterval(every);
      clearTimeout(afterDeletion);
      unsubscribe();
      await running;
    },
  };
}
