import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { Empty, Id, Reason, route, Timestamp } from "./define.ts";

export const Progress = z.object({
  done: z.number().nonnegative(),
  total: z.number().nonnegative(),
  unit: z.string(),
  /** What is being worked on now: a file name, a stage. */
  note: z.string().optional(),
});
export type Progress = z.infer<typeof Progress>;

export const jobStates = ["queued", "running", "paused", "done", "failed", "cancelled"] as const;

/** Durable work. It survives a crash: a running job whose lease ran out is queued again. */
export const Job = z.object({
  id: Id,
  kind: z.string(),
  title: z.string(),
  /** The collection that it works on, where it works on one. */
  collection: Id.optional(),
  state: z.enum(jobStates),
  progress: Progress,
  attempts: z.number().int().nonnegative(),
  error: Reason.optional(),
  /** What the job returns when done; its form belongs to the kind. */
  result: z.unknown().optional(),
  createdAt: Timestamp,
  startedAt: Timestamp.optional(),
  finishedAt: Timestamp.optional(),
});
export type Job = z.infer<typeof Job>;

/** First a snapshot of all jobs, then each job that changed, at most ten a second a job; `seq` grows by one. */
export const JobsItem = z.discriminatedUnion("type", [
  z.object({ type: z.literal("snapshot"), seq: z.number().int(), jobs: z.array(Job) }),
  z.object({ type: z.literal("change"), seq: z.number().int(), job: Job }),
]);
export type JobsItem = z.infer<typeof JobsItem>;

const ById = z.object({ id: Id });

export const jobs = {
  list: route("read")
    .input(z.object({ states: z.array(z.enum(jobStates)).optional(), limit: z.number().int().min(1).max(1000).default(100) }))
    .output(z.array(Job)),
  get: route("read").input(ById).output(Job),
  pause: route("write").input(ById).output(Job),
  resume: route("write").input(ById).output(Job),
  cancel: route("write").input(ById).output(Job),
  retry: route("write").input(ById).output(Job),
  watch: route("read").input(Empty).output(eventIterator(JobsItem)),
};
