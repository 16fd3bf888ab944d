import { z } from "zod";
import type { BatchRun } from "../../../../shared/contract/batch.ts";
import { AppError } from "../../../../shared/errors.ts";
import { createId } from "../../../db/id.ts";
import type { Truth } from "../../../db/truth.ts";

const Options = z.object({ concurrency: z.number().int().min(1).max(16), sampleShare: z.number().min(0).max(1).default(0.05) });
export type RunOptions = z.infer<typeof Options>;

type Row = {
  id: string;
  name: string;
  paths: string;
  recipe_name: string;
  recipe_version: number;
  model: string;
  options: string;
  watch: number;
  job_id: string | null;
  created_at: number;
  updated_at: number;
};

export type StoredRun = Pick<BatchRun, "id" | "name" | "paths" | "recipe" | "model" | "watch" | "createdAt" | "updatedAt"> & {
  jobId: string | undefined;
  options: RunOptions;
};
export type RunStore = ReturnType<typeof createRunStore>;
type Wanted = Pick<StoredRun, "name" | "paths" | "recipe" | "model" | "watch" | "options">;

/** Runs: which folders are read with which recipe. */
export function createRunStore(truth: Truth) {
  const { db } = truth;
  const byName = db.prepare<[{ run: string }], Row>(
    "SELECT * FROM batch_runs WHERE id = @run OR name = @run ORDER BY id = @run DESC LIMIT 1",
  );

  const find = (run: string): StoredRun | undefined => {
    const row = byName.get({ run });
    return row && toRun(row);
  };
  const get = (run: string): StoredRun => {
    const found = find(run);
    if (!found) throw new AppError("NOT_FOUND", `There is no run ${run}.`, { hint: "croft batch status lists the runs." });
    return found;
  };

  return {
    find,
    get,
    list: (limit: number): StoredRun[] =>
      db.prepare<[number], Row>("SELECT * FROM batch_runs ORDER BY updated_at DESC LIMIT ?").all(limit).map(toRun),
    watched: (): StoredRun[] => db.prepare<[], Row>("SELECT * FROM batch_runs WHERE watch = 1").all().map(toRun),
    /** Makes the run, or changes the one of that name. */
    put(wanted: Wanted): StoredRun {
      return truth.transact((transaction) => {
        const known = find(wanted.name);
        const id = known?.id ?? createId(truth.now());
        const now = truth.now();
        const values = [
          JSON.stringify(wanted.paths),
          wanted.recipe.name,
          wanted.recipe.version,
          wanted.model,
          JSON.stringify(wanted.options),
          Number(wanted.watch),
          now,
        ];
        if (known)
          db.prepare(
            "UPDATE batch_runs SET paths = ?, recipe_name = ?, recipe_version = ?, model = ?, options = ?, watch = ?, updated_at = ? WHERE id = ?",
          ).run(...values, id);
        else
          db.prepare(
            "INSERT INTO batch_runs (paths, recipe_name, recipe_version, model, options, watch, updated_at, id, name, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          ).run(...values, id, wanted.name, now);
        transaction.event("batch.run", id);
        return get(id);
      });
    },
    change(id: string, changes: { watch?: boolean | undefined; options?: RunOptions | undefined; jobId?: string | undefined }): StoredRun {
      return truth.transact((transaction) => {
        const now = get(id);
        db.prepare("UPDATE batch_runs SET watch = ?, options = ?, job_id = ?, updated_at = ? WHERE id = ?").run(
          Number(changes.watch ?? now.watch),
          JSON.stringify(changes.options ?? now.options),
          changes.jobId ?? now.jobId ?? null,
          truth.now(),
          id,
        );
        transaction.event("batch.run", id);
        return get(id);
      });
    },
    remove(id: string): void {
      truth.transact((transaction) => {
        db.prepare("DELETE FROM batch_runs WHERE id = ?").run(id);
        transaction.event("batch.run", id);
      });
    },
  };
}

function toRun(row: Row): StoredRun {
  return {
    id: row.id,
    name: row.name,
    paths: z.array(z.string()).parse(JSON.parse(row.paths)),
    recipe: { name: row.recipe_name, version: row.recipe_version },
    model: row.model,
    watch: row.watch === 1,
    options: Options.parse(JSON.parse(row.options)),
    jobId: row.job_id ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
