import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Box } from "../../../shared/contract/define.ts";
import { isAbort } from "../../../shared/errors.ts";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { type Evidence, useReader } from "../../view/reader-store.ts";
import { messages } from "./messages.ts";
import type { Frame } from "./page-frames.ts";
import { imageWidth, pageImage } from "./page-image.ts";
import { PageText } from "./page-text.tsx";

export type PageSheetProps = {
  documentId: string;
  frame: Frame;
  total: number;
  left: number;
  /** Pixels a point. */
  scale: number;
  boxes: readonly Box[];
  /** Of the revision whose words lie on the page. */
  evidence: Evidence;
  /** What is nearer to the eye is there: it may be asked for. */
  isItsTurn: boolean;
  /** Its picture is there, or will never be. */
  onSettled(page: number): void;
};

/** One page as it looks: its picture, the marks on it, and its words, which can be chosen and read aloud. */
export function PageSheet({ documentId, frame, total, left, scale, boxes, evidence, isItsTurn, onSettled }: PageSheetProps) {
  const say = useWords(messages);
  const { page, top, width, height } = frame;
  const { textHash } = evidence;
  const { orpc } = useCroft();
  const image = useQuery({
    ...pageImage(documentId, textHash, page, imageWidth(width, window.devicePixelRatio)),
    enabled: isItsTurn,
  });
  const words = useQuery({ ...orpc.reading.words.queryOptions({ input: { textHash, page } }), enabled: isItsTurn });
  const picture = usePicture(image.data);
  const setView = useReader((reader) => reader.setView);
  const [drawn, setDrawn] = useState(false);
  const isSettled = image.data !== undefined || image.error !== null;
  useEffect(() => {
    if (isSettled) onSettled(page);
  }, [isSettled, page, onSettled]);
  return (
    <section
      aria-label={say("pageOfTotal", { page, total })}
      aria-busy={!drawn && !image.error}
      data-page={page}
      data-drawn={drawn}
      // A page is paper in every theme; the tokens on it are those of the light one.
      className="absolute isolate transition-none scheme-light overflow-hidden rounded-[2px] bg-[#fff] text-fg outline outline-line"
      style={{ top, left, width, height }}
    >
      <img ref={picture} alt="" draggable={false} onLoad={() => setDrawn(true)} className="absolute inset-0 size-full" />
      {(image.error ? [] : boxes).map((box) => (
        <div
          key={box.join()}
          data-mark
          aria-hidden
          className="absolute rounded-[2px] bg-source-fill outline-2 outline-source mix-blend-multiply"
          style={markStyle(box, scale)}
        />
      ))}
      {words.data && <PageText words={words.data} scale={scale} mark={evidence} />}
      {image.error && !isAbort(image.error) && (
        // Where the mark would be, since that is what is in sight.
        <div className="absolute inset-x-3" style={{ top: Math.max(12, (boxes[0]?.[1] ?? 0) * scale) }}>
          <ErrorNotice error={image.error} onRetry={() => void image.refetch()}>
            <Button className="mt-2" onClick={() => setView("text")}>
              {say("showTheText")}
            </Button>
          </ErrorNotice>
        </div>
      )}
    </section>
  );
}

/** A mark is a little larger than its words, so that its edge runs through none of them. */
const spare = 1.5;

function markStyle([x0, y0, x1, y1]: Box, scale: number) {
  return {
    left: (x0 - spare) * scale,
    top: (y0 - spare) * scale,
    width: (x1 - x0 + 2 * spare) * scale,
    height: (y1 - y0 + 2 * spare) * scale,
  };
}

/** Shows bytes in an `img`; their address is given back when they are no longer shown. */
function usePicture(blob: Blob | undefined) {
  const picture = useRef<HTMLImageElement>(null);
  useEffect(() => {
    if (!blob || !picture.current) return;
    const address = URL.createObjectURL(blob);
    picture.current.src = address;
    return () => URL.revokeObjectURL(address);
  }, [blob]);
  return picture;
}
