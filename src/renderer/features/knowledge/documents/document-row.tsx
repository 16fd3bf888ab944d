import { formatNumber } from "../../../components/format.ts";
import { StateWord } from "../../../components/state-word.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import type { FileRow } from "./sort-files.ts";

export const columns =
  "grid grid-cols-[7rem_minmax(8rem,2fr)_4rem_5rem_6rem_5.5rem_minmax(9rem,3fr)] items-center gap-3 px-4 min-w-[48rem]";

export type DocumentRowProps = { row: FileRow; index: number; top: number; active: boolean; onChoose(): void; onOpen(): void };

/** One file. A click chooses it, a double click or Enter opens what was read of it. */
export function DocumentRow({ row: { file, name, depth }, index, top, active, onChoose, onOpen }: DocumentRowProps) {
  const say = useWords(messages);
  const number = (value: number | undefined) => (value === undefined ? "" : formatNumber(value));
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid around it holds the focus and the keys
    <div
      role="row"
      id={`file-${index}`}
      aria-rowindex={index + 2}
      aria-selected={active}
      tabIndex={-1}
      onClick={onChoose}
      onDoubleClick={onOpen}
      style={{ transform: `translateY(${top}px)` }}
      className={`${columns} absolute top-0 end-0 start-0 h-8 ${active ? "bg-bg3" : "hover:bg-bg1"}`}
    >
      <span role="gridcell">
        <StateWord state={file.unavailable ? "unavailable" : file.state} />
      </span>
      <span role="gridcell" className="truncate" title={file.path} style={depth > 0 ? { paddingLeft: `${depth}rem` } : undefined}>
        {depth > 0 && (
          <span className="text-fg3">
            <span aria-hidden>└ </span>
            <span className="sr-only">{say("attached")}</span>
          </span>
        )}
        {name}
      </span>
      <span role="gridcell" className="tnum text-fg2">
        {number(file.pages)}
      </span>
      <span role="gridcell" className="tnum text-fg2">
        {number(file.chunks)}
      </span>
      <span role="gridcell" className="tnum text-fg2">
        {file.waitingPages
          ? say("ocrOf", { done: number(file.ocrPages ?? 0), total: number((file.ocrPages ?? 0) + file.waitingPages) })
          : number(file.ocrPages)}
      </span>
      <span role="gridcell" className="truncate text-fg2">
        {file.language}
      </span>
      <span
        role="gridcell"
        className="truncate text-fg2"
        title={file.reason?.hint ? `${file.reason.message} ${file.reason.hint}` : file.reason?.message}
      >
        {file.reason?.message}
      </span>
    </div>
  );
}
