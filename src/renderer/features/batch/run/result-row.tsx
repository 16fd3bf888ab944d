import { TriangleAlert } from "lucide-react";
import type { BatchResult, FieldResult } from "../../../../shared/contract/batch.ts";
import { fileName } from "../../../components/format.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { ProvenanceMark } from "../review/provenance-mark.tsx";
import { ResultState } from "./result-state.tsx";
import { eachValue, isValue, provenanceOf, showField } from "../values.ts";

export type ResultRowProps = {
  result: BatchResult | undefined;
  names: readonly string[];
  /** Columns of the grid. */
  template: string;
  index: number;
  top: number;
  active: boolean;
  onChoose(): void;
  onOpen(): void;
};

/** One document. A click chooses it, a double click or Enter opens it beside its page. */
export function ResultRow({ result, names, template, index, top, active, onChoose, onOpen }: ResultRowProps) {
  const say = useWords(messages);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid around it holds the focus and the keys
    <div
      role="row"
      id={`result-${index}`}
      aria-rowindex={index + 2}
      aria-selected={active}
      aria-busy={result === undefined}
      tabIndex={-1}
      onClick={onChoose}
      onDoubleClick={onOpen}
      style={{ transform: `translateY(${top}px)`, gridTemplateColumns: template }}
      className={`absolute top-0 right-0 left-0 grid h-8 items-center gap-3 px-4 ${active ? "bg-bg3" : "hover:bg-bg1"}`}
    >
      {result && (
        <>
          <span role="gridcell">
            <ResultState state={result.state} />
          </span>
          <span
            role="gridcell"
            className="truncate"
            title={result.document.duplicateOf ? say("sameContentAs", { duplicateOf: result.document.duplicateOf }) : result.document.path}
          >
            {fileName(result.document.path)}
            {result.document.part !== undefined && <span className="text-fg3"> {say("part", { part: result.document.part + 1 })}</span>}
            {result.document.duplicateOf && <span className="text-fg3"> {say("copy")}</span>}
          </span>
          {result.reason ? (
            <span role="gridcell" className="truncate text-fg2" style={{ gridColumn: "3 / -1" }}>
              {result.reason.message}
            </span>
          ) : (
            names.map((name) => <ValueCell key={name} name={name} field={result.fields[name]} />)
          )}
        </>
      )}
    </div>
  );
}

function ValueCell({ name, field }: { name: string; field: FieldResult | undefined }) {
  const say = useWords(messages);
  if (field === undefined) return <span role="gridcell" aria-label={say("notReadState")} />;
  const flags = eachValue({ [name]: field }).flatMap(({ value }) => value.flags);
  const isNumber = isValue(field) && typeof field.value === "number";
  return (
    <span role="gridcell" className="flex min-w-0 items-center gap-1.5" title={flags.map(({ message }) => message).join("\n") || undefined}>
      {isValue(field) && <ProvenanceMark of={provenanceOf(field)} />}
      <span className={`truncate ${isNumber ? "tnum" : ""} ${isValue(field) && field.value === null ? "text-fg3" : ""}`}>
        {showField(field)}
      </span>
      {flags.length > 0 && (
        <>
          <TriangleAlert aria-hidden size={14} strokeWidth={1.5} className="shrink-0 text-danger" />
          <span className="sr-only">{say("flagged")}</span>
        </>
      )}
    </span>
  );
}
