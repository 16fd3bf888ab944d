import type { Job } from "../../src/shared/contract/jobs.ts";
import type { CroftClient } from "../../src/shared/client/create-client.ts";

/** Waits for a job to end, by its topic. */
export async function jobEnd(client: CroftClient, id: string): Promise<Job> {
  const stop = new AbortController();
  try {
    for await (const item of await client.jobs.watch({}, { signal: stop.signal })) {
      const job = item.type === "snapshot" ? item.jobs.find((candidate) => candidate.id === id) : item.job;
      if (job?.id === id && ["done", "failed", "cancelled", "paused"].includes(job.state)) return job;
    }
    throw new Error(`The topic ended before job ${id} did.`);
  } finally {
    stop.abort();
  }
}
