import { useEffect, useRef, useState } from "react";
import { TextField } from "../../../components/field.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";

/** A title being changed: Enter or leaving the field keeps it, Esc does not. */
export function ThreadTitleField({ title, onDone }: { title: string; onDone(title: string | undefined): void }) {
  const say = useWords(messages);
  const [draft, setDraft] = useState(title);
  const holder = useRef<HTMLFormElement>(null);
  const over = useRef(false);
  useEffect(() => holder.current?.querySelector("input")?.select(), []);

  /** Leaving the page takes the focus away too; the first end counts. */
  const end = (next: string | undefined) => {
    if (over.current) return;
    over.current = true;
    const named = next?.trim();
    onDone(named && named !== title ? named : undefined);
  };
  return (
    <form
      ref={holder}
      className="min-w-0 flex-1"
      onSubmit={(event) => {
        event.preventDefault();
        end(draft);
      }}
    >
      <TextField
        label={say("nameConversation")}
        maxLength={200}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => end(draft)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          end(undefined);
        }}
      />
    </form>
  );
}
