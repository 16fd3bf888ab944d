import type { Logger } from "../../../core/logger.ts";
import type { StoredRun } from "./run-store.ts";

/** A run that a fault of the machine stopped: its files wait. */
export type HeldRun = { run: StoredRun; jobId: string; code: string };

/** A run that stopped for want of room goes on when so much more is free: less would be full again at once. */
const ROOM_BYTES = 256 * 1024 * 1024;

/** Lets runs go on by themselves when what stopped them is gone: their model is installed, the disk has room. */
export function createGoneCauses(deps: {
  held: () => readonly HeldRun[];
  start: (runId: string) => void;
  isInstalled: (model: string) => Promise<boolean>;
  /** Of the disk with the profile, in bytes. */
  freeBytes: () => Promise<number>;
  log: Logger;
}) {
  /** What was free when a job found the disk full. One of an earlier start of Croft is not known: it gets one try. */
  const freeThen = new Map<string, number>();
  let checking: Promise<void> | undefined;

  async function isGone({ run, jobId, code }: HeldRun): Promise<boolean> {
    if (code === "MODEL_MISSING") return run.model === "none" || (await deps.isInstalled(run.model));
    if (code === "DISK_FULL") return (await deps.freeBytes()) >= (freeThen.get(jobId) ?? 0) + ROOM_BYTES;
    return false;
  }

  async function startAll(): Promise<void> {
    for (const held of deps.held()) {
      try {
        if (!(await isGone(held))) continue;
        freeThen.delete(held.jobId);
        deps.start(held.run.id);
      } catch (error) {
        deps.log.warn("batch.not-started-again", { run: held.run.id, error });
      }
    }
  }

  return {
    /** A job that ended now found the disk full. */
    async noteFull(jobId: string): Promise<void> {
      const free = await deps.freeBytes().catch(() => undefined);
      if (free !== undefined) freeThen.set(jobId, free);
    },
    /** One look at a time. Never throws. */
    check: (): Promise<void> => (checking ??= startAll().finally(() => (checking = undefined))),
  };
}
