import { setTimeout as after } from "node:timers/promises";
import { join } from "node:path";
import { isSound } from "../../../../src/main/db/snapshot.ts";
import { jobEnd } from "../../../bench/lib/open-core.ts";
import { type ServerProcess, startServer } from "../../../bench/lib/server-process.ts";
import type { Job } from "../../../../src/shared/contract/jobs.ts";
import { type FileRow, fileRows } from "./agreement.ts";
import { killServer } from "../kill-server.ts";
import { type MemoryWatch, watchMemory } from "./process-tree.ts";

const lookEveryMs = 100;

export type Killed = {
  server: ServerProcess;
  job: Job;
  peakBytes: number;
  kills: { settled: number; lost: number; sound: boolean; orphans: number; againMs: number }[];
};

/**
 * Indexes with a server that is killed whenever so many files are settled, and started again.
 * @param begin asks the first server for the job, and gives its id
 * @returns the last server, still running, and what each kill cost; `lost` are files that were indexed and are not any more, or otherwise
 */
export async function indexWithKills(
  paths: { program: string; profile: string; root: string },
  points: readonly { settled: number; delayMs: number }[],
  begin: (server: ServerProcess) => Promise<string>,
): Promise<Killed> {
  const { program, profile, root } = paths;
  const start = () => startServer(program, profile);
  let server = await start();
  let memory: MemoryWatch = watchMemory(server.child.pid ?? 0);
  let peakBytes = 0;
  const jobId = await begin(server);
  const kills: Killed["kills"] = [];
  for (const { settled, delayMs } of points) {
    await untilSettled(profile, root, settled);
    await after(delayMs);
    const before = fileRows(profile, root);
    memory.stop();
    peakBytes = Math.max(peakBytes, memory.peakBytes());
    const orphans = await killServer(server);
    const sound = isSound(join(profile, "croft.db"));
    const lost = countLost(before, fileRows(profile, root));
    const killedAt = performance.now();
    server = await start();
    kills.push({ settled: countSettled(before), lost, sound, orphans, againMs: performance.now() - killedAt });
    console.error(`killed at ${countSettled(before)} of ${before.size} files; again after ${Math.round(performance.now() - killedAt)} ms`);
    memory = watchMemory(server.child.pid ?? 0);
  }
  const job = await jobEnd(server.client, jobId);
  memory.stop();
  return { server, job, peakBytes: Math.max(peakBytes, memory.peakBytes()), kills };
}

const isSettled = ({ state }: FileRow) => state !== "pending";
const countSettled = (rows: ReadonlyMap<string, FileRow>) =>
  [...rows.values()].filter((row) => row.container === null && isSettled(row)).length;

async function untilSettled(profile: string, root: string, count: number): Promise<void> {
  while (countSettled(fileRows(profile, root)) < count) await after(lookEveryMs);
}

/** A settled file must stay as it is, with the very document it had. */
function countLost(before: ReadonlyMap<string, FileRow>, now: ReadonlyMap<string, FileRow>): number {
  return [...before].filter(([path, row]) => {
    const found = now.get(path);
    return isSettled(row) && (found?.state !== row.state || found.documentId !== row.documentId);
  }).length;
}
