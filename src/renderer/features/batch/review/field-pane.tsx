import { Check, ChevronDown, ChevronUp, Undo2 } from "lucide-react";
import { Button } from "../../../components/button.tsx";
import { fileName } from "../../../components/format.ts";
import { IconButton } from "../../../components/icon-button.tsx";
import { ErrorNotice } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { FieldRow } from "./field-row.tsx";
import { messages } from "../messages.ts";
import { ResultState } from "../run/result-state.tsx";
import type { FieldPaneProps } from "./review-props.ts";

/** The fields of a record that are in doubt, or all of them, and what to do with the document. */
export function FieldPane(props: FieldPaneProps) {
  const say = useWords(messages);
  const { record, left, shown, all, accepted, error, busy, onAll, onApprove, onUndo, onNext, onPrevious } = props;
  const canUndo = record.history.some(({ undoneAt }) => undoneAt === undefined);
  return (
    <section
      aria-label={say("fields")}
      className="flex w-80 shrink-0 flex-col border-s border-line max-md:w-full max-md:border-t max-md:border-s-0 xl:w-96"
    >
      <header className="flex items-center gap-1 border-b border-line py-2 pe-2 ps-3">
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-label" title={record.document.path}>
            {fileName(record.document.path)}
          </h2>
          <p className="text-12">
            <ResultState state={record.state} />
          </p>
        </div>
        <IconButton icon={Undo2} label={say("undo")} keys="Z" disabled={!canUndo || busy} onClick={onUndo} />
        <IconButton icon={ChevronUp} label={say("previousDocument")} keys="P" onClick={onPrevious} />
        <IconButton icon={ChevronDown} label={say("nextDocument")} keys="N" onClick={onNext} />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {record.flags.map(({ rule, message }) => (
          <p key={rule + message} className="border-b border-line px-3 py-2 text-danger">
            {message}
          </p>
        ))}
        {record.sampled && <p className="border-b border-line px-3 py-2 text-fg2">{say("drawnQualitySampleLook")}</p>}
        {error !== undefined && error !== null && (
          <div className="p-2">
            <ErrorNotice error={error} />
          </div>
        )}
        <label className="flex h-8 items-center gap-2 border-b border-line px-3 text-fg2">
          <input type="checkbox" className="size-4 accent-accent" checked={all} onChange={(event) => onAll(event.target.checked)} />
          {say("allFields")}
        </label>
        <ul aria-label={all ? say("allFields") : say("fieldsInDoubt")}>
          {shown.map((one) => (
            <FieldRow
              key={one.path}
              {...props}
              {...one}
              editing={props.editing?.path === one.path ? props.editing : undefined}
              active={props.active === one.path}
            />
          ))}
        </ul>
        {shown.length === 0 && <p className="px-3 py-2 text-fg2">{say("noFieldDoubt")}</p>}
      </div>
      <p role="status" className="px-3 text-12 text-fg2">
        {accepted !== undefined && say("acceptedIn", { count: accepted })}
      </p>
      <footer className="flex items-center gap-2 border-t border-line p-2">
        {record.state === "review" ? (
          <Button data-approve look="primary" size="normal" className="flex-1" disabled={busy} onClick={onApprove} title="Shift+Enter">
            <Check aria-hidden size={14} strokeWidth={1.5} />
            {say("approveTheDocument")}
          </Button>
        ) : (
          <Button data-next look="primary" size="normal" className="flex-1" onClick={onNext}>
            {left > 0 ? say("nextDocument") : say("finishTheReview")}
          </Button>
        )}
      </footer>
    </section>
  );
}
