import type { DocumentPage } from "../../../shared/contract/reading.ts";

/** Pixels around and between pages. */
export const paperGap = 12;
/** Pixels of a point at 100 %: 96 of them to the inch, as 72 points. */
export const pixelsPerPoint = 96 / 72;
/** A4, for pages whose size nobody knows. */
const usual = { width: 595, height: 842 };

/** Where a page lies in the column of pages, in pixels. */
export type Frame = { page: number; top: number; width: number; height: number };
export type Frames = { list: Frame[]; height: number; width: number };

const sizeOf = ({ width, height }: Pick<DocumentPage, "width" | "height">) => (width && height ? { width, height } : usual);

/** The scale (pixels a point) at which the widest page fills a width. */
export function fittingScale(pages: readonly DocumentPage[], width: number): number {
  const widest = pages.reduce((most, page) => Math.max(most, sizeOf(page).width), 1);
  return Math.max(0.05, (width - 2 * paperGap) / widest);
}

/** Pages one below the other. */
export function framesOf(pages: readonly DocumentPage[], scale: number): Frames {
  let top = paperGap;
  let widest = 0;
  const list = pages.map((page) => {
    const size = sizeOf(page);
    const frame = { page: page.page, top, width: Math.round(size.width * scale), height: Math.round(size.height * scale) };
    top += frame.height + paperGap;
    widest = Math.max(widest, frame.width);
    return frame;
  });
  return { list, height: top, width: widest + 2 * paperGap };
}

/** Index of the last frame that begins at or above a height; 0 above all of them. */
export function frameAt({ list }: Frames, y: number): number {
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((list[middle]?.top ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The pages that may be asked for now: the one that is looked at alone until its picture is there, then what else is in
 * sight, then their neighbours. Drawn side by side, each would come later.
 */
export function pagesInTurn(
  frames: Frames,
  { top, height }: { top: number; height: number },
  settled: ReadonlySet<number>,
): ReadonlySet<number> {
  const near = framesBetween(frames, top, top + height);
  const looked = frames.list[frameAt(frames, top + height / 3)];
  const inSight = near.filter((frame) => frame.top < top + height && frame.top + frame.height > top);
  const turn = new Set<number>();
  for (const frameGroup of [looked ? [looked] : [], inSight, near]) {
    for (const { page } of frameGroup) turn.add(page);
    if (frameGroup.some(({ page }) => !settled.has(page))) break;
  }
  return turn;
}

/** The frames that a stretch of the column shows, with one page more on either side. */
export function framesBetween(frames: Frames, from: number, to: number): Frame[] {
  return frames.list.slice(Math.max(0, frameAt(frames, from) - 1), frameAt(frames, to) + 2);
}
