import { ArrowUp, Paperclip, Square } from "lucide-react";
import { type ClipboardEvent, useLayoutEffect, useRef } from "react";
import { Button } from "../../../components/button.tsx";
import { IconButton } from "../../../components/icon-button.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { useOverlay } from "../../../view/layout-store.ts";
import { CollectionPicker } from "./collection-picker.tsx";
import { ContextTray } from "./context-tray.tsx";
import { EffortPicker } from "./effort-picker.tsx";
import { messages } from "../messages.ts";
import type { Attach } from "./use-attach.ts";
import type { ChosenCollections } from "./use-chosen-collections.ts";
import { useDraft } from "./use-draft.ts";

export type ComposerProps = {
  threadKey: string;
  /** The message that the question will answer to. */
  end: string | undefined;
  chosen: ChosenCollections;
  attach: Attach;
  running: boolean;
  onSend(question: string): void;
  onStop(): void;
};

/** The place to ask: exactly what will be read stands above the field. The draft survives a crash. */
export function Composer({ threadKey, end, chosen, attach, running, onSend, onStop }: ComposerProps) {
  const say = useWords(messages);
  const [draft, setDraft] = useDraft(threadKey);
  const isReading = attach.reading.length > 0;
  const ready = draft.trim() !== "" && !running && !isReading;

  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    // Whoever opened the palette before the conversation was there goes on typing in it.
    if (useOverlay.getState().open === undefined) field.current?.focus();
  }, []);

  const send = () => {
    if (!ready) return;
    onSend(draft.trim());
    setDraft("");
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    attach.add(files);
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
        <ContextTray threadKey={threadKey} end={end} chosen={chosen} attach={attach} question={draft} running={running} />
        <div className="flex items-end gap-2">
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            aria-label={say("filesToAttach")}
            onChange={(event) => {
              attach.add([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          <IconButton
            icon={Paperclip}
            label={say("attachFiles")}
            className="size-8"
            disabled={isReading}
            onClick={() => picker.current?.click()}
          />
          <textarea
            aria-label={say("yourQuestion")}
            placeholder={say("askAQuestion")}
            rows={1}
            maxLength={20_000}
            value={draft}
            ref={field}
            onPaste={onPaste}
            onChange={(event) => setDraft(event.target.value)}
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
              {say("stop")}
            </Button>
          ) : (
            <Button key="ask" type="submit" look="primary" size="normal" disabled={!ready}>
              <ArrowUp aria-hidden size={14} strokeWidth={1.5} />
              {say("ask")}
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
