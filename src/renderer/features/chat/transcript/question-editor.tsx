import { useEffect, useRef, useState } from "react";
import { Button } from "../../../components/button.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";

export type QuestionEditorProps = { text: string; onAsk(text: string): void; onCancel(): void };

/** A question in other words. What was asked and answered before stays, one version back. */
export function QuestionEditor({ text, onAsk, onCancel }: QuestionEditorProps) {
  const say = useWords(messages);
  const [draft, setDraft] = useState(text);
  const field = useRef<HTMLTextAreaElement>(null);
  const wording = draft.trim();
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(text.length, text.length);
  }, [text]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") onCancel();
    else if (event.key === "Enter" && !event.shiftKey && wording) onAsk(wording);
    else if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
  };
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (wording) onAsk(wording);
      }}
    >
      <textarea
        ref={field}
        aria-label={say("questionInOtherWords")}
        maxLength={20_000}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={onKeyDown}
        className="field-sizing-content max-h-72 min-h-8 w-full resize-none rounded-input border border-control bg-bg2 px-2.5 py-1 text-15 focus-visible:outline-offset-0"
      />
      <div className="flex items-center gap-2">
        <Button type="submit" look="primary" disabled={!wording}>
          {say("askTheseWords")}
        </Button>
        <Button look="quiet" onClick={onCancel}>
          {say("cancel")}
        </Button>
        <span className="text-12 text-fg3">{say("formerVersionKept")}</span>
      </div>
    </form>
  );
}
