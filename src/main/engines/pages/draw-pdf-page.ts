import { createCanvas } from "@napi-rs/canvas";
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { AppError } from "../../../shared/errors.ts";
import type { DrawInput, DrawOutput } from "./protocol.ts";

/** The longest side of a canvas. */
const longestSide = 16_000;

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
  const size = page.getViewport({ scale: 1 });
  const scale = Math.min(
    width / size.width,
    Math.sqrt(limits.pixels / (size.width * size.height)),
    longestSide / Math.max(size.width, size.height),
  );
  const viewport = page.getViewport({ scale });
  const canvas = createCanvas(Math.max(1, Math.round(viewport.width)), Math.max(1, Math.round(viewport.height)));
  // @napi-rs/canvas draws like a browser's canvas; pdf.js names the browser's type.
  const task = page.render({ canvas: canvas as unknown as Parameters<typeof page.render>[0]["canvas"], viewport, background: "#ffffff" });
  const cancel = () => task.cancel();
  signal.addEventListener("abort", cancel);
  try {
    await task.promise;
  } finally {
    signal.removeEventListener("abort", cancel);
    page.cleanup();
  }
  signal.throwIfAborted();
  const image = await canvas.encode("jpeg", quality);
  return { image: new Uint8Array(image), width: canvas.width, height: canvas.height };
}
