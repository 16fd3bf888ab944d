import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/**
 * Starts a program of this folder in a process of its own, made to be killed. `ended` comes with its exit. It never outlives its test: a
 * process that is left holds the runner's pipes, and a run that waits for them never ends.
 */
export function startProgram(name: string, args: string[], onLine: (line: string, kill: () => void) => void = () => {}) {
  const path = fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const kill = () => void child.kill("SIGKILL");
  onTestFinished(kill);
  const ended = once(child, "exit");
  createInterface({ input: child.stdout }).on("line", (line) => onLine(line, kill));
  return { child, kill, ended };
}
