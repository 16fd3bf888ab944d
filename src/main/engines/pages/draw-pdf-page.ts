import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { AppError } from "../../../shared/errors.ts";
import { drawPage } from "../readers/pdf/draw-page.ts";
import type { DrawInput, DrawOutput } from "./protocol.ts";

/**
 * Of the JPEG. A page is shown a little smaller than it is drawn, and there nobody can tell it from a PNG (63 dB for a page
 * of text, 46 dB for a scan). Measured at 1,400 pixels: a PNG takes 2 to 7 times as long and is 2.5 times as large for a
 * grey photograph, as large for text, smaller for black and white; WebP is half as large and takes 4 to 16 times as long.
 */
const quality = 95;

/** Draws a page as wide as asked for. The canvas encodes it itself: to load another library costs more than the page. */
export async function drawPdfPage(
  document: PDFDocumentProxy,
  { page: number, width, limits }: DrawInput,
  signal: AbortSignal,
): Promise<DrawOutput> {
  if (number < 1 || number > document.numPages)
    throw new AppError("INVALID_INPUT", `The document has ${document.numPages} pages, and no page ${number}.`);
  signal.throwIfAborted();
  const page = await document.getPage(number);
  try {
    const scale = width / page.getViewport({ scale: 1 }).width;
    const { canvas } = await drawPage(page, { scale, pixels: limits.pixels }, signal);
    const image = await canvas.encode("jpeg", quality);
    return { image: new Uint8Array(image), width: canvas.width, height: canvas.height };
  } finally {
    page.cleanup();
  }
}
