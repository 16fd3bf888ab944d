// One process at a time: the same lock files, by the same rules, as src/main/features/models/file-lock.ts.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const refreshMs = 5_000;
const staleMs = 30_000;
const pollMs = 50;

/**
 * Runs a function while holding a lock file. A lock whose process is gone, or that nobody refreshed for half a
 * minute, is taken over.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {() => void} onWait called once when another holds it
 * @returns {Promise<T>}
 */
export async function withFileLock(path, work, onWait = () => {}) {
  const token = `${process.pid} ${randomUUID()}`;
  for (let waited = false; !(await take(path, token)); waited = true) {
    if (!waited) onWait();
    await sleep(pollMs);
  }
  const refresh = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), refreshMs);
  try {
    return await work();
  } finally {
    clearInterval(refresh);
    if ((await readFile(path, "utf8").catch(() => "")) === token) await rm(path, { force: true });
  }
}

async function take(path, token) {
  try {
    const file = await open(path, "wx");
    await file.writeFile(token);
    await file.close();
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return (await removeStale(path)) && take(path, token);
  }
}

async function removeStale(path) {
  const [holder, facts] = await Promise.all([readFile(path, "utf8").catch(() => undefined), stat(path).catch(() => undefined)]);
  if (holder === undefined || facts === undefined) return false;
  const ageMs = Date.now() - facts.mtimeMs;
  if (ageMs <= staleMs && (holder === "" ? ageMs <= pollMs * 20 : isAlive(Number.parseInt(holder, 10)))) return false;
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

function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error.code === "EPERM";
  }
}

function isZombie(pid) {
  try {
    return process.platform === "linux" && readFileSync(`/proc/${pid}/stat`, "latin1").includes(") Z ");
  } catch {
    return false;
  }
}
