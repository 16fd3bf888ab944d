import { AppError } from "../../../../shared/errors.ts";
import type { Source } from "../format.ts";
import type { RasterOutput } from "../protocol.ts";
import { drawPage } from "./draw-page.ts";
import { openPdf } from "./library.ts";

/** Draws a page at the wanted density, or a lower one where the pixel limit demands it. */
export async function rasterPage(
  source: Source,
  { page: number, dpi, signal }: { page: number; dpi: number; signal: AbortSignal },
): Promise<RasterOutput> {
  const { document, close } = await openPdf(source);
  try {
    if (number < 1 || number > document.numPages) throw new AppError("INVALID_INPUT", `The document has ${document.numPages} pages.`);
    const page = await document.getPage(number);
    // A PDF counts in points, 72 to the inch.
    const { canvas, scale } = await drawPage(page, { scale: dpi / 72, pixels: source.limits.pixels }, signal);
    return { image: new Uint8Array(await canvas.encode("png")), width: canvas.width, height: canvas.height, scale };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await close();
  }
}
