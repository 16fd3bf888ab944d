import { messages as common } from "../../../components/messages.ts";
import { passagePlace } from "../../../components/passage-row.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { useReader } from "../../../view/reader-store.ts";
import { passageEvidence } from "../../reader/evidence.ts";
import { messages } from "../messages.ts";
import { type LegName, moved, type RankedPassage } from "./playground-columns.ts";

export type PlaygroundColumnProps = {
  leg: LegName;
  title: string;
  note: string;
  empty: string;
  rows: readonly RankedPassage[];
  /** The passage that is pointed at, marked in every column. */
  marked: string | undefined;
  onMark(id: string | undefined): void;
};

/** One ranking. A passage that is pointed at or focused is marked in all columns; a click opens it in the reader. */
export function PlaygroundColumn({ leg, title, note, empty, rows, marked, onMark }: PlaygroundColumnProps) {
  const say = useWords(messages);
  const sayPlace = useWords(common);
  const open = useReader((reader) => reader.open);
  const evidence = rows.map(({ passage }) => passageEvidence(passage));
  const best = Math.max(...rows.map(({ score }) => score), Number.MIN_VALUE);
  return (
    <section aria-label={title} className="min-w-0 border-e border-line last:border-e-0">
      <header className="sticky top-0 z-10 flex h-8 items-center gap-2 border-b border-line bg-bg0 px-3">
        <h2 className="label">{title}</h2>
        <p className="tnum truncate text-fg3">{note}</p>
      </header>
      {rows.length === 0 ? (
        <p className="p-3 text-fg2">{empty}</p>
      ) : (
        <ol>
          {rows.map((row, index) => {
            const { passage, rank, score } = row;
            const { id } = passage.chunk;
            const by = moved(row, leg);
            return (
              <li key={id}>
                <button
                  type="button"
                  onClick={() => open(evidence, index)}
                  onPointerEnter={() => onMark(id)}
                  onPointerLeave={() => onMark(undefined)}
                  onFocus={() => onMark(id)}
                  onBlur={() => onMark(undefined)}
                  className={`block w-full border-b border-line px-3 py-1.5 text-start focus-visible:outline-offset-[-2px] ${marked === id ? "bg-bg3" : ""}`}
                >
                  <span className="flex items-baseline gap-2">
                    <span className="tnum w-5 shrink-0 text-end text-source">{rank}</span>
                    <span className="min-w-0 flex-1 truncate text-12 text-fg2">{passagePlace(passage, sayPlace)}</span>
                    <span className="tnum shrink-0 text-fg2">{score.toFixed(3)}</span>
                  </span>
                  <span className="flex h-4 items-center gap-2 ps-7">
                    <span aria-hidden className="h-0.5 flex-1 bg-bg3">
                      <span className="block h-full bg-accent" style={{ width: `${Math.max(0, Math.min(1, score / best)) * 100}%` }} />
                    </span>
                    {by !== undefined && by !== 0 && (
                      <span className="tnum shrink-0 text-fg3" title={say("placesAgainstFused")}>
                        {by > 0 ? `▲ ${by}` : `▼ ${-by}`}
                      </span>
                    )}
                  </span>
                  <span className="line-clamp-2 ps-7 text-12">{passage.text}</span>
                </button>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
