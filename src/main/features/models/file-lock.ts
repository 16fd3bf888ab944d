import { readFileSync } from "node:fs";
import { open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

/** A holder refreshes its lock this often, and a lock this old belongs to nobody. Milliseconds. */
const refreshMs = 5_000;
const staleMs = 30_000;
const pollMs = 50;

/** One process at a time may hold the lock file; the set-up script follows the same rules. */
export type LockOptions = {
  signal?: AbortSignal | undefined;
  /** Called on every look while another holds the lock. */ onWait?: (() => Promise<void> | void) | undefined;
};

/**
 * Runs a function while holding a lock file, which names its holder's process. A lock whose process is gone, or
 * that nobody refreshed for half a minute, is taken over.
 * @throws ABORTED when the signal fires while waiting
 */
export async function withFileLock<T>(path: string, run: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const token = `${process.pid} ${randomUUID()}`;
  while (!(await take(path, token))) {
    options.signal?.throwIfAborted();
    await options.onWait?.();
    await sleep(pollMs, undefined, options.signal ? { signal: options.signal } : {});
  }
  const refresh = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), refreshMs);
  try {
    return await run();
  } finally {
    clearInterval(refresh);
    // Another may have taken it over while this process slept; then it is not ours to remove.
    if ((await readFile(path, "utf8").catch(() => "")) === token) await rm(path, { force: true });
  }
}

async function take(path: string, token: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    await file.writeFile(token);
    await file.close();
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    return (await removeStale(path)) && take(path, token);
  }
}

/** @returns true when it removed one, so that taking is worth another try at once */
async function removeStale(path: string): Promise<boolean> {
  const [holder, facts] = await Promise.all([readFile(path, "utf8").catch(() => undefined), stat(path).catch(() => undefined)]);
  if (holder === undefined || facts === undefined) return false;
  const ageMs = Date.now() - facts.mtimeMs;
  // An empty lock is one whose holder is just writing its name, unless it has been so for a while.
  const abandoned = ageMs > staleMs || (holder === "" ? ageMs > pollMs * 20 : !isAlive(Number.parseInt(holder, 10)));
  if (!abandoned) return false;
  // Renaming decides between two that saw the same stale lock; whoever moved away a fresh one puts it back.
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside).catch(() => {});
  const moved = await readFile(aside, "utf8").catch(() => undefined);
  if (moved !== undefined && moved !== holder) {
    await rename(aside, path).catch(() => {});
    return false;
  }
  await rm(aside, { force: true });
  return true;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** A process that has ended but was never waited for, as in containers whose first process reaps nothing. */
function isZombie(pid: number): boolean {
  try {
    return process.platform === "linux" && readFileSync(`/proc/${pid}/stat`, "latin1").includes(") Z ");
  } catch {
    return false;
  }
}
