import { createHash } from "node:crypto";
import { readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { build } from "vite";

const root = resolve(import.meta.dirname, "../../..");
const folders = join(root, "out", "e2e-renderer");
/** Whatever the interface is made from: a build is good for as long as all of it is what it was. */
const sources = ["src/renderer", "src/shared", "package.json", "package-lock.json", "tests/e2e/helpers/build-renderer.ts"];
const keptMs = 60 * 60 * 1000;

/**
 * Builds the interface, or finds the build of just these sources: every file of browser tests asks, and a build takes
 * longer than most of what is tested with it. A folder has the sources' hash for a name and is never written to again,
 * so a page may load its views from it whatever is built next. Tests run the build that tells of mistakes in views;
 * `production` is the one that people get. @returns the folder
 */
export async function buildRenderer({ production = false } = {}): Promise<string> {
  const hash = await hashSources();
  const name = `${hash}${production ? "-production" : ""}`;
  const folder = join(folders, name);
  if (await exists(folder)) return folder;
  await removeOld();
  const outDir = join(folders, `.${process.pid}-${name}`);
  const before = process.env["NODE_ENV"];
  if (production) process.env["NODE_ENV"] = "production";
  try {
    const configFile = join(root, "src/renderer/vite.config.ts");
    await build({ configFile, logLevel: "error", build: { outDir, emptyOutDir: true, manifest: true } });
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
  // Somebody wrote to the sources meanwhile: what was built is of neither state, and nobody else may find it.
  if ((await hashSources()) !== hash) return outDir;
  try {
    await rename(outDir, folder);
  } catch (error) {
    // Another process was quicker with the same build.
    await rm(outDir, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  }
  return folder;
}

async function hashSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const source of sources)
    for (const path of await filesOf(join(root, source))) {
      hash.update(`${relative(root, path)}\0`);
      hash.update(await readFile(path));
    }
  return hash.digest("hex").slice(0, 16);
}

async function filesOf(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** Takes away builds that are too old for anybody to have a page of them open. */
async function removeOld(): Promise<void> {
  for (const name of await readdir(folders).catch(() => [])) {
    const path = join(folders, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > keptMs) await rm(path, { recursive: true, force: true });
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
