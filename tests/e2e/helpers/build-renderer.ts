import { readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { build } from "vite";

const root = resolve(import.meta.dirname, "../../../src/renderer");
const folders = resolve(import.meta.dirname, "../../../out/e2e-renderer");

/**
 * Builds the interface into a folder of this process, and returns the folder: a shared one would be emptied by the
 * next run while a page of this one still loads its views from it. Tests run the build that tells of mistakes in
 * views; `production` is the one that people get.
 */
export async function buildRenderer({ production = false } = {}): Promise<string> {
  await removeOrphans();
  const outDir = join(folders, `${process.pid}${production ? "-production" : ""}`);
  const before = process.env["NODE_ENV"];
  if (production) process.env["NODE_ENV"] = "production";
  try {
    await build({ configFile: resolve(root, "vite.config.ts"), logLevel: "error", build: { outDir, emptyOutDir: true, manifest: true } });
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
  return outDir;
}

/** Takes away the builds of processes that have ended. */
async function removeOrphans(): Promise<void> {
  const names = await readdir(folders).catch(() => []);
  const orphans = names.filter((name) => !isAlive(Number.parseInt(name, 10)));
  await Promise.all(orphans.map((name) => rm(join(folders, name), { recursive: true, force: true })));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
