import type { BatchRun } from "../../../../shared/contract/batch.ts";
import { type BatchDraft, useBatchView } from "../../../view/batch-store.ts";

const fresh: BatchDraft = { paths: [], recipe: { name: "invoice" }, watch: false };

/** What is chosen for a run: as it was begun until something of it is changed. */
export function useDraft(run: BatchRun | undefined): [BatchDraft, (change: Partial<BatchDraft>) => void] {
  const key = run?.id ?? "new";
  const kept = useBatchView(({ drafts }) => drafts[key]);
  const setDraft = useBatchView((view) => view.setDraft);
  const draft = kept ?? (run ? { paths: run.paths, recipe: run.recipe, model: run.model, watch: run.watch } : fresh);
  return [draft, (change) => setDraft(key, { ...draft, ...change })];
}
