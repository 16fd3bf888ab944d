import type { Truth } from "../../../db/truth.ts";
import type { RecordStore } from "../run/record-store.ts";
import type { RunStore, StoredRun } from "../run/run-store.ts";
import type { DecisionStore } from "./decision-store.ts";
import { drawSample, nextShare } from "./sample.ts";

/** Marks what is shown for quality of a run's unflagged documents; what was drawn once stays drawn. */
export function drawSamples(
  run: StoredRun,
  { truth, runs, records, decisions }: { truth: Truth; runs: RunStore; records: RecordStore; decisions: DecisionStore },
): void {
  const all = records.ofRun(run.id);
  const reviewed = all.filter(({ sampled, approved }) => sampled && approved);
  const wrong = reviewed.filter((record) =>
    decisions.list(record).some(({ action, undoneAt }) => undoneAt === undefined && (action === "correct" || action === "choose")),
  ).length;
  const share = nextShare(run.options.sampleShare, reviewed.length, wrong);
  const candidates = all.filter(({ state, sampled }) => state === "done" || sampled);
  const drawn = drawSample(candidates, share);
  truth.transact((transaction) => {
    if (share !== run.options.sampleShare) runs.change(run.id, { options: { ...run.options, sampleShare: share } });
    for (const record of candidates)
      if (drawn.has(record.id) && !record.sampled)
        records.update({ ...record, sampled: true, state: record.approved ? record.state : "review" });
    transaction.event("batch.run", run.id);
  });
}
