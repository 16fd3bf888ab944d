import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { CroftClient } from "../../../src/shared/client/create-client.ts";
import type { Job } from "../../../src/shared/contract/jobs.ts";
import { createCore } from "../../../src/main/core/create-core.ts";
import { createEngines } from "../../../src/main/core/engines.ts";
import { createLogger } from "../../../src/main/core/logger.ts";
import { createNodeHost } from "../../../src/main/core/node-host.ts";
import { owner } from "../../../src/main/core/principal.ts";
import { createMemoryClient } from "../../../src/main/transport/memory-client.ts";
import { modelsFolder } from "../../../tests/helpers/models.ts";

export const threads = availableParallelism();

/** A folder of its own for as long as `work` takes. */
export async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "croft-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A real core over a profile and the installed models, and its engines, which it otherwise keeps to itself. */
export async function openCore(profile: string) {
  const node = createNodeHost({ kind: "embedded", profile, models: modelsFolder(), offline: true });
  const host = { ...node, log: () => {} };
  const log = createLogger(host.log, host.now);
  const { engines } = createEngines(host, log, { threads: () => threads, idleMs: () => 600_000 });
  const core = await createCore(host, { engines });
  const client = createMemoryClient(core.router, { principal: owner("embedder"), log: core.log });
  return {
    client,
    engines,
    async close(): Promise<void> {
      await core.close();
      await node.close();
    },
  };
}

/** The job once it is over. @throws when it failed */
export async function jobEnd(client: CroftClient, id: string): Promise<Job> {
  const stop = new AbortController();
  try {
    for await (const item of await client.jobs.watch({}, { signal: stop.signal })) {
      const job = item.type === "snapshot" ? item.jobs.find((candidate) => candidate.id === id) : item.job.id === id ? item.job : undefined;
      if (job?.state === "failed") throw new Error(`The job failed: ${job.error?.message}`);
      if (job?.state === "done" || job?.state === "cancelled") return job;
    }
    throw new Error(`The stream ended before job ${id} did.`);
  } finally {
    stop.abort();
  }
}
