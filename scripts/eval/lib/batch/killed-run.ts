import { setTimeout as after } from "node:timers/promises";
import { join } from "node:path";
import { isSound } from "../../../../src/main/db/snapshot.ts";
import type { BatchResult } from "../../../../src/shared/contract/batch.ts";
import type { CroftClient } from "../../../../src/shared/client/create-client.ts";
import { jobEnd } from "../../../bench/lib/open-core.ts";
import { type ServerProcess, startServer } from "../../../bench/lib/server-process.ts";
import { type MemoryWatch, watchMemory } from "../big/process-tree.ts";
import { killServer } from "../kill-server.ts";
import { allResults } from "./all-results.ts";

const lookEveryMs = 100;

export type KilledRun = {
  server: ServerProcess;
  run: string;
  peakBytes: number;
  /** From asking for the run to its end, with all kills and new starts. */
  ms: number;
  kills: { settled: number; sound: boolean; orphans: number; againMs: number }[];
  /** Every document that a server told of before it was killed. */
  acknowledged: Map<string, BatchResult>;
};

/** Runs a folder by rules alone with a server that is killed whenever so many files are settled, and started again. */
export async function runWithKills(
  paths: { program: string; profile: string; folder: string },
  points: readonly { settled: number; delayMs: number }[],
): Promise<KilledRun> {
  const { program, profile, folder } = paths;
  let server = await startServer(program, profile);
  let memory: MemoryWatch = watchMemory(server.child.pid ?? 0);
  let peakBytes = 0;
  const startedAt = performance.now();
  const { run, jobId } = await server.client.batch.run({ paths: [folder], recipe: { name: "invoice" }, model: "none", name: "proof" });
  const acknowledged: KilledRun["acknowledged"] = new Map();
  const kills: KilledRun["kills"] = [];
  for (const { settled, delayMs } of points) {
    await untilSettled(server.client, run.name, settled);
    await after(delayMs);
    for (const result of await allResults(server.client, run.name)) if (result.id !== undefined) acknowledged.set(result.id, result);
    memory.stop();
    peakBytes = Math.max(peakBytes, memory.peakBytes());
    const orphans = await killServer(server);
    const sound = isSound(join(profile, "croft.db"));
    const killedAt = performance.now();
    server = await startServer(program, profile);
    kills.push({ settled, orphans, sound, againMs: performance.now() - killedAt });
    console.error(`killed at ${settled} settled files, ${acknowledged.size} documents acknowledged`);
    memory = watchMemory(server.child.pid ?? 0);
  }
  await jobEnd(server.client, jobId);
  const ms = performance.now() - startedAt;
  memory.stop();
  return { server, run: run.name, ms, kills, acknowledged, peakBytes: Math.max(peakBytes, memory.peakBytes()) };
}

async function untilSettled(client: CroftClient, run: string, count: number): Promise<void> {
  for (;;) {
    const { files, counts, state } = await client.batch.showRun({ run });
    if (files - counts.pending >= count && files > 0) return;
    if (state === "done") return;
    await after(lookEveryMs);
  }
}
