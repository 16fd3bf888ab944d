import type { Recipe } from "../../../../shared/contract/recipe.ts";
import type { Truth } from "../../../db/truth.ts";
import type { RunStore, StoredRun } from "../run/run-store.ts";
import type { SampleStore } from "./sample-store.ts";
import { drawSample, shareFor } from "./sample.ts";

type SampleDeps = { truth: Truth; runs: RunStore; samples: SampleStore };

/**
 * Draws more when the whole sample was looked at and what was found in it asks for more: a first error, of few, must not fill
 * the queue. @returns whether it did @throws ABORTED
 */
export async function widenSamples(run: StoredRun, recipe: Recipe, deps: SampleDeps, signal: AbortSignal): Promise<boolean> {
  const { sampled, reviewed, wrong } = deps.samples.standing(run.id);
  if (reviewed < sampled || shareFor(reviewed, wrong) <= run.options.sampleShare) return false;
  await drawSamples(run, recipe, deps, signal);
  return true;
}

/**
 * Marks what is shown for quality of a run's unflagged documents; what was drawn once stays drawn. Ended in between, it does
 * the rest the next time. @throws ABORTED
 */
export async function drawSamples(
  run: StoredRun,
  recipe: Recipe,
  { truth, runs, samples }: SampleDeps,
  signal: AbortSignal,
): Promise<void> {
  const { reviewed, wrong } = samples.standing(run.id);
  const share = shareFor(reviewed, wrong);
  const candidates = await samples.candidates(run.id, recipe, signal);
  await samples.mark([...drawSample(candidates, share)], signal);
  const { options } = runs.get(run.id);
  if (share !== options.sampleShare) runs.change(run.id, { options: { ...options, sampleShare: share } });
  else truth.transact((transaction) => transaction.event("batch.run", run.id));
}
