import { readdirSync, readFileSync } from "node:fs";

/** Ids of a process and of all that it started, by /proc. */
export function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    // The name in brackets may hold spaces: the parent's id is the second field after the last bracket (proc(5)).
    const parent = Number(/\) \S (\d+)[^)]*$/.exec(read(`/proc/${pid}/stat`))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [root];
  for (let at = 0; at < found.length; at += 1) found.push(...(children.get(found[at] ?? -1) ?? []));
  return found;
}

export const isAlive = (pid: number): boolean => /^State:\s+[^ZX]/m.test(read(`/proc/${pid}/status`));

/** Bytes that a process read by system calls since it began, whether they came from the disk or from memory. */
export const bytesRead = (pid: number): number => Number(/^rchar: (\d+)$/m.exec(read(`/proc/${pid}/io`))?.[1] ?? 0);

const residentBytes = (pid: number) => 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);

export type MemoryWatch = { peakBytes(): number; stop(): void };

/** Looks at the resident memory of all processes below `root` together; pages that they share count in each. */
export function watchMemory(root: number, everyMs = 250): MemoryWatch {
  let peak = 0;
  const look = () =>
    (peak = Math.max(
      peak,
      treeOf(root).reduce((sum, pid) => sum + residentBytes(pid), 0),
    ));
  const timer = setInterval(look, everyMs);
  return { peakBytes: () => peak, stop: () => clearInterval(timer) };
}

/** Empty where the process has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
