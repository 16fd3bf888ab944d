import { useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { DocumentLayout, PageMark } from "../../../shared/contract/reading.ts";
import { useWords } from "../../i18n/use-words.ts";
import { type Evidence, useReader, type Zoom } from "../../view/reader-store.ts";
import { messages } from "./messages.ts";
import { fittingScale, frameAt, framesBetween, framesOf, pagesInTurn, pixelsPerPoint } from "./page-frames.ts";
import { scrollGoal, type Shown, type Sight } from "./page-scroll.ts";
import { PageSheet } from "./page-sheet.tsx";

export type PageViewProps = {
  layout: DocumentLayout;
  evidence: Evidence;
  /** Undefined until core has said where the evidence stands. */
  marks: PageMark[] | undefined;
  zoom: Zoom;
  /** The page a person asked for; each asking is another object. */
  wanted: { page: number } | undefined;
  /** The page that is seen. */
  onPage(page: number): void;
};

const none: PageMark["boxes"] = [];
const noPages: ReadonlySet<number> = new Set();

/** The pages of a document in one column; only those in sight exist. Opens with the evidence in view. */
export function PageView({ layout, evidence, marks, zoom, wanted, onPage }: PageViewProps) {
  const say = useWords(messages);
  const { pages, documentId } = layout;
  const scroller = useRef<HTMLDivElement>(null);
  const before = useRef<Shown>(undefined);
  /** Known at once, while the state follows by an event; and not what the browser makes of it when the paper shrinks. */
  const top = useRef(0);
  const [sight, setSight] = useState<Sight>({ top: 0, width: 0, height: 0 });
  /** Before it was scrolled to its evidence, the first pages would be asked for in vain. */
  const [isPlaced, setPlaced] = useState(false);
  const [settled, setSettled] = useState(noPages);
  const onSettled = useCallback((page: number) => setSettled((last) => (last.has(page) ? last : new Set(last).add(page))), []);
  const scale = zoom === "fit" ? fittingScale(pages, sight.width) : zoom * pixelsPerPoint;
  const frames = useMemo(() => framesOf(pages, scale), [pages, scale]);
  const known = sight.width > 0;
  const mark = marks?.find(({ boxes }) => boxes.length > 0);
  const page = mark?.page ?? evidence.page ?? 1;
  const box = mark?.boxes[0];

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => setSight({ top: element.scrollTop, width: element.clientWidth, height: element.clientHeight });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    look();
    return () => sizes.disconnect();
  }, []);

  useLayoutEffect(() => {
    if (!known) return;
    const now = { frames, scale, evidence, page, box, wanted };
    const goal = scrollGoal(before.current, now, { ...sight, top: top.current });
    before.current = now;
    // oxlint-disable-next-line react/set-state-in-effect -- the paper must lie there before it can be scrolled
    setPlaced(true);
    if (!goal || !scroller.current) return;
    scroller.current.scrollTo({ ...goal, behavior: "instant" });
    const { scrollTop } = scroller.current;
    top.current = scrollTop;
    // Its event would tell of it a frame later.
    setSight((last) => (last.top === scrollTop ? last : { ...last, top: scrollTop }));
  }, [known, frames, scale, evidence, page, box, wanted, sight]);

  const seen = frames.list[frameAt(frames, sight.top + sight.height / 3)]?.page ?? 1;
  useLayoutEffect(() => {
    if (known) onPage(seen);
  }, [known, seen, onPage]);
  useLayoutEffect(() => {
    if (known) useReader.getState().noteShown(scale / pixelsPerPoint);
  }, [known, scale]);

  const turn = pagesInTurn(frames, sight, settled);
  const width = Math.max(frames.width, sight.width);
  return (
    <div
      ref={scroller}
      role="region"
      aria-label={say("pagesDocument")}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a part that scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop } }) => {
        top.current = scrollTop;
        setSight((last) => ({ ...last, top: scrollTop }));
      }}
      className="min-h-0 flex-1 overflow-auto [scrollbar-gutter:stable] bg-bg3 focus-visible:outline-offset-[-2px]"
    >
      {/* Without transitions, even the shortest: its height must be there when it is scrolled to. */}
      <div
        className="relative transition-none"
        style={{ height: frames.height, width: frames.width > sight.width ? frames.width : undefined }}
      >
        {known &&
          isPlaced &&
          framesBetween(frames, sight.top, sight.top + sight.height).map((frame) => (
            <PageSheet
              key={frame.page}
              documentId={documentId}
              frame={frame}
              total={pages.length}
              left={Math.round((width - frame.width) / 2)}
              scale={scale}
              boxes={marks?.find((one) => one.page === frame.page)?.boxes ?? none}
              evidence={evidence}
              isItsTurn={turn.has(frame.page)}
              onSettled={onSettled}
            />
          ))}
      </div>
    </div>
  );
}
