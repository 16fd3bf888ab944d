import { useParams } from "react-router";
import { EmptyState, ErrorNotice } from "../../components/notice.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { Redirect } from "../../components/redirect.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { formatCount } from "../../components/format.ts";
import { ExportStep } from "./export-step.tsx";
import { InputStep } from "./input-step.tsx";
import { RecipeStep } from "./recipe-step.tsx";
import { ReviewStep } from "./review-step.tsx";
import { RunList } from "./run-list.tsx";
import { RunStep } from "./run-step.tsx";
import { StepNav } from "./step-nav.tsx";
import { needsRun, stepPath, toStep } from "./steps.ts";
import { useRun } from "./use-run.ts";

/** Folders in, checked tables out: the runs, and the five steps of the one that is open. */
export function BatchPage() {
  const { run: id = "new", step: named } = useParams();
  const isNew = id === "new";
  const { data: run, error, refetch, progress } = useRun(isNew ? undefined : id);
  const step = toStep(named);
  if (!step || (isNew && needsRun(step))) return <Redirect to={stepPath(id, isNew ? "input" : "run")} />;
  return (
    <>
      <RunList />
      <main data-region tabIndex={-1} aria-label="Batch" className="flex min-w-0 flex-1 flex-col">
        <PageHeader
          title={isNew ? "New run" : (run?.name ?? "Run")}
          facts={
            run &&
            `${formatCount(run.files, "file")} · ${run.recipe.name} ${run.recipe.version} · ${run.model === "none" ? "rules alone" : run.model}`
          }
        />
        <StepNav run={run} />
        {error ? (
          error instanceof Error && "code" in error && error.code === "NOT_FOUND" ? (
            <EmptyState title="This run is gone">Choose another from the list, or begin a new one there.</EmptyState>
          ) : (
            <div className="p-4">
              <ErrorNotice error={error} onRetry={() => void refetch()} />
            </div>
          )
        ) : !isNew && !run ? (
          <SkeletonRows rows={10} label="Loading the run" />
        ) : step === "input" ? (
          <InputStep key={id} run={run} />
        ) : step === "recipe" ? (
          <RecipeStep key={id} run={run} />
        ) : !run ? null : step === "run" ? (
          <RunStep key={id} run={run} progress={progress} />
        ) : step === "review" ? (
          <ReviewStep key={id} run={run} />
        ) : (
          <ExportStep key={id} run={run} />
        )}
      </main>
    </>
  );
}
