import { createId } from "../../db/id.ts";
import type { Truth } from "../../db/truth.ts";

/** One step of a run; attribute names follow OpenTelemetry's GenAI conventions. */
export type Span = { name: string; startedAt: number; durationMs: number; attributes: Record<string, string | number | boolean> };

/** What a model (or a rule, or a person) did, whole: written once, when it ended. */
export type Run = {
  kind: string;
  /** What it was done for: a message, a file. */
  subject: string;
  actor: string;
  origin: "rule" | "model" | "person";
  /** Version of prompt and pipeline. */
  pipeline: string;
  outcome: string;
  startedAt: number;
  spans: Span[];
};

export type RunStore = ReturnType<typeof createRunStore>;

/** Runs and their spans: what insights, cost, feedback, datasets and canaries read. */
export function createRunStore(truth: Truth) {
  const { db } = truth;
  return {
    record(run: Run): string {
      return truth.transact((transaction) => {
        const id = createId(truth.now());
        db.prepare(
          "INSERT INTO runs (id, kind, subject, actor, origin, pipeline, outcome, started_at, finished_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ).run(id, run.kind, run.subject, run.actor, run.origin, run.pipeline, run.outcome, run.startedAt, truth.now());
        for (const span of run.spans) {
          db.prepare("INSERT INTO spans (id, run_id, name, started_at, duration_ms, attributes) VALUES (?, ?, ?, ?, ?, ?)").run(
            createId(truth.now()),
            id,
            span.name,
            span.startedAt,
            span.durationMs,
            JSON.stringify(span.attributes),
          );
        }
        transaction.event("run.recorded", id);
        return id;
      });
    },
  };
}
