import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { AppError } from "../../../shared/errors.ts";
import type { Child, ChildSpec, Host } from "../../core/host.ts";
import { childSpawner } from "../spawn-child.ts";
import type { Spawn } from "../spawn.ts";

export type MemoryWatch = {
  /** Resident memory at which the process is ended. */
  memoryBytes: number;
  everyMs?: number;
  /** Resident bytes of a process, undefined where the platform does not tell. */
  residentBytes?: (pid: number) => Promise<number | undefined>;
};

/**
 * The readers' process, ended when it holds more than `memoryBytes`. V8's own limit does not count what native code
 * and buffers take, so the process is looked at from outside; where the platform does not tell, V8's limit stands alone.
 */
export function spawnReaders(
  startChild: Host["startChild"],
  spec: ChildSpec,
  { memoryBytes, everyMs = 100, residentBytes = residentBytesOf }: MemoryWatch,
): Spawn {
  return (name) => {
    const started: { child?: Child; exceeded: boolean } = { exceeded: false };
    const start = (wanted: ChildSpec): Child => (started.child = startChild(wanted));
    const spawned = childSpawner(start, spec)(name);
    const timer = setInterval(() => void look(), everyMs);
    timer.unref();
    async function look(): Promise<void> {
      const pid = started.child?.pid;
      const bytes = pid === undefined ? undefined : await residentBytes(pid).catch(() => undefined);
      if (bytes === undefined || bytes <= memoryBytes || started.exceeded) return;
      started.exceeded = true;
      started.child?.kill();
    }
    return {
      ...spawned,
      onExit: (listener) =>
        spawned.onExit((exit) => {
          clearInterval(timer);
          listener(started.exceeded ? { ...exit, error: tooMuchMemory(memoryBytes) } : exit);
        }),
    };
  };
}

function tooMuchMemory(memoryBytes: number): AppError {
  const allowed = Math.round(memoryBytes / 1024 / 1024);
  return new AppError("FILE_TOO_LARGE", `Reading the file needed more than ${allowed} MB of memory and was given up.`, {
    hint: "Split the file, or save it again with another program.",
    data: { limit: "memoryBytes", allowed: memoryBytes },
  });
}

async function residentBytesOf(pid: number): Promise<number | undefined> {
  if (process.platform === "linux") {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  }
  if (process.platform !== "darwin") return undefined;
  return new Promise((resolve) => {
    execFile("ps", ["-o", "rss=", "-p", String(pid)], (error, output) => resolve(error ? undefined : Number.parseInt(output, 10) * 1024));
  });
}
