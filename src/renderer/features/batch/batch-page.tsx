import { useParams } from "react-router";
import { EmptyState, ErrorNotice } from "../../components/notice.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";

import { useWords } from "../../i18n/use-words.ts";
import { ExportStep } from "./export/export-step.tsx";
import { InputStep } from "./input/input-step.tsx";
import { messages } from "./messages.ts";
import { RecipeStep } from "./recipe/recipe-step.tsx";
import { ReviewStep } from "./review/review-step.tsx";
import { RunList } from "./run/run-list.tsx";
import { RunStep } from "./run/run-step.tsx";
import { StepNav } from "./step-nav.tsx";
import { toStep } from "./steps.ts";
import { useRun } from "./run/use-run.ts";

/** Folders in, checked tables out: the runs, and the five steps of the one that is open. */
export function BatchPage() {
  const say = useWords(messages);
  const { run: id = "new", step: named } = useParams();
  const isNew = id === "new";
  const { data: run, error, refetch, progress } = useRun(isNew ? undefined : id);
  const step = toStep(named);
  return (
    <>
      <RunList />
      <main data-region tabIndex={-1} aria-label={say("batch")} className="flex min-w-0 flex-1 flex-col">
        <PageHeader
          title={isNew ? say("newRun") : (run?.name ?? say("run"))}
          facts={
            run &&
            say("runFacts", {
              count: run.files,
              name: run.recipe.name,
              version: run.recipe.version,
              what: run.model === "none" ? say("rulesAlone") : run.model,
            })
          }
        />
        <StepNav run={run} />
        {error ? (
          error instanceof Error && "code" in error && error.code === "NOT_FOUND" ? (
            <EmptyState title={say("runGone")}>{say("chooseAnotherFromList")}</EmptyState>
          ) : (
            <div className="p-4">
              <ErrorNotice error={error} onRetry={() => void refetch()} />
            </div>
          )
        ) : !isNew && !run ? (
          <SkeletonRows rows={10} label={say("loadingTheRun")} />
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
