import { anchorsOf } from "../learn/anchors.ts";
import type { Sources } from "./candidates.ts";
import type { Cell } from "./document-view.ts";
import type { Slice } from "../learn/anchors.ts";

/** Words that are so clearly a label are one, whatever field they belong to. */
const CLEARLY = 0.7;
/** More words than these are a sentence. */
const MOST_WORDS = 7;

/** Whether a few words lead to a place, of which no recipe's label is one: it means something, and nobody knows what. */
export function isUnexplained(token: Slice, { view, labels }: Pick<Sources, "view" | "labels">): boolean {
  const { before, above } = anchorsOf(view, token);
  const words = before === "" ? above : before;
  if (words === "" || words.split(" ").length > MOST_WORDS) return false;
  return !labels.some(
    ({ cell, end, exactness }) =>
      exactness > CLEARLY &&
      (cell.line === token.cell.line
        ? cell === token.cell
          ? end <= token.start
          : cell.x1 <= token.cell.x0
        : before === "" && isRightAbove(cell, token.cell)),
  );
}

/** A heading stands at most so many lines above what it names. */
const LINES_ABOVE = 2;

const isRightAbove = (heading: Cell, cell: Cell): boolean =>
  heading.page === cell.page &&
  heading.line < cell.line &&
  cell.line - heading.line <= LINES_ABOVE &&
  Math.min(heading.x1, cell.x1) > Math.max(heading.x0, cell.x0);
