import { z } from "zod";
import { Id } from "../../shared/contract/define.ts";
import { Job, type Progress } from "../../shared/contract/jobs.ts";
import { AppError, toWire } from "../../shared/errors.ts";
import { createId } from "../db/id.ts";
import type { Truth } from "../db/truth.ts";

type Row = {
  id: string;
  kind: string;
  title: string;
  input: string;
  state: Job["state"];
  progress: string;
  attempts: number;
  run_after: number;
  error: string | null;
  result: string | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
};

export type JobStore = ReturnType<typeof createJobStore>;

/** Starts of one job that may end with the whole of Croft: in a row that got nothing done, and in all. */
const MOST_CRASHES = 5;
const MOST_INTERRUPTIONS = 25;

const NOTHING: Progress = { done: 0, total: 0, unit: "" };

/** The table of jobs. One function is one transaction. */
export function createJobStore(truth: Truth) {
  const { db } = truth;
  const byId = db.prepare<[string], Row>("SELECT * FROM jobs WHERE id = ?");
  const setProgress = db.prepare<[string, string]>("UPDATE jobs SET progress = ? WHERE id = ?");

  function row(id: string): Row {
    const found = byId.get(id);
    if (!found) throw new AppError("NOT_FOUND", `There is no job ${id}.`);
    return found;
  }

  /** Sets a state if the job is in one of `from`; @throws CONFLICT otherwise. */
  function move(
    id: string,
    from: Job["state"][],
    to: Job["state"],
    more: { error?: unknown; result?: unknown; runAfter?: number; attempts?: number } = {},
  ): Job {
    return truth.transact((transaction) => {
      const current = row(id);
      if (!from.includes(current.state)) {
        throw new AppError("CONFLICT", `The job is ${current.state}; only a job that is ${from.join(" or ")} can become ${to}.`, {
          data: { state: current.state },
        });
      }
      const now = truth.now();
      const finished = ["done", "failed", "cancelled"].includes(to);
      db.prepare(
        "UPDATE jobs SET state = ?, error = ?, result = ?, run_after = ?, attempts = ?, started_at = CASE WHEN ? = 'running' THEN ? ELSE started_at END, finished_at = ? WHERE id = ?",
      ).run(
        to,
        more.error === undefined ? null : JSON.stringify(toWire(more.error)),
        more.result === undefined ? null : JSON.stringify(more.result),
        more.runAfter ?? current.run_after,
        more.attempts ?? current.attempts,
        to,
        now,
        finished ? now : null,
        id,
      );
      transaction.event(`job.${to}`, id);
      return toJob(row(id));
    });
  }

  return {
    move,
    get: (id: string): Job => toJob(row(id)),
    input: (id: string): unknown => JSON.parse(row(id).input),

    insert(kind: string, title: string, input: unknown): Job {
      return truth.transact((transaction) => {
        const id = createId(truth.now());
        const now = truth.now();
        db.prepare(
          "INSERT INTO jobs (id, kind, title, input, state, progress, run_after, created_at) VALUES (?, ?, ?, ?, 'queued', ?, ?, ?)",
        ).run(id, kind, title.slice(0, 300), JSON.stringify(input), JSON.stringify(NOTHING), now, now);
        transaction.event("job.queued", id);
        return toJob(row(id));
      });
    },

    list(states: readonly Job["state"][] | undefined, limit: number): Job[] {
      const filter = states && states.length > 0 ? `WHERE state IN (${states.map(() => "?").join(", ")})` : "";
      return db
        .prepare<unknown[], Row>(`SELECT * FROM jobs ${filter} ORDER BY created_at DESC, id DESC LIMIT ?`)
        .all(...(states ?? []), limit)
        .map(toJob);
    },

    /** The first hundred queued jobs whose time has come, oldest first; none of the kinds that must wait. */
    ready: (waiting: readonly string[] = []): Job[] =>
      db
        .prepare<[number, string], Row>(
          "SELECT * FROM jobs WHERE state = 'queued' AND run_after <= ? AND kind NOT IN (SELECT value FROM json_each(?)) ORDER BY created_at, id LIMIT 100",
        )
        .all(truth.now(), JSON.stringify(waiting))
        .map(toJob),

    /** When the next delayed job is due, or undefined; those that are due and wait for their lane do not count. */
    nextDue: (): number | undefined =>
      db
        .prepare<[number], { due: number | null }>("SELECT min(run_after) AS due FROM jobs WHERE state = 'queued' AND run_after > ?")
        .get(truth.now())?.due ?? undefined,

    /** Progress is a hint, not an event: it is written without one. */
    saveProgress: (id: string, progress: Progress): void => void truth.jot(() => setProgress.run(JSON.stringify(progress), id)),

    /**
     * At start: whoever ran these jobs is gone, since a profile has one owner. They are queued again, but for those
     * under which Croft ended time and again: they fail, lest Croft could never stay open. One that got something
     * done at its last start is given more: a long job on a machine that is often switched off must come to its end.
     */
    recover(): number {
      return truth.transact((transaction) => {
        const orphans = db
          .prepare<[], { id: string; attempts: number; progress: string }>(
            "SELECT id, attempts, progress FROM jobs WHERE state = 'running'",
          )
          .all();
        for (const { id, attempts, progress } of orphans) {
          const { done } = JSON.parse(progress) as Progress;
          if (attempts >= (done > 0 ? MOST_INTERRUPTIONS : MOST_CRASHES)) {
            move(id, ["running"], "failed", { error: endedTooOften(attempts) });
          } else {
            db.prepare("UPDATE jobs SET state = 'queued', progress = ? WHERE id = ?").run(JSON.stringify(NOTHING), id);
            transaction.event("job.queued", id);
          }
        }
        return orphans.length;
      });
    },
  };
}

const endedTooOften = (times: number) =>
  new AppError("INTERNAL", `Croft ended ${times} times while this job ran, so it was not started again. What it had done is kept.`, {
    hint: "Retry it; if Croft ends again, leave out what it was working on.",
  });

const StoredError = Job.shape.error;

const OfCollection = z.object({ collectionId: Id });

/** The collection that a job's input names, or nothing. */
function collectionOf(input: string): Pick<Job, "collection"> {
  const { data } = OfCollection.safeParse(JSON.parse(input));
  return data ? { collection: data.collectionId } : {};
}

function toJob(row: Row): Job {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    ...collectionOf(row.input),
    state: row.state,
    progress: JSON.parse(row.progress) as Progress,
    attempts: row.attempts,
    ...(row.error === null ? {} : { error: StoredError.parse(JSON.parse(row.error)) }),
    ...(row.result === null ? {} : { result: z.unknown().parse(JSON.parse(row.result)) }),
    createdAt: row.created_at,
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
  };
}
