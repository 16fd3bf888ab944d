import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "../core/logger.ts";
import { snapshot } from "./off-thread.ts";
import { listSnapshots, snapshotTime } from "./snapshot.ts";

/** Croft has other things to do while it starts, and a command that ends sooner takes none. */
const FIRST_LOOK_MS = 60_000;
const LOOK_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;

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
 * Takes a verified snapshot of the profile once a day while Croft runs, in a thread of its own. One that fails (a
 * full disk, a damaged database) is logged, removes none of the former ones and is tried again an hour later.
 */
export function keepSnapshots(
  { profile, database, now, log }: { profile: string; database: string; now: () => number; log: Pick<Logger, "info" | "warn"> },
  take: typeof snapshot = snapshot,
): { look: () => Promise<void>; close: () => Promise<void> } {
  let isClosed = false;
  let running: Promise<void> | undefined;

  async function takeIfDue(): Promise<void> {
    try {
      if (!isSnapshotDue(profile, now())) return;
      await take(database, profile, now());
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

  return {
    look,
    /** Waits for one that is being taken: a thread must not end in the midst of SQLite's work. */
    async close() {
      isClosed = true;
      clearTimeout(first);
      clearInterval(every);
      await running;
    },
  };
}
