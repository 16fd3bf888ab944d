import { AppError, isAbort, toAppError } from "../../../../shared/errors.ts";
import type { Priority } from "../../../engines/engine.ts";
import type { OcrProtocol } from "../../../engines/ocr/protocol.ts";
import type { RasterInput, ReadersProtocol, ReadWarning } from "../../../engines/readers/protocol.ts";
import { ocrDpi, stallMs } from "./limits.ts";
import type { PageText } from "./page.ts";
import { recognisedText } from "./recognised-text.ts";
import type { WatchedCall } from "./watchdog.ts";

export type RecogniseOptions = {
  readers: WatchedCall<ReadersProtocol>;
  ocr: WatchedCall<OcrProtocol>;
  languages: string[];
  signal: AbortSignal;
  priority: Priority;
};

/** Pages drawn and recognised at once: while one is recognised the next is drawn. */
const inFlight = 2;

/**
 * Draws pages and recognises their text. A page that cannot be recognised keeps what text it has, and a warning; only
 * an abort ends the whole.
 */
export async function recognisePages(
  pages: readonly PageText[],
  file: Omit<RasterInput, "page" | "dpi">,
  options: RecogniseOptions,
  onPage: (page: PageText) => void,
): Promise<{ pages: Map<number, PageText>; warnings: ReadWarning[] }> {
  const recognised = new Map<number, PageText>();
  const warnings: ReadWarning[] = [];
  const queue = [...pages];
  async function work(): Promise<void> {
    for (let page = queue.shift(); page; page = queue.shift()) {
      try {
        const found = await recognisePage(page, file, options);
        // Of a stamped scan the recognised text holds the stamp too; a page where it holds less is a picture.
        if (letters(found.text) >= letters(page.text)) recognised.set(page.page, found);
        onPage(found);
      } catch (error) {
        if (options.signal.aborted || isAbort(error)) throw error;
        const { code, message } = toAppError(error);
        warnings.push({ code: "OCR_FAILED", message: `The page could not be recognised (${code}): ${message}`, page: page.page });
      }
    }
  }
  await Promise.all(Array.from({ length: inFlight }, () => work()));
  return { pages: recognised, warnings: warnings.sort((a, b) => (a.page ?? 0) - (b.page ?? 0)) };
}

async function recognisePage(
  page: PageText,
  file: Omit<RasterInput, "page" | "dpi">,
  { readers, ocr, languages, signal, priority }: RecogniseOptions,
): Promise<PageText> {
  const what = `Page ${page.page}`;
  const raster = await readers("raster", { ...file, page: page.page, dpi: ocrDpi }, { signal, priority, stallMs: stallMs.raster, what });
  if (raster.image.length === 0) throw new AppError("FILE_DAMAGED", "The page could not be drawn.");
  const { words, confidence } = await ocr(
    "recognize",
    { image: raster.image, languages },
    { signal, priority, stallMs: stallMs.recognize, what },
  );
  return {
    page: page.page,
    width: page.width ?? raster.width / raster.scale,
    height: page.height ?? raster.height / raster.scale,
    source: "ocr",
    confidence,
    ...recognisedText(words, raster.scale),
  };
}

const letters = (text: string) => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
