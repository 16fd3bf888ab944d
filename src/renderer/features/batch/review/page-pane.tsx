import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, Maximize2, ZoomIn, ZoomOut } from "lucide-react";
import { useState } from "react";
import type { BatchRecord } from "../../../../shared/contract/batch.ts";
import type { Box } from "../../../../shared/contract/define.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { IconButton } from "../../../components/icon-button.tsx";
import { ErrorNotice } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { isSingleKey } from "../../../shell/keys.ts";
import { useWindowKeys } from "../../../shell/use-window-keys.ts";
import { EvidenceText } from "./evidence-text.tsx";
import { messages } from "../messages.ts";
import { PagePaper } from "./page-paper.tsx";
import type { PathValue } from "../values.ts";

export type PagePaneProps = {
  id: string;
  record: BatchRecord;
  values: readonly PathValue[];
  active: string | undefined;
  drawing: boolean;
  onDrawn(place: { page: number; box: Box }): void;
  onStop(): void;
};

const zooms = [0.5, 0.75, 1, 1.5, 2, 3];
/** Dots an inch that are enough for a page as wide as its pane, and for one that is enlarged. */
const [fitDpi, closeDpi] = [130, 220];

const zoomed =
  (step: 1 | -1) =>
  (now: number): number =>
    zooms[zooms.indexOf(now) + step] ?? now;

/** The page that the value at hand was read from, with its place marked; its text where no picture can be drawn. */
export function PagePane({ id, record, values, active, drawing, onDrawn, onStop }: PagePaneProps) {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const [zoom, setZoom] = useState(1);
  const pages = record.pageSizes.map(({ page }) => page);
  const value = values.find(({ path }) => path === active)?.value;
  const [page, setPage] = useState(value?.page ?? pages[0] ?? 1);
  const [followed, setFollowed] = useState(active);
  // Another value leads to its page; turning pages by hand does not lead back.
  if (followed !== active) {
    setFollowed(active);
    if (value?.page !== undefined) setPage(value.page);
  }
  const { data, error, refetch } = useQuery({
    ...orpc.batch.page.queryOptions({ input: { id, page, dpi: zoom > 1 ? closeDpi : fitDpi } }),
    placeholderData: keepPreviousData,
    // What a page looks like does not change with what is decided about it.
    staleTime: "static",
  });
  const at = pages.indexOf(page);
  const turn = (step: 1 | -1) => setPage(pages[at + step] ?? page);
  const zoomBy = (step: 1 | -1) => setZoom(zoomed(step));

  useWindowKeys((event) => {
    if (!isSingleKey(event)) return false;
    if (event.key === "+" || event.key === "=") setZoom(zoomed(1));
    else if (event.key === "-") setZoom(zoomed(-1));
    else if (event.key === "0") setZoom(1);
    else return false;
    return true;
  });

  return (
    <section aria-label={say("pageField")} className="flex min-h-0 min-w-0 flex-1 flex-col bg-bg1">
      <div role="toolbar" aria-label={say("pageField")} className="flex h-10 shrink-0 items-center gap-1 border-b border-line px-2">
        <IconButton icon={ChevronLeft} label={say("previousPage")} disabled={at <= 0} onClick={() => turn(-1)} />
        <span className="tnum text-fg2">{say("pageOf", { page, pages: pages.at(-1) ?? page })}</span>
        <IconButton icon={ChevronRight} label={say("nextPage")} disabled={at < 0 || at >= pages.length - 1} onClick={() => turn(1)} />
        <span className="ms-auto flex items-center gap-1">
          <IconButton icon={ZoomOut} label={say("smaller")} keys="-" disabled={zoom === zooms[0]} onClick={() => zoomBy(-1)} />
          <span className="tnum w-11 text-center text-fg2">{Math.round(zoom * 100)} %</span>
          <IconButton icon={ZoomIn} label={say("larger")} keys="+" disabled={zoom === zooms.at(-1)} onClick={() => zoomBy(1)} />
          <IconButton icon={Maximize2} label={say("asWideAs")} keys="0" onClick={() => setZoom(1)} />
        </span>
      </div>
      {drawing && (
        <p role="status" className="border-b border-line px-3 py-1.5">
          {say("drawBoxAroundValue")}
        </p>
      )}
      {error ? (
        <div className="p-4">
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        </div>
      ) : !data ? (
        <div role="status" aria-label={say("drawingThePage")} className="m-4 flex-1 rounded-panel bg-bg2" />
      ) : data.image === undefined && !drawing ? (
        <EvidenceText text={data.text} offset={record.pageSizes.find((one) => one.page === data.page)?.start ?? 0} value={value} />
      ) : (
        <PagePaper
          page={data}
          values={values}
          active={active}
          zoom={zoom}
          drawing={drawing}
          onDrawn={(box) => onDrawn({ page, box })}
          onStop={onStop}
        />
      )}
    </section>
  );
}
