import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { IconButton } from "../../components/icon-button.tsx";
import { PanelEdge } from "../../components/panel-edge.tsx";
import { inspectorBounds } from "../../components/panel-width.ts";
import { usePanelWidth } from "../../components/use-panel-width.ts";
import { useWords } from "../../i18n/use-words.ts";
import { isTyping } from "../../shell/keys.ts";
import { type Evidence, useReader } from "../../view/reader-store.ts";
import { DocumentView } from "./document-view.tsx";
import { messages, type Say } from "./messages.ts";
import { pressInside, useReaderKeys } from "./use-reader-keys.ts";

/** The one reader: whatever points into a document opens here, with its passage marked. Closed while there is nothing to show. */
export function ReaderPanel() {
  const say = useWords(messages);
  const { evidence, index, step, close } = useReader();
  const shown = evidence[index];
  const panel = useRef<HTMLElement>(null);
  const opener = useRef<Element | null>(null);
  const isOpen = shown !== undefined;

  // The keyboard follows the evidence into the reader, and goes back to where it came from.
  useEffect(() => {
    if (!isOpen) return;
    opener.current = document.activeElement;
    panel.current?.focus();
    return () => {
      if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus();
    };
  }, [isOpen]);

  const width = usePanelWidth("inspector");
  useReaderKeys(isOpen);

  // A reader belongs to the workspace that opened it.
  useEffect(() => close, [close]);

  if (!shown) return null;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- every key has a button in the toolbar
    <aside
      ref={panel}
      data-region
      tabIndex={-1}
      aria-label={say("sourceReader")}
      onKeyDown={(event) => {
        if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
        if (pressInside(event.key)) event.preventDefault();
      }}
      style={{ width: width.chosen }}
      className="relative flex w-[min(34rem,45%)] max-w-[60%] shrink-0 flex-col border-s border-line bg-bg1 max-lg:absolute max-lg:inset-y-0 max-lg:end-0 max-lg:z-30 max-lg:w-[min(34rem,100%)] max-lg:max-w-full max-lg:shadow-float"
    >
      <PanelEdge panel={say("sourceReader")} side="start" bounds={inspectorBounds} width={width} />
      <header className="flex min-h-12 items-center gap-1 border-b border-line pe-2 ps-4">
        <div className="min-w-0 flex-1 py-1.5">
          <h2 className="truncate font-title" title={shown.document.path}>
            {shown.document.title}
          </h2>
          <p className="truncate text-12 text-fg3">
            {[shown.page === undefined ? undefined : say("page", { page: shown.page }), shown.document.path].filter(Boolean).join(" · ")}
          </p>
        </div>
        {evidence.length > 1 && (
          <>
            <span className="tnum text-fg3">
              {index + 1}/{evidence.length}
            </span>
            <IconButton icon={ChevronUp} label={say("previousEvidence")} keys="[" disabled={index === 0} onClick={() => step(-1)} />
            <IconButton
              icon={ChevronDown}
              label={say("nextEvidence")}
              keys="]"
              disabled={index === evidence.length - 1}
              onClick={() => step(1)}
            />
          </>
        )}
        <IconButton icon={X} label={say("closeTheReader")} keys="Esc" onClick={close} />
      </header>
      <p role="status" className="sr-only">
        {announcement(shown, index, evidence.length, say)}
      </p>
      <DocumentView key={shown.document.id} evidence={shown} />
    </aside>
  );
}

/** What somebody hears who does not see the mark. */
function announcement({ document, page, quote }: Evidence, index: number, total: number, say: Say): string {
  if (!quote) return say("isOpen", { title: document.title });
  return [
    say("evidenceOf", { number: index + 1, total }),
    page === undefined ? undefined : say("pageSaid", { page }),
    say("marked", { quote: quote.slice(0, 400) }),
  ]
    .filter(Boolean)
    .join(", ");
}
