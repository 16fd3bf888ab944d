import type { Job } from "../../shared/contract/jobs.ts";
import type { CroftClient } from "../../shared/client/create-client.ts";
import { AppError, fromWire } from "../../shared/errors.ts";
import type { Output } from "./output.ts";

/**
 * Shows a job's progress until it ends and returns it done. When the command is interrupted the job is cancelled:
 * what it did so far stays.
 * @throws what the job failed with · ABORTED when it was cancelled, by whomever
 */
export async function followJob(
  client: CroftClient,
  id: string,
  { output, signal }: { output: Output; signal: AbortSignal },
): Promise<Job> {
  const watching = new AbortController();
  const cancel = (): void => {
    // The job may have ended in this very moment.
    client.jobs.cancel({ id }).catch(() => undefined);
  };
  signal.addEventListener("abort", cancel, { once: true });
  try {
    if (signal.aborted) cancel();
    for await (const item of await client.jobs.watch({}, { signal: watching.signal })) {
      // A snapshot holds the newest jobs only.
      const job = item.type === "change" ? (item.job.id === id ? item.job : undefined) : await client.jobs.get({ id });
      if (!job) continue;
      output.progress(job.progress);
      if (isOver(job)) return succeeded(job);
    }
  } finally {
    watching.abort();
    signal.removeEventListener("abort", cancel);
    output.progressEnd();
  }
  throw new AppError("CLOSED", "Croft ended while the job was running; it goes on when Croft is next opened.", { data: { job: id } });
}

const isOver = (job: Job): boolean => job.state === "done" || job.state === "failed" || job.state === "cancelled" || job.state === "paused";

function succeeded(job: Job): Job {
  if (job.state === "done") return job;
  if (job.state === "failed" && job.error) throw fromWire({ ...job.error, data: { job: job.id } });
  if (job.state === "failed") throw new AppError("INTERNAL", "The job failed without a reason.", { data: { job: job.id } });
  throw new AppError("ABORTED", `The job was ${job.state}; what it did until then is kept.`, {
    hint: `Go on with: croft jobs ${job.state === "paused" ? "resume" : "retry"} ${job.id}`,
    data: { job: job.id },
  });
}
