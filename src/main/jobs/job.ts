import type { Progress } from "../../shared/contract/jobs.ts";
import type { Logger } from "../core/logger.ts";

/** What a running job is given. */
export type JobContext = {
  jobId: string;
  /** Fires on pause, cancel and close. Stop at the next safe point; what is written stays. */
  signal: AbortSignal;
  progress(progress: Progress): void;
  /** Lets the next job of the lane start while this one goes on with work that nothing should wait for. */
  leaveLane(): void;
  log: Logger;
};

/**
 * One kind of durable work. `run` must be repeatable: after a crash, a pause or a retry it is called again with
 * the same input and goes on from what it finds done.
 */
export type JobHandler<Input = unknown> = {
  kind: string;
  /** Jobs of one lane run one after another. */
  lane: string;
  /** Times it is tried when it fails with a passing fault; 1 means once. */
  maxAttempts: number;
  /** The input as stored is parsed again: a database may have been edited or restored. */
  parse(input: unknown): Input;
  run(input: Input, context: JobContext): Promise<unknown>;
};
