import { useQuery } from "@tanstack/react-query";
import { useCroft } from "../../../api/use-croft.ts";
import { ErrorNotice } from "../../../components/notice.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { RecordDesk } from "./record-desk.tsx";
import type { RecordReviewProps } from "./review-props.ts";

/** One record, once it is there. */
export function RecordReview(props: RecordReviewProps) {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const { data, error, refetch } = useQuery(orpc.batch.record.queryOptions({ input: { id: props.id } }));
  if (error)
    return (
      <div className="min-w-0 flex-1 p-4">
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  if (!data)
    return (
      <div className="min-w-0 flex-1">
        <SkeletonRows rows={10} label={say("loadingTheDocument")} />
      </div>
    );
  return <RecordDesk {...props} record={data} />;
}
