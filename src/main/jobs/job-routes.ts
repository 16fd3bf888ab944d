import type { Job, JobsItem } from "../../shared/contract/jobs.ts";
import { os } from "../core/implementer.ts";
import type { JobRunner } from "./job-runner.ts";
import type { JobStore } from "./job-store.ts";
import { createMailbox } from "./mailbox.ts";

/** Handlers of `jobs.*`. */
export function jobRoutes(store: JobStore, runner: JobRunner) {
  return {
    list: os.jobs.list.handler(({ input }) => store.list(input.states, input.limit)),
    get: os.jobs.get.handler(({ input }) => store.get(input.id)),
    pause: os.jobs.pause.handler(({ input }) => runner.pause(input.id)),
    resume: os.jobs.resume.handler(({ input }) => runner.requeue(input.id, ["paused"])),
    cancel: os.jobs.cancel.handler(({ input }) => runner.cancel(input.id)),
    retry: os.jobs.retry.handler(({ input }) => runner.requeue(input.id, ["failed", "cancelled"])),
    watch: os.jobs.watch.handler(async function* ({ signal }): AsyncGenerator<JobsItem, void> {
      const changes = createMailbox<string, Job>(signal);
      const stop = runner.onChange((job) => changes.put(job.id, job));
      try {
        let seq = 0;
        yield { type: "snapshot", seq, jobs: store.list(undefined, 100) };
        for await (const job of changes) yield { type: "change", seq: ++seq, job };
      } finally {
        stop();
      }
    }),
  };
}
