// Builds the bundles when a source has changed since.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageFile, pinnedEnvironment, pinnedNode, run } from "./run.mjs";
import { root } from "./paths.mjs";

const sources = ["src", "electron.vite.config.ts", "package-lock.json", "tsconfig.base.json"];
const stamp = join(root, "out", ".croft-built");

export function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint();
}

/** @returns {Promise<{ code: number, output: string }>} */
export async function build() {
  const before = fingerprint();
  const result = await run(pinnedNode(), [packageFile("electron-vite", "bin", "electron-vite.js"), "build", "--logLevel", "warn"], {
    env: pinnedEnvironment(),
    quiet: true,
  });
  if (result.code === 0) {
    mkdirSync(join(root, "out"), { recursive: true });
    writeFileSync(stamp, before);
  }
  return result;
}

/** Names, sizes and times of all sources: a change is seen without reading them. */
function fingerprint() {
  const hash = createHash("sha256");
  const visit = (path) => {
    const facts = statSync(join(root, path), { throwIfNoEntry: false });
    if (!facts) return;
    if (facts.isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) visit(join(path, name));
      return;
    }
    hash.update(`${path}\0${facts.size}\0${facts.mtimeMs}\n`);
  };
  for (const path of sources) visit(path);
  return hash.digest("hex");
}
