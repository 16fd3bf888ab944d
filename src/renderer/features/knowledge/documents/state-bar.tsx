import type { Coverage } from "../../../../shared/contract/knowledge.ts";
import { formatNumber } from "../../../components/format.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";

const parts = [
  ["indexed", "ready", "bg-accent"],
  ["pending", "waiting", "bg-fg3"],
  ["skipped", "skipped", "bg-control"],
  ["failed", "failed", "bg-danger"],
] as const;

/** The states of all files as one stacked bar, with its numbers as text. */
export function StateBar({ totals }: { totals: Coverage["totals"] }) {
  const say = useWords(messages);
  const all = Math.max(
    1,
    parts.reduce((sum, [state]) => sum + totals[state], 0),
  );
  return (
    <div className="mt-2">
      <div aria-hidden className="flex h-2 gap-px overflow-hidden rounded-input bg-bg3">
        {parts.map(
          ([state, , tone]) =>
            totals[state] > 0 && <div key={state} className={tone} style={{ width: `${(totals[state] / all) * 100}%` }} />,
        )}
      </div>
      <ul aria-label={say("filesByState")} className="mt-1 flex flex-wrap gap-x-4 text-12 text-fg2">
        {parts.map(([state, word, tone]) => (
          <li key={state} className="flex items-center gap-1.5">
            <span aria-hidden className={`size-2 rounded-input ${tone}`} />
            <span className="tnum">{formatNumber(totals[state])}</span> {say(word)}
          </li>
        ))}
      </ul>
    </div>
  );
}
