import { createCanvas } from "@napi-rs/canvas";
import { AppError } from "../../../../shared/errors.ts";
import type { Source } from "../format.ts";
import type { RasterOutput } from "../protocol.ts";
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
    const size = page.getViewport({ scale: 1 });
    const scale = Math.min(
      dpi / 72,
      Math.sqrt(source.limits.pixels / (size.width * size.height)),
      16_000 / Math.max(size.width, size.height),
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
    }
    signal.throwIfAborted();
    return { image: new Uint8Array(await canvas.encode("png")), width: canvas.width, height: canvas.height, scale };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await close();
  }
}
