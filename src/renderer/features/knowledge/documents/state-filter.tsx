import type { Coverage } from "../../../../shared/contract/knowledge.ts";
import { formatNumber } from "../../../components/format.ts";
import { useWords } from "../../../i18n/use-words.ts";

import type { FileStateFilter } from "./filter-files.ts";
import { messages } from "../messages.ts";

const choices = [
  ["indexed", "ready"],
  ["pending", "waiting"],
  ["skipped", "skipped"],
  ["failed", "failed"],
  ["waiting", "withPages"],
  ["unavailable", "away"],
] as const satisfies [FileStateFilter, string][];

export type StateFilterProps = {
  coverage: Pick<Coverage, "totals" | "files">;
  value: FileStateFilter | undefined;
  onChange(value: FileStateFilter | undefined): void;
};

/** The counts of the coverage report; a count opens its list. */
export function StateFilter({ coverage: { totals, files }, value, onChange }: StateFilterProps) {
  const say = useWords(messages);
  const counts: Record<FileStateFilter, number> = {
    ...totals,
    waiting: files.filter(({ waitingPages }) => waitingPages).length,
    unavailable: files.filter(({ unavailable }) => unavailable).length,
  };
  // Rare states are named where they are; the four of every collection always.
  const isShown = (state: FileStateFilter) => state in totals || counts[state] > 0 || value === state;
  return (
    <div role="group" aria-label={say("filterByState")} className="flex flex-wrap gap-1">
      {choices
        .filter(([state]) => isShown(state))
        .map(([state, word]) => (
          <button
            key={state}
            type="button"
            aria-pressed={value === state}
            disabled={counts[state] === 0 && value !== state}
            onClick={() => onChange(value === state ? undefined : state)}
            className={`h-7 rounded-input px-2 whitespace-nowrap disabled:text-fg3 ${value === state ? "bg-bg3 text-fg" : "text-fg2 enabled:hover:bg-bg3"}`}
          >
            <span className="tnum">{formatNumber(counts[state])}</span> {say(word)}
          </button>
        ))}
    </div>
  );
}
