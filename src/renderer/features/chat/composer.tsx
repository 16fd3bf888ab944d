import { ArrowUp, Square } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "../../components/button.tsx";
import { useChatView } from "../../view/chat-store.ts";
import { CollectionPicker } from "./collection-picker.tsx";
import { EffortPicker } from "./effort-picker.tsx";
import type { ChosenCollections } from "./use-chosen-collections.ts";

export type ComposerProps = {
  threadKey: string;
  chosen: ChosenCollections;
  running: boolean;
  onSend(question: string): void;
  onStop(): void;
};

/** The place to ask: exactly what will be read stands above the field. The draft survives a crash. */
export function Composer({ threadKey, chosen, running, onSend, onStop }: ComposerProps) {
  const draft = useChatView(({ drafts }) => drafts[threadKey] ?? "");
  const setDraft = useChatView((view) => view.setDraft);
  const ready = draft.trim() !== "" && !running;

  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);

  const send = () => {
    if (!ready) return;
    onSend(draft.trim());
    setDraft(threadKey, "");
  };
  return (
    <form
      className="shrink-0 border-t border-line bg-bg1 px-6 py-3"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="mx-auto max-w-[76ch]">
        <div className="mb-2 flex flex-wrap items-center gap-2">
          <CollectionPicker chosen={chosen} />
          <EffortPicker value={chosen.effort} onChange={chosen.chooseEffort} />
        </div>
        <div className="flex items-end gap-2">
          <textarea
            aria-label="Your question"
            placeholder="Ask a question"
            rows={1}
            maxLength={20_000}
            value={draft}
            ref={field}
            onChange={(event) => setDraft(threadKey, event.target.value)}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return;
              if (event.key === "Enter" && !event.shiftKey) send();
              else if (event.key === "ArrowUp" && draft === "") pressLast('[data-message] [data-key="e"]');
              else if (event.key === "Escape" && !running) focusLast("[data-message]");
              else return;
              event.preventDefault();
            }}
            className="field-sizing-content max-h-48 min-h-8 flex-1 resize-none rounded-input border border-control bg-bg2 px-2.5 py-1 text-15 placeholder:text-fg3 focus-visible:outline-offset-0"
          />
          {running ? (
            <Button key="stop" size="normal" onClick={onStop}>
              <Square aria-hidden size={14} strokeWidth={1.5} />
              Stop
            </Button>
          ) : (
            <Button key="ask" type="submit" look="primary" size="normal" disabled={!ready}>
              <ArrowUp aria-hidden size={14} strokeWidth={1.5} />
              Ask
            </Button>
          )}
        </div>
      </div>
    </form>
  );
}

const last = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)].at(-1);
const pressLast = (selector: string) => last(selector)?.click();
const focusLast = (selector: string) => last(selector)?.focus();
