import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../..");

/** Builds main, preload and page as a release does, unless what lies in `out` is newer than every source. */
export function buildApp(): void {
  const built = Math.min(
    ...["out/main/index.js", "out/main/core-process.js", "out/preload/index.cjs", "out/renderer/index.html"].map(changedAt),
  );
  if (built > Math.max(...["src", "electron.vite.config.ts", "package.json"].map(newestIn))) return;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["node_modules/electron-vite/bin/electron-vite.js", "build"], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`The app could not be built:\n${stdout}\n${stderr}`);
}

const changedAt = (path: string): number => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

function newestIn(path: string): number {
  const absolute = join(root, path);
  if (!statSync(absolute).isDirectory()) return changedAt(path);
  return readdirSync(absolute, { recursive: true, encoding: "utf8" }).reduce(
    (newest, name) => Math.max(newest, changedAt(join(path, name))),
    0,
  );
}
