import { useMutation } from "@tanstack/react-query";
import type { Job } from "../../../shared/contract/jobs.ts";
import { applyJobsItem, jobsInput } from "../../api/live.ts";
import { useCroft } from "../../api/use-croft.ts";

export type JobAction = "pause" | "resume" | "cancel" | "retry";

/** Pauses, resumes, cancels or repeats a job; the row changes with the reply, the topic confirms it. */
export function useJobAction(id: string): (action: JobAction) => void {
  const { client, orpc, cache } = useCroft();
  const { mutate } = useMutation({
    mutationFn: (action: JobAction) => client.jobs[action]({ id }),
    onSuccess: (job) => {
      cache.setQueryData<Job[]>(orpc.jobs.list.queryKey({ input: jobsInput }), (jobs) =>
        applyJobsItem(jobs ?? [], { type: "change", seq: 0, job }),
      );
    },
  });
  return (action) => mutate(action);
}
