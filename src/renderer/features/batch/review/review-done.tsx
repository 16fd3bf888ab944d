import { Link } from "react-router";
import type { BatchRun } from "../../../../shared/contract/batch.ts";

import { EmptyState } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { stepPath } from "../steps.ts";

/** The end of the queue, and the way on. */
export function ReviewDone({ run }: { run: BatchRun }) {
  const say = useWords(messages);
  return (
    <EmptyState
      title={say("nothingLeftReview")}
      action={
        <Link to={stepPath(run.id, "export")} className="label inline-flex h-8 items-center rounded-input bg-accent px-2.5 text-on-accent">
          {say("goToExport")}
        </Link>
      }
    >
      {say("documentRunDoneDocument", { count: run.counts.done })}
    </EmptyState>
  );
}
