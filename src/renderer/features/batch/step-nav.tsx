import { ChevronRight } from "lucide-react";
import { NavLink } from "react-router";
import type { BatchRun } from "../../../shared/contract/batch.ts";
import { formatNumber } from "../../components/format.ts";
import { useWords } from "../../i18n/use-words.ts";
import { messages } from "./messages.ts";
import { needsRun, stepPath, steps } from "./steps.ts";

/** The five steps of a run. Each can be entered again at any time; those that need a run say so. */
export function StepNav({ run }: { run: BatchRun | undefined }) {
  const say = useWords(messages);
  return (
    <nav aria-label={say("steps")} className="border-b border-line px-4">
      <ol className="flex h-10 items-center gap-1 overflow-x-auto">
        {steps.map((id, index) => (
          <li key={id} className="flex items-center gap-1">
            {index > 0 && <ChevronRight aria-hidden size={14} strokeWidth={1.5} className="text-fg3" />}
            {needsRun(id) && !run ? (
              <span aria-disabled className="px-2 text-fg3" title={say("afterRunWas")}>
                {say(`step.${id}`)}
              </span>
            ) : (
              <NavLink
                to={stepPath(run?.id ?? "new", id)}
                className={({ isActive }) =>
                  `flex h-7 items-center gap-1.5 rounded-input px-2 ${isActive ? "label bg-bg3 text-fg" : "text-fg2 hover:bg-bg3"}`
                }
              >
                {say(`step.${id}`)}
                {id === "review" && run && run.counts.review > 0 && (
                  <span className="tnum text-fg3">{formatNumber(run.counts.review)}</span>
                )}
              </NavLink>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
