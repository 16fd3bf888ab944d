import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = join(import.meta.dirname, "../peers");
const installMs = 120_000;

/** Why the packages that Croft is compared with are not there, or undefined when they are. */
let installing: Promise<string | undefined> | undefined;

/**
 * A package of scripts/bench/peers, which are installed when one is first asked for: they are no part of the app.
 * @returns its exports, or why it cannot be had
 */
export async function loadPeer(name: string): Promise<{ exports: unknown } | { skipped: string }> {
  const reason = existsSync(join(folder, "node_modules", name)) ? undefined : await (installing ??= install());
  if (reason !== undefined) return { skipped: `${name} could not be installed (${reason}).` };
  try {
    const path = createRequire(join(folder, "package.json")).resolve(name);
    return { exports: await import(pathToFileURL(path).href) };
  } catch (error) {
    return { skipped: `${name} does not load here (${error instanceof Error ? error.message.split("\n")[0] : String(error)}).` };
  }
}

async function install(): Promise<string | undefined> {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const child = spawn(npm, ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    shell: process.platform === "win32",
    timeout: installMs,
  });
  let errors = "";
  child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  const code = await new Promise<number | string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (exit, signal) => resolve(exit ?? signal ?? "ended"));
  });
  if (code === 0) return undefined;
  return errors.split("\n").find((line) => line.includes("npm error")) ?? `npm ended with ${code}`;
}
