import { TriangleAlert } from "lucide-react";
import type { FieldValue } from "../../../../shared/contract/batch.ts";
import { Button } from "../../../components/button.tsx";
import { TextField } from "../../../components/field.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { ProvenanceMark } from "./provenance-mark.tsx";
import type { FieldPaneProps } from "./review-props.ts";
import { pathTitle, provenanceOf, showValue } from "../values.ts";

export type FieldRowProps = Omit<FieldPaneProps, "active"> & { path: string; value: FieldValue; active: boolean };

/** One value: what was read, why it is in doubt, the other readings, and what can be done. The row itself takes the focus and the keys. */
export function FieldRow({
  path,
  value,
  active,
  editing,
  busy,
  onActive,
  onEdit,
  onType,
  onStopEditing,
  onChange,
  onDraw,
  onAcceptEqual,
}: FieldRowProps) {
  const say = useWords(messages);
  const title = pathTitle(path);
  const provenance = provenanceOf(value);
  const act = (run: () => void) => () => (onActive(path), run());
  return (
    <li className="border-b border-line">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the focus makes it the field at hand */}
      <div
        data-field={path}
        role="group"
        aria-label={`${title}: ${showValue(value.value)}`}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- Tab goes from field to field, its keys do what its buttons do
        tabIndex={0}
        onFocus={() => onActive(path)}
        className={`px-3 py-2 focus-visible:outline-offset-[-2px] ${active ? "bg-bg3" : ""}`}
      >
        <div className="flex items-baseline gap-2">
          <span className="label min-w-0 flex-1 truncate text-fg2">{title}</span>
          <span className="tnum text-12 text-fg3" title={say("howSureEvidence")}>
            {value.value === null ? "" : value.sure.toFixed(2)}
          </span>
        </div>
        {editing ? (
          <form
            className="mt-1 flex gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              const text = editing.text.trim();
              onChange({
                action: "correct",
                field: path,
                value: text === "" ? null : text,
                ...(editing.place ? { place: editing.place } : {}),
              });
            }}
          >
            <TextField
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- it was asked for by a key
              autoFocus
              label={say("valueOf", { title })}
              placeholder={say("nothingDocumentDoes")}
              value={editing.text}
              onFocus={(event) => event.target.select()}
              onChange={(event) => onType({ ...editing, text: event.target.value })}
              onKeyDown={(event) => event.key === "Escape" && (event.stopPropagation(), onStopEditing())}
            />
            <Button type="submit" look="primary" disabled={busy}>
              {say("save")}
            </Button>
          </form>
        ) : (
          <p className="flex items-center gap-2">
            <ProvenanceMark of={provenance} />
            <span className={`min-w-0 break-words text-14 ${value.value === null ? "text-fg3" : ""}`}>
              {value.value === null ? say("notDocument") : showValue(value.value)}
            </span>
          </p>
        )}
        {value.flags.map(({ rule, message }) => (
          <p key={rule + message} className="mt-0.5 flex items-start gap-1.5 text-12 text-danger">
            <TriangleAlert aria-hidden size={14} strokeWidth={1.5} className="mt-px shrink-0" />
            {message}
          </p>
        ))}
        {value.alternatives && value.alternatives.length > 0 && (
          <ul aria-label={say("otherReadingsOf", { title })} className="mt-1">
            {value.alternatives.slice(0, 9).map((alternative, index) => (
              <li key={index}>
                <button
                  type="button"
                  tabIndex={-1}
                  disabled={busy}
                  onClick={act(() => onChange({ action: "choose", field: path, alternative: index }))}
                  className="flex min-h-7 w-full items-center gap-2 rounded-input px-1 text-start hover:bg-bg2"
                >
                  <kbd className="text-11 text-fg3">{index + 1}</kbd>
                  <ProvenanceMark of={provenanceOf(alternative)} />
                  <span className="min-w-0 flex-1 truncate">{showValue(alternative.value)}</span>
                  <span className="text-12 text-fg3">
                    {alternative.page === undefined ? "" : say("pagePlace", { page: alternative.page })}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
        {active && !editing && (
          <div className="mt-1.5 flex flex-wrap gap-1">
            <KeyButton keys="Enter" word={say("accept")} disabled={busy} onClick={() => onChange({ action: "accept", field: path })} />
            <KeyButton keys="E" word={say("edit")} onClick={() => onEdit(path)} />
            <KeyButton keys="B" word={say("box")} onClick={onDraw} />
            {value.flags.length > 0 ? (
              <KeyButton keys="A" word={say("acceptEqual")} onClick={() => onAcceptEqual(path, value)} />
            ) : (
              <KeyButton
                keys="F"
                word={say("flag")}
                onClick={() => onChange({ action: "flag", field: path, message: say("flaggedByPerson") })}
              />
            )}
          </div>
        )}
      </div>
    </li>
  );
}

function KeyButton({ keys, word, disabled, onClick }: { keys: string; word: string; disabled?: boolean; onClick(): void }) {
  return (
    <Button tabIndex={-1} disabled={disabled} onClick={onClick} className="px-2">
      {word} <kbd className="text-11 text-fg3">{keys}</kbd>
    </Button>
  );
}
