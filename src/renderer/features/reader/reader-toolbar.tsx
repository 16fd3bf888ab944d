import { BookOpen, Download, FolderOpen, Minus, MoveHorizontal, Plus, SeparatorHorizontal, Text } from "lucide-react";
import type { DocumentLayout } from "../../../shared/contract/reading.ts";
import { desktopHost } from "../../api/host.ts";
import { CopyButton } from "../../components/copy-button.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { type Evidence, useReader } from "../../view/reader-store.ts";
import { PageField } from "./page-field.tsx";
import { originalAddress } from "./page-image.ts";
import { citedText } from "./cited-text.ts";
import { messages } from "./messages.ts";

export type ReaderToolbarProps = {
  layout: DocumentLayout;
  evidence: Evidence;
  /** Pages are shown as they look. */
  asPages: boolean;
  page: number;
  onGo(page: number): void;
  onShowInFolder(): void;
};

const pressed = "aria-pressed:bg-bg3 aria-pressed:text-fg";

/** What can be done with the document that is open. */
export function ReaderToolbar({ layout, evidence, asPages, page, onGo, onShowInFolder }: ReaderToolbarProps) {
  const say = useWords(messages);
  const { zoom, shown, chunks, setView, setZoom, zoomBy, setChunks } = useReader();
  const canShowPages = layout.drawable && layout.original === "present";
  const hasFile = layout.original === "present" || layout.original === "changed";
  return (
    <div role="toolbar" aria-label={say("reading")} className="flex min-h-9 flex-wrap items-center gap-x-0.5 border-b border-line px-2">
      {canShowPages && (
        <>
          <IconButton
            icon={BookOpen}
            label={say("showThePage")}
            keys="T"
            aria-pressed={asPages}
            className={pressed}
            onClick={() => setView("page")}
          />
          <IconButton
            icon={Text}
            label={say("showTheText")}
            keys="T"
            aria-pressed={!asPages}
            className={pressed}
            onClick={() => setView("text")}
          />
          <Rule />
        </>
      )}
      {layout.pages.length > 0 && <PageField page={page} total={layout.pages.length} onGo={onGo} />}
      {asPages && (
        <>
          <Rule />
          <IconButton icon={Minus} label={say("smaller")} keys="-" onClick={() => zoomBy(-1)} />
          <span className="tnum w-[5ch] text-center text-fg3">{Math.round(shown * 100)}%</span>
          <IconButton icon={Plus} label={say("larger")} keys="+" onClick={() => zoomBy(1)} />
          <IconButton
            icon={MoveHorizontal}
            label={say("asWideAs")}
            keys="0"
            aria-pressed={zoom === "fit"}
            className={pressed}
            onClick={() => setZoom("fit")}
          />
        </>
      )}
      {!asPages && (
        <IconButton
          icon={SeparatorHorizontal}
          label={say("showWherePieces")}
          aria-pressed={chunks}
          className={pressed}
          onClick={() => setChunks(!chunks)}
        />
      )}
      <span className="flex-1" />
      {evidence.quote && <CopyButton label={say("copyQuoteWith")} text={() => citedText(evidence)} />}
      {hasFile && desktopHost() && <IconButton icon={FolderOpen} label={say("showFileIts")} onClick={onShowInFolder} />}
      {layout.original === "present" && !desktopHost() && (
        <IconButton icon={Download} label={say("saveCopyFile")} onClick={() => save(originalAddress(layout.documentId))} />
      )}
    </div>
  );
}

const Rule = () => <span aria-hidden className="mx-1 h-4 border-s border-line" />;

/** Lets the browser save what lies at an address of our own; the server says that it is to be saved, not shown. */
function save(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}
