import type { ReadLimits } from "../../../engines/readers/protocol.ts";

/** What one file may cost. `pixels` are those of a drawn page: A4 at 300 dpi has 8.7 million. */
export const defaultLimits: ReadLimits = {
  bytes: 512 * 1024 * 1024,
  pages: 10_000,
  pixels: 24_000_000,
  timeMs: 15 * 60_000,
  memoryBytes: 1024 * 1024 * 1024,
  textUnits: 50_000_000,
};

/** A reader that has computed so long without finishing a page is given up; and one page's recognition likewise. */
export const stallMs = { read: 24_000, raster: 24_000, recognize: 120_000 };

/** Dots per inch at which pages are recognised: below 200 accuracy falls, above 300 only time grows. */
export const ocrDpi = 300;
