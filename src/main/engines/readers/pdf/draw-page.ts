import { type Canvas, createCanvas } from "@napi-rs/canvas";
import type { PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";

/** The longest side of a canvas, in pixels. */
const longestSide = 16_000;

/**
 * Draws a page on white at a scale (1 is 72 dots an inch), or at a smaller one where the page would have more than
 * `pixels` or a side that no canvas has. @throws ABORTED
 */
export async function drawPage(
  page: PDFPageProxy,
  { scale: wanted, pixels }: { scale: number; pixels: number },
  signal: AbortSignal,
): Promise<{ canvas: Canvas; scale: number }> {
  const size = page.getViewport({ scale: 1 });
  const scale = Math.min(wanted, Math.sqrt(pixels / (size.width * size.height)), longestSide / Math.max(size.width, size.height));
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
  }
  signal.throwIfAborted();
  return { canvas, scale };
}
