import { useState } from "react";
import { useSearchParams } from "react-router";
import type { BatchRun } from "../../../../shared/contract/batch.ts";
import { EmptyState, ErrorNotice } from "../../../components/notice.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { RecordReview } from "./record-review.tsx";
import { ReviewDone } from "./review-done.tsx";
import { ReviewQueue } from "./review-queue.tsx";
import { neighbour, useQueue } from "./use-queue.ts";

/** What a person should look at: the queue, the page, the fields. */
export function ReviewStep({ run }: { run: BatchRun }) {
  const say = useWords(messages);
  const [params, setParams] = useSearchParams();
  const { queue, data, error, refetch } = useQueue(run.id);
  const asked = params.get("record") ?? undefined;
  const first = queue.find(({ open }) => open)?.result.id;
  // The first stays open after it was decided, until the person leads on: nothing moves under the hand.
  const [held, setHeld] = useState<string>();
  if (asked === undefined && held === undefined && first !== undefined) setHeld(first);
  const current = asked ?? held ?? first;
  const go = (id: string | undefined) => {
    setHeld(undefined);
    setParams(id === undefined ? {} : { record: id }, { replace: true });
  };
  if (error && queue.length === 0)
    return (
      <div className="p-4">
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  if (!data) return <SkeletonRows rows={10} label={say("loadingWhatBe")} />;
  const left = queue.filter(({ open }) => open).length;
  if (current === undefined && run.counts.pending > 0)
    return <EmptyState title={say("nothingReviewYet")}>{say("whatFlaggedComesHere")}</EmptyState>;
  if (current === undefined) return <ReviewDone run={run} />;
  return (
    <div className="flex min-h-0 flex-1">
      <ReviewQueue queue={queue} current={current} onChoose={go} />
      <RecordReview
        key={current}
        run={run}
        id={current}
        left={left}
        onNext={() => go(neighbour(queue, current, 1))}
        onPrevious={() => go(neighbour(queue, current, -1) ?? current)}
        onGo={go}
      />
    </div>
  );
}
