import type { Box } from "../../../shared/contract/define.ts";
import { type Frames, frameAt } from "./page-frames.ts";

/** What the pages were shown by: when it changes, so does the place. */
export type Shown = {
  frames: Frames;
  /** Pixels a point. */
  scale: number;
  /** Which evidence; another object is another one, even at the same place. */
  evidence: object;
  page: number;
  box: Box | undefined;
  /** The page a person asked for. */
  wanted: { page: number } | undefined;
};

export type Sight = { top: number; width: number; height: number };

/** Pixels of the page before that stay in sight above one that was asked for. */
const above = 8;

/**
 * Where to scroll when what is shown becomes something else: to the evidence when that is another or its place became
 * known, to a page that was asked for, and otherwise so that the middle stays in the middle. Undefined: nowhere.
 */
export function scrollGoal(before: Shown | undefined, now: Shown, sight: Sight): { top: number; left?: number } | undefined {
  const { frames, scale, page, box, wanted } = now;
  const isMarkedElsewhere = before?.evidence !== now.evidence || before.page !== page || before.box?.join() !== box?.join();
  if (isMarkedElsewhere) {
    const frame = frames.list.find((one) => one.page === page);
    if (!frame) return undefined;
    if (!box) return { top: frame.top - above };
    const paperLeft = Math.max(0, (Math.max(frames.width, sight.width) - frame.width) / 2);
    // The mark a third from the top: what follows it is read next.
    return {
      top: frame.top + box[1] * scale - sight.height / 3,
      left: paperLeft + ((box[0] + box[2]) / 2) * scale - sight.width / 2,
    };
  }
  if (wanted && wanted !== before.wanted) {
    const frame = frames.list.find((one) => one.page === wanted.page);
    return frame && { top: frame.top - above };
  }
  if (before.frames === frames) return undefined;
  const middle = sight.top + sight.height / 2;
  const index = frameAt(before.frames, middle);
  const [old, fresh] = [before.frames.list[index], frames.list[index]];
  if (!old || !fresh) return undefined;
  return { top: fresh.top + ((middle - old.top) / old.height) * fresh.height - sight.height / 2 };
}
