import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import type { BatchRun } from "../../../../shared/contract/batch.ts";
import type { Progress } from "../../../../shared/contract/jobs.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { ErrorNotice } from "../../../components/notice.tsx";
import { DeadLetters } from "./dead-letters.tsx";
import { ResultGrid } from "./result-grid.tsx";
import { RunControls } from "./run-controls.tsx";
import { RunNumbers } from "./run-numbers.tsx";
import { toView, ViewSwitch } from "../view-switch.tsx";

/** How far a run is, what it found so far, and what could not be read. */
export function RunStep({ run, progress }: { run: BatchRun; progress: Progress | undefined }) {
  const { orpc } = useCroft();
  const [params, setParams] = useSearchParams();
  const view = toView(params.get("view"));
  const stats = useQuery(orpc.batch.stats.queryOptions({ input: { run: run.id } }));
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <RunControls run={run} progress={progress} stats={stats.data} />
      <ViewSwitch run={run} view={view} onChange={(next) => setParams(next === "all" ? {} : { view: next }, { replace: true })} />
      {stats.error && (
        <div className="p-4">
          <ErrorNotice error={stats.error} onRetry={() => void stats.refetch()} />
        </div>
      )}
      {view === "numbers" ? (
        stats.data && <RunNumbers stats={stats.data} run={run} />
      ) : view === "dead" ? (
        <DeadLetters run={run} />
      ) : (
        <ResultGrid key={view} run={run} state={view} />
      )}
    </div>
  );
}
