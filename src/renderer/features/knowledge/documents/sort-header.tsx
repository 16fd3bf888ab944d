import { ArrowDown, ArrowUp } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useWords } from "../../../i18n/use-words.ts";
import { columns } from "./document-row.tsx";
import { messages } from "../messages.ts";
import type { FileSort, SortKey } from "./sort-files.ts";

const headers = [
  ["state", "columnState"],
  ["name", "columnName"],
  ["pages", "columnPages"],
  ["chunks", "passages"],
  ["ocrPages", "columnRecognised"],
  ["language", "columnLanguage"],
  [undefined, "columnReason"],
] as const satisfies [SortKey | undefined, string][];

/** The table's head: a press sorts by a column, a second one the other way, a third as the files lie. Left and right go along it. */
export function SortHeader({ sort, onSort }: { sort: FileSort; onSort(sort: FileSort): void }) {
  const say = useWords(messages);
  const press = (by: SortKey) =>
    onSort(sort.by !== by ? { by, down: false } : sort.down ? { by: "path", down: false } : { by, down: true });
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    const buttons = [...event.currentTarget.querySelectorAll("button")];
    const at = buttons.findIndex((button) => button === document.activeElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
    event.preventDefault();
  };
  const isStop = (by: SortKey) => by === (sort.by === "path" ? "state" : sort.by);
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- its buttons take the focus
    <div
      role="row"
      aria-rowindex={1}
      onKeyDown={onKeyDown}
      className={`${columns} label sticky top-0 z-10 h-7 border-b border-line bg-bg0 text-fg3`}
    >
      {headers.map(([by, title]) => {
        const sorted = by !== undefined && by === sort.by;
        const Arrow = sort.down ? ArrowDown : ArrowUp;
        return (
          <span
            key={title}
            role="columnheader"
            aria-sort={sorted ? (sort.down ? "descending" : "ascending") : undefined}
            className="min-w-0"
          >
            {by === undefined ? (
              say(title)
            ) : (
              <button
                type="button"
                tabIndex={isStop(by) ? 0 : -1}
                onClick={() => press(by)}
                className={`-mx-1 flex h-6 max-w-full items-center gap-1 rounded-input px-1 hover:bg-bg3 hover:text-fg focus-visible:outline-offset-[-2px] ${sorted ? "text-fg" : ""}`}
              >
                <span className="truncate">{say(title)}</span>
                {sorted && <Arrow aria-hidden size={12} strokeWidth={1.5} className="shrink-0" />}
              </button>
            )}
          </span>
        );
      })}
    </div>
  );
}
