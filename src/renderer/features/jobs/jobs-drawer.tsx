import { useJobs } from "../../api/hooks.ts";
import { EmptyState, ErrorNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { Overlay } from "../../shell/overlay.tsx";
import { JobRow } from "./job-row.tsx";

/** Everything that runs, waits or ran, newest first; opened from the status bar or with `Mod+J`. */
export function JobsDrawer() {
  return (
    <Overlay name="jobs" title="Jobs" place="right">
      <JobList />
    </Overlay>
  );
}

function JobList() {
  const { data, error, refetch } = useJobs();
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={4} label="Loading jobs" />;
  if (data.length === 0)
    return (
      <EmptyState title="No jobs yet">Indexing, downloads and everything else that takes longer than a moment is listed here.</EmptyState>
    );
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
