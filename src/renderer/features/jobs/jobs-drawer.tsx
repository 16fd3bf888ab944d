import { useJobs } from "../../api/hooks.ts";
import { EmptyState, ErrorNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { Overlay } from "../../shell/overlay.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { JobRow } from "./job-row.tsx";
import { messages } from "./messages.ts";

/** Everything that runs, waits or ran, newest first; opened from the status bar or with `Mod+J`. */
export function JobsDrawer() {
  const say = useWords(messages);
  return (
    <Overlay name="jobs" title={say("title")} place="right">
      <JobList />
    </Overlay>
  );
}

function JobList() {
  const say = useWords(messages);
  const { data, error, refetch } = useJobs();
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={4} label={say("loading")} />;
  if (data.length === 0) return <EmptyState title={say("none")}>{say("noneText")}</EmptyState>;
  return (
    <ul className="divide-y divide-line">
      {data.map((job) => (
        <li key={job.id}>
          <JobRow job={job} />
        </li>
      ))}
    </ul>
  );
}
