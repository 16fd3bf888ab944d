// Installs what package-lock.json says, once.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run.mjs";
import { root } from "./paths.mjs";

const markName = ".croft-installed";

/**
 * True when node_modules holds what the lock asks for on this machine: by the mark of the last installation, or, where
 * somebody used npm directly, by npm's own record of what lies there.
 * @param {string} folder
 */
export function isInstalled(folder = root) {
  const modules = join(folder, "node_modules");
  const hash = lockHash(folder);
  if (!existsSync(modules)) return false;
  if (read(join(modules, markName)) === hash) return true;
  if (!matchesRecord(folder)) return false;
  writeFileSync(join(modules, markName), hash);
  return true;
}

/** @returns {Promise<boolean>} */
export async function install(folder = root) {
  // An installation under way by the very Node that it replaces cannot be wiped on Windows; there it is updated in place.
  const inPlace = process.platform === "win32" && process.execPath.startsWith(join(folder, "node_modules"));
  const args = [inPlace ? "install" : "ci", "--loglevel=error", "--no-audit", "--no-fund"];
  // Parts for CUDA are downloaded at installation unless this says no.
  const env = { ...process.env, npm_config_onnxruntime_node_install: "skip", ONNXRUNTIME_NODE_INSTALL: "skip" };
  const own = process.env.npm_execpath;
  const { code } = own?.endsWith(".js")
    ? await run(process.execPath, [own, ...args], { cwd: folder, env })
    : await run("npm", args, { cwd: folder, env, shell: process.platform === "win32" });
  if (code !== 0) return false;
  writeFileSync(join(folder, "node_modules", markName), lockHash(folder));
  return true;
}

const lockHash = (folder) =>
  createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");

function matchesRecord(folder) {
  const text = read(join(folder, "node_modules", ".package-lock.json"));
  if (text === undefined) return false;
  const wanted = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")).packages;
  const there = JSON.parse(text).packages;
  // Optional packages are for other platforms, or come from a registry that serves them or not.
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) => path === "" || optional || link || there[path]?.version === version,
  );
}

function read(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
