import { Pause, Play, RotateCcw, TriangleAlert, X } from "lucide-react";
import type { Job } from "../../../shared/contract/jobs.ts";
import { isOver } from "../../api/live.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { StateWord } from "../../components/state-word.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { messages } from "./messages.ts";
import { progressText } from "./progress-text.ts";
import { timeLeft } from "./time-left.ts";
import { useJobAction } from "./use-job-action.ts";
import { usePace } from "./use-pace.ts";

/** The one row that shows a job, wherever it is shown. */
export function JobRow({ job }: { job: Job }) {
  const say = useWords(messages);
  const act = useJobAction(job.id);
  const { left, stalledMs } = usePace(job);
  const { state, progress, title } = job;
  const moving = state === "running" || state === "queued";
  return (
    <div className="flex flex-col gap-1 px-4 py-2">
      <div className="flex items-center gap-3">
        <span className="min-w-0 flex-1 truncate" title={title}>
          {title}
        </span>
        <StateWord state={state} />
        <span className="flex">
          {moving && <IconButton icon={Pause} label={say("pause", { title })} onClick={() => act("pause")} />}
          {state === "paused" && <IconButton icon={Play} label={say("resume", { title })} onClick={() => act("resume")} />}
          {(moving || state === "paused") && <IconButton icon={X} label={say("cancel", { title })} onClick={() => act("cancel")} />}
          {(state === "failed" || state === "cancelled") && (
            <IconButton icon={RotateCcw} label={say("retry", { title })} onClick={() => act("retry")} />
          )}
        </span>
      </div>
      {(moving || state === "paused") && <ProgressBar done={progress.done} total={progress.total} label={title} />}
      <div className="flex min-h-4 justify-between gap-3 text-12 text-fg3">
        <span className="truncate">{job.error ? job.error.message : (!isOver(job) && progress.note) || ""}</span>
        <span className="tnum shrink-0">
          {progressText(progress, say)}
          {left && stalledMs === undefined && ` · ${timeLeft(left, say)}`}
        </span>
      </div>
      {stalledMs !== undefined && (
        <p role="status" className="flex items-center gap-1.5 text-12">
          <TriangleAlert aria-hidden size={14} strokeWidth={1.5} className="shrink-0" />
          {say("stalled", { seconds: Math.round(stalledMs / 1000) })}
        </p>
      )}
      {job.error?.hint && <p className="text-12 text-fg2">{job.error.hint}</p>}
    </div>
  );
}
