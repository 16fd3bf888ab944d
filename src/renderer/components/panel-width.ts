/** How narrow and how wide a panel may be made, in pixels. */
export type Bounds = { min: number; max: number };

export const listBounds: Bounds = { min: 180, max: 420 };
export const inspectorBounds: Bounds = { min: 280, max: 860 };

/** One press of an arrow key; with Shift as much as four. Pixels. */
const stepPx = 16;

export const within = (width: number, { min, max }: Bounds): number => Math.round(Math.min(max, Math.max(min, width)));

/**
 * The width that a key gives a panel. An arrow moves the edge the way it points, so that the panel before the edge grows
 * by the one that shrinks the panel behind it; `outward` is 1 where the panel grows to the right, -1 to the left.
 * Undefined for a key that does nothing, `"default"` for the one that forgets what was chosen.
 */
export function widthByKey(key: string, shift: boolean, width: number, bounds: Bounds, outward: 1 | -1): number | "default" | undefined {
  const step = (shift ? 4 : 1) * stepPx * outward;
  if (key === "ArrowRight") return within(width + step, bounds);
  if (key === "ArrowLeft") return within(width - step, bounds);
  if (key === "Home") return bounds.min;
  if (key === "End") return bounds.max;
  return key === "Enter" ? "default" : undefined;
}
