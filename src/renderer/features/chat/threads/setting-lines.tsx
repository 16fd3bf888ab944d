import { useId, useState } from "react";
import { TextField } from "../../../components/field.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";

export type NumberLineProps = {
  title: string;
  note?: string;
  /** What holds where nothing is set. */
  placeholder: string;
  value: number | undefined;
  min: number;
  max: number;
  step: number;
  onChange(value: number | undefined): void;
};

/** A number that may be left to the settings: empty means so. It is kept when the field is left or Enter is pressed. */
export function NumberLine({ title, note, placeholder, value, min, max, step, onChange }: NumberLineProps) {
  const say = useWords(messages);
  const [text, setText] = useDraftOf(String(value ?? ""));
  const id = useId();
  const number = Number(text);
  const isValid =
    text.trim() === "" || (Number.isFinite(number) && number >= min && number <= max && (step < 1 || Number.isInteger(number)));
  const keep = () => {
    const next = text.trim() === "" ? undefined : number;
    if (isValid && next !== value) onChange(next);
  };
  return (
    <div className="flex flex-col gap-1">
      <span className="label text-fg2">{title}</span>
      <TextField
        label={title}
        inputMode="decimal"
        placeholder={placeholder}
        value={text}
        aria-invalid={!isValid}
        aria-describedby={id}
        className="tnum"
        onChange={(event) => setText(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === "Enter") keep();
        }}
      />
      <span id={id} className={`text-12 ${isValid ? "text-fg3" : "text-danger"}`}>
        {isValid ? note : say("fromNotKept", { min, max })}
      </span>
    </div>
  );
}

export type TextLineProps = { title: string; placeholder: string; value: string | undefined; onChange(value: string | undefined): void };

/** A longer text that may be left to the settings; kept when the field is left. */
export function TextLine({ title, placeholder, value, onChange }: TextLineProps) {
  const [text, setText] = useDraftOf(value ?? "");
  return (
    <label className="flex flex-col gap-1">
      <span className="label text-fg2">{title}</span>
      <textarea
        aria-label={title}
        rows={4}
        maxLength={20_000}
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => text.trim() !== (value ?? "") && onChange(text.trim() || undefined)}
        className="field-sizing-content max-h-72 min-h-24 w-full resize-none rounded-input border border-control bg-bg2 px-2 py-1 text-13 placeholder:text-fg3 focus-visible:outline-offset-0"
      />
    </label>
  );
}

/** What is being typed over a value; another value, from elsewhere, takes its place. */
function useDraftOf(value: string): [string, (text: string) => void] {
  const [draft, setDraft] = useState({ of: value, text: value });
  if (draft.of !== value) setDraft({ of: value, text: value });
  return [draft.of === value ? draft.text : value, (text) => setDraft({ of: value, text })];
}
