import { useJobs } from "../../api/hooks.ts";
import { isOver } from "../../api/live.ts";
import { useWords } from "../../i18n/use-words.ts";
import { JobRow } from "../jobs/job-row.tsx";
import { messages } from "./messages.ts";

/** The indexing that is under way now; what is ready can be searched meanwhile. */
export function CollectionJobs() {
  const say = useWords(messages);
  const running = useJobs().data?.filter((job) => job.kind.startsWith("knowledge.") && !isOver(job)) ?? [];
  if (running.length === 0) return null;
  return (
    <section aria-label={say("indexing")} className="border-b border-line bg-bg1">
      {running.map((job) => (
        <JobRow key={job.id} job={job} />
      ))}
    </section>
  );
}
