import type { BatchRun } from "../../../shared/contract/batch.ts";
import { formatNumber } from "../../components/format.ts";
import { useWords } from "../../i18n/use-words.ts";
import { messages } from "./messages.ts";

const views = ["all", "done", "review", "pending", "dead", "numbers"] as const;
export type RunView = (typeof views)[number];

export const toView = (text: string | null): RunView => views.find((view) => view === text) ?? "all";

const words = {
  all: "viewAll",
  done: "viewDone",
  review: "viewReview",
  pending: "viewPending",
  dead: "viewDead",
  numbers: "viewNumbers",
} as const satisfies Record<RunView, string>;

/** The counts of a run; a count opens its list. */
export function ViewSwitch({ run, view, onChange }: { run: BatchRun; view: RunView; onChange(view: RunView): void }) {
  const say = useWords(messages);
  const { counts } = run;
  const all = counts.done + counts.review + counts.pending + counts.dead + run.copies;
  const count = (one: RunView): number | undefined => (one === "numbers" ? undefined : one === "all" ? all : counts[one]);
  return (
    <div role="group" aria-label={say("whatIsShown")} className="flex flex-wrap gap-1 border-b border-line px-3 py-1.5">
      {views.map((one) => {
        const number = count(one);
        return (
          <button
            key={one}
            type="button"
            aria-pressed={view === one}
            disabled={number === 0 && view !== one && one !== "all"}
            onClick={() => onChange(one)}
            className={`h-7 rounded-input px-2 whitespace-nowrap disabled:text-fg3 ${view === one ? "bg-bg3 text-fg" : "text-fg2 enabled:hover:bg-bg3"}`}
          >
            {number !== undefined && <span className="tnum">{formatNumber(number)} </span>}
            {say(words[one])}
          </button>
        );
      })}
    </div>
  );
}
