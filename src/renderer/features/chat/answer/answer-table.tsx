import { CopyButton } from "../../../components/copy-button.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { type TableCells, toTsv } from "./answer-marks.ts";
import { Inline } from "./inline-text.tsx";
import { messages } from "../messages.ts";

/** A table of an answer; it scrolls sideways by itself, and is copied as spreadsheets take it. */
export function AnswerTable({ cells }: { cells: TableCells }) {
  const say = useWords(messages);
  const { head, rows, right } = cells;
  const align = (column: number) => (right[column] ? "text-end tabular-nums" : "text-start");
  return (
    <div className="group relative">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a part that scrolls must be reachable by keyboard */}
      <div role="region" aria-label={say("table")} tabIndex={0} className="overflow-x-auto rounded-panel border border-line">
        <table className="w-full border-collapse text-13">
          <thead className="bg-bg1">
            <tr>
              {head.map((cell, column) => (
                <th key={`${column}-${cell}`} scope="col" className={`border-b border-line px-3 py-1.5 font-label ${align(column)}`}>
                  <Inline text={cell} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={`${index}-${row.join("|")}`} className="border-b border-line last:border-0">
                {row.map((cell, column) => (
                  <td key={`${column}-${cell}`} className={`px-3 py-1.5 align-top ${align(column)}`}>
                    <Inline text={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="mt-1 -ms-1.5 flex h-7 items-center text-12 text-fg3">
        <CopyButton label={say("copyTableSpreadsheet")} text={() => toTsv(cells)} />
      </div>
    </div>
  );
}
