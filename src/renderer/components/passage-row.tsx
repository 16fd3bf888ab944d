import type { Passage } from "../../shared/contract/search.ts";
import { useWords } from "../i18n/use-words.ts";
import { messages, type Say } from "./messages.ts";

/** Where a passage stands, in one line. */
export function passagePlace({ document, chunk }: Pick<Passage, "document" | "chunk">, say: Say): string {
  return [document.title, chunk.page === undefined ? undefined : say("page", { page: chunk.page }), chunk.heading]
    .filter(Boolean)
    .join(" · ");
}

/** A found passage; a click opens it in the reader. `lines` bounds how much of its text is shown. */
export function PassageRow({ passage, lines, onOpen }: { passage: Passage; lines: 1 | 3; onOpen(): void }) {
  const say = useWords(messages);
  return (
    <button type="button" onClick={onOpen} className="flex w-full gap-3 rounded-input px-2 py-1.5 text-start hover:bg-bg3">
      <span className="tnum w-5 shrink-0 pt-px text-end text-source">{passage.rank}</span>
      <span className="min-w-0 flex-1">
        <span className="block truncate text-12 text-fg2">{passagePlace(passage, say)}</span>
        <span dir="auto" className={`block overflow-hidden text-fg ${lines === 1 ? "truncate" : "line-clamp-3"}`}>
          {passage.text}
        </span>
      </span>
    </button>
  );
}
