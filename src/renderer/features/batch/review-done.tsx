import { Link } from "react-router";
import type { BatchRun } from "../../../shared/contract/batch.ts";
import { formatCount } from "../../components/format.ts";
import { EmptyState } from "../../components/notice.tsx";
import { stepPath } from "./steps.ts";

/** The end of the queue, and the way on. */
export function ReviewDone({ run }: { run: BatchRun }) {
  return (
    <EmptyState
      title="Nothing is left to review"
      action={
        <Link to={stepPath(run.id, "export")} className="label inline-flex h-8 items-center rounded-input bg-accent px-2.5 text-on-accent">
          Go to Export
        </Link>
      }
    >
      {formatCount(run.counts.done, "document")} of this run {run.counts.done === 1 ? "is" : "are"} done. A document that is already done
      can be opened from the list at Run.
    </EmptyState>
  );
}
