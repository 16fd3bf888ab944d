import type { Box } from "../../../../shared/contract/define.ts";

export type PageSize = { width: number; height: number };

/** A box drawn over a page, as parts of its width and height; a little larger than its words. Points in, percent out. */
export function boxStyle([x0, y0, x1, y1]: Box, { width, height }: PageSize, spare = 1.5) {
  const percent = (part: number, whole: number) => `${(part / whole) * 100}%`;
  return {
    left: percent(x0 - spare, width),
    top: percent(y0 - spare, height),
    width: percent(x1 - x0 + 2 * spare, width),
    height: percent(y1 - y0 + 2 * spare, height),
  };
}

/** Points that one press of an arrow key moves. */
const stepPoints = 4;
const leastPoints = 4;

/** The box after an arrow key: moved, or with Shift made larger and smaller. It stays on the page. */
export function nudgeBox([x0, y0, x1, y1]: Box, key: string, resize: boolean, { width, height }: PageSize): Box {
  const dx = { ArrowLeft: -stepPoints, ArrowRight: stepPoints }[key] ?? 0;
  const dy = { ArrowUp: -stepPoints, ArrowDown: stepPoints }[key] ?? 0;
  if (resize) return [x0, y0, Math.min(width, Math.max(x0 + leastPoints, x1 + dx)), Math.min(height, Math.max(y0 + leastPoints, y1 + dy))];
  const moveX = Math.min(width - x1, Math.max(-x0, dx));
  const moveY = Math.min(height - y1, Math.max(-y0, dy));
  return [x0 + moveX, y0 + moveY, x1 + moveX, y1 + moveY];
}

/** The box between two points of a page, in whichever order they were set. */
export const boxBetween = (a: readonly [number, number], b: readonly [number, number]): Box => [
  Math.min(a[0], b[0]),
  Math.min(a[1], b[1]),
  Math.max(a[0], b[0]),
  Math.max(a[1], b[1]),
];

/** Where a box begins for a value that has no place: the middle of the page. */
export const middleBox = ({ width, height }: PageSize): Box => [width * 0.4, height * 0.48, width * 0.6, height * 0.52];
