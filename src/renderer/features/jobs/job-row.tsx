import { Pause, Play, RotateCcw, X } from "lucide-react";
import type { Job } from "../../../shared/contract/jobs.ts";
import { isOver } from "../../api/live.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { StateWord } from "../../components/state-word.tsx";
import { progressText } from "./progress-text.ts";
import { useJobAction } from "./use-job-action.ts";

/** The one row that shows a job, wherever it is shown. */
export function JobRow({ job }: { job: Job }) {
  const act = useJobAction(job.id);
  const { state, progress } = job;
  const moving = state === "running" || state === "queued";
  return (
    <div className="flex flex-col gap-1 px-4 py-2">
      <div className="flex items-center gap-3">
        <span className="min-w-0 flex-1 truncate">{job.title}</span>
        <StateWord state={state} />
        <span className="flex">
          {moving && <IconButton icon={Pause} label={`Pause: ${job.title}`} onClick={() => act("pause")} />}
          {state === "paused" && <IconButton icon={Play} label={`Resume: ${job.title}`} onClick={() => act("resume")} />}
          {(moving || state === "paused") && <IconButton icon={X} label={`Cancel: ${job.title}`} onClick={() => act("cancel")} />}
          {(state === "failed" || state === "cancelled") && (
            <IconButton icon={RotateCcw} label={`Try again: ${job.title}`} onClick={() => act("retry")} />
          )}
        </span>
      </div>
      {(moving || state === "paused") && <ProgressBar done={progress.done} total={progress.total} label={job.title} />}
      <div className="flex min-h-4 justify-between gap-3 text-12 text-fg3">
        <span className="truncate">{job.error ? job.error.message : (!isOver(job) && progress.note) || ""}</span>
        <span className="tnum shrink-0">{progressText(progress)}</span>
      </div>
      {job.error?.hint && <p className="text-12 text-fg2">{job.error.hint}</p>}
    </div>
  );
}
