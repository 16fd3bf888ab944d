import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { IconButton } from "../../components/icon-button.tsx";
import { isTyping } from "../../shell/keys.ts";
import { useReader } from "../../view/reader-store.ts";
import { DocumentText } from "./document-text.tsx";

/** The one reader: whatever points into a document opens here, with its passage marked. Closed while there is nothing to show. */
export function ReaderPanel() {
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

  useEffect(() => {
    if (!isOpen) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "[") step(-1);
      else if (event.key === "]") step(1);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [isOpen, step, close]);

  // A reader belongs to the workspace that opened it.
  useEffect(() => close, [close]);

  if (!shown) return null;
  return (
    <aside
      ref={panel}
      data-region
      tabIndex={-1}
      aria-label="Source reader"
      className="flex w-[min(30rem,45%)] shrink-0 flex-col border-l border-line bg-bg1 max-lg:absolute max-lg:inset-y-0 max-lg:right-0 max-lg:z-30 max-lg:w-[min(30rem,100%)] max-lg:shadow-float"
    >
      <header className="flex min-h-12 items-center gap-1 border-b border-line pr-2 pl-4">
        <div className="min-w-0 flex-1 py-1.5">
          <h2 className="truncate font-title" title={shown.document.path}>
            {shown.document.title}
          </h2>
          <p className="truncate text-12 text-fg3">
            {[shown.page === undefined ? undefined : `Page ${shown.page}`, shown.document.path].filter(Boolean).join(" · ")}
          </p>
        </div>
        {evidence.length > 1 && (
          <>
            <span className="tnum text-fg3">
              {index + 1}/{evidence.length}
            </span>
            <IconButton icon={ChevronUp} label="Previous evidence" keys="[" disabled={index === 0} onClick={() => step(-1)} />
            <IconButton
              icon={ChevronDown}
              label="Next evidence"
              keys="]"
              disabled={index === evidence.length - 1}
              onClick={() => step(1)}
            />
          </>
        )}
        <IconButton icon={X} label="Close the reader" keys="Esc" onClick={close} />
      </header>
      <DocumentText key={`${shown.textHash}:${shown.start}:${shown.end}`} evidence={shown} />
    </aside>
  );
}
