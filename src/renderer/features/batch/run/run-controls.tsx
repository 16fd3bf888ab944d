import { useMutation } from "@tanstack/react-query";
import { Pause, Play, RotateCcw, X } from "lucide-react";
import { useNavigate } from "react-router";
import type { BatchRun, BatchStats } from "../../../../shared/contract/batch.ts";
import type { Progress } from "../../../../shared/contract/jobs.ts";
import { fromWire } from "../../../../shared/errors.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { Button } from "../../../components/button.tsx";
import { SelectField } from "../../../components/field.tsx";
import { formatNumber } from "../../../components/format.ts";
import { ErrorNotice } from "../../../components/notice.tsx";
import { ProgressBar } from "../../../components/progress-bar.tsx";
import { StateWord } from "../../../components/state-word.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { stepPath } from "../steps.ts";
import { timeRange } from "../time-range.ts";

export type RunControlsProps = { run: BatchRun; progress: Progress | undefined; stats: BatchStats | undefined };

/** How far it is and how long it still takes; stopping, going on, and what comes after. */
export function RunControls({ run, progress, stats }: RunControlsProps) {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const navigate = useNavigate();
  const input = { run: run.id };
  const act = useMutation({
    mutationFn: async (action: "pause" | "resume" | "cancel") => void (await client.batch[action](input)),
    onSettled: () => cache.invalidateQueries({ queryKey: orpc.batch.showRun.key({ input }) }),
  });
  const change = useMutation({
    mutationFn: (wish: { watch?: boolean; concurrency?: number }) => client.batch.changeRun({ ...input, ...wish }),
    onSuccess: (changed) => cache.setQueryData(orpc.batch.showRun.queryKey({ input }), changed),
  });
  const { counts, state } = run;
  const total = counts.done + counts.review + counts.dead + counts.pending + run.copies;
  const isMoving = state === "running" || state === "queued";
  const facts = [
    say("ofDocuments", { total: formatNumber(total - counts.pending), total2: formatNumber(total) }),
    stats && stats.pagesPerMinute > 0 && say("pagesAMinute", { pagesPerMinute: formatNumber(stats.pagesPerMinute) }),
    isMoving && stats?.left && say("left", { time: timeRange(stats.left.low, stats.left.high, say) }),
    isMoving && progress?.note,
  ];
  return (
    <section aria-label={say("progress")} className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <StateWord state={state} />
        <span role="status" className="tnum min-w-0 flex-1 truncate text-fg2">
          {facts.filter(Boolean).join(" · ")}
          {state === "paused" && say("goesOnWhereStopped")}
        </span>
        <label className="flex items-center gap-2 whitespace-nowrap text-fg2">
          {say("atOnce")}
          <SelectField
            label={say("filesReadOnce")}
            className="w-14"
            value={run.concurrency}
            onChange={(event) => change.mutate({ concurrency: Number(event.target.value) })}
          >
            {Array.from({ length: 16 }, (_, index) => (
              <option key={index}>{index + 1}</option>
            ))}
          </SelectField>
        </label>
        <label className="flex min-h-7 items-center gap-2 text-fg2">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={run.watch}
            onChange={(event) => change.mutate({ watch: event.target.checked })}
          />
          {say("watch")}
        </label>
        <span className="flex gap-2">
          {isMoving && (
            <Button disabled={act.isPending} onClick={() => act.mutate("pause")}>
              <Pause aria-hidden size={14} strokeWidth={1.5} />
              {say("pause")}
            </Button>
          )}
          {!isMoving && (
            <Button disabled={act.isPending} onClick={() => act.mutate("resume")} title={say("readsWhatNew")}>
              {state === "paused" ? (
                <Play aria-hidden size={14} strokeWidth={1.5} />
              ) : (
                <RotateCcw aria-hidden size={14} strokeWidth={1.5} />
              )}
              {state === "paused" ? say("goOn") : say("readWhatNew")}
            </Button>
          )}
          {(isMoving || state === "paused") && (
            <Button disabled={act.isPending} onClick={() => act.mutate("cancel")}>
              <X aria-hidden size={14} strokeWidth={1.5} />
              {say("cancel")}
            </Button>
          )}
          {!isMoving && counts.review > 0 && (
            <Button look="primary" onClick={() => void navigate(stepPath(run.id, "review"))}>
              {say("review")} <span className="tnum">{formatNumber(counts.review)}</span>
            </Button>
          )}
          {!isMoving && counts.review === 0 && counts.done > 0 && (
            <Button look="primary" onClick={() => void navigate(stepPath(run.id, "export"))}>
              {say("export")}
            </Button>
          )}
        </span>
      </div>
      <ProgressBar done={total - counts.pending} total={total} label={say("documentsRead")} />
      {run.error && <ErrorNotice error={fromWire(run.error)} />}
      {act.error && <ErrorNotice error={act.error} />}
      {change.error && <ErrorNotice error={change.error} />}
    </section>
  );
}
