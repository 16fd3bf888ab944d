import type { Coverage, FileStatus } from "../../../shared/contract/knowledge.ts";
import { formatNumber } from "../../components/format.ts";

const choices: [FileStatus["state"], string][] = [
  ["indexed", "ready"],
  ["pending", "waiting"],
  ["skipped", "skipped"],
  ["failed", "failed"],
];

export type StateFilterProps = {
  totals: Coverage["totals"];
  value: FileStatus["state"] | undefined;
  onChange(value: FileStatus["state"] | undefined): void;
};

/** The counts of the coverage report; a count opens its list. */
export function StateFilter({ totals, value, onChange }: StateFilterProps) {
  return (
    <div role="group" aria-label="Filter by state" className="flex gap-1">
      {choices.map(([state, word]) => (
        <button
          key={state}
          type="button"
          aria-pressed={value === state}
          disabled={totals[state] === 0 && value !== state}
          onClick={() => onChange(value === state ? undefined : state)}
          className={`h-7 rounded-input px-2 whitespace-nowrap disabled:text-fg3 ${value === state ? "bg-bg3 text-fg" : "text-fg2 enabled:hover:bg-bg3"}`}
        >
          <span className="tnum">{formatNumber(totals[state])}</span> {word}
        </button>
      ))}
    </div>
  );
}
