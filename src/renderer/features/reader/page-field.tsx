import { useState } from "react";
import { TextField } from "../../components/field.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { messages } from "./messages.ts";

/** The number of the page that is seen; another number goes there. */
export function PageField({ page, total, onGo }: { page: number; total: number; onGo(page: number): void }) {
  const say = useWords(messages);
  /** What is being typed. */
  const [draft, setDraft] = useState<string>();
  const go = (wanted: number) => {
    setDraft(undefined);
    onGo(Math.min(total, Math.max(1, wanted)));
  };
  const submit = () => {
    const wanted = Number.parseInt(draft ?? "", 10);
    if (Number.isNaN(wanted)) setDraft(undefined);
    else go(wanted);
  };
  return (
    <form
      className="flex items-center gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextField
        label={say("pageField", { total })}
        className="tnum max-w-12 px-1.5 text-end"
        inputMode="numeric"
        maxLength={6}
        value={draft ?? String(page)}
        onChange={(event) => setDraft(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={submit}
        onKeyDown={(event) => {
          const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (by === undefined) return;
          event.preventDefault();
          go(page + by);
        }}
      />
      <span className="tnum whitespace-nowrap text-fg3">/ {total}</span>
    </form>
  );
}
