import type { Box } from "../../../../shared/contract/define.ts";
import type { EngineHost } from "../../../engines/engine.ts";
import type { OcrProtocol, OcrWord } from "../../../engines/ocr/protocol.ts";
import type { ReadersProtocol } from "../../../engines/readers/protocol.ts";
import { defaultLimits } from "../../knowledge/index.ts";
import { tryPasswords } from "../run/try-passwords.ts";

type BoxOnPage = {
  path: string;
  page: number;
  box: Box;
  /** Points; undefined where unknown. */
  size: { width: number; height: number } | undefined;
  languages: readonly string[];
  passwords?: readonly string[];
};
export type RecogniseBox = (place: BoxOnPage, signal: AbortSignal) => Promise<{ text: string; confidence: number } | undefined>;

const POINTS = 72;
/** A box holds a few words: they are worth more pixels than a whole page. */
const DPI = 400;
/** Letters whose edge the box touched are read too. */
const MARGIN_POINTS = 2;
/** Nothing smaller holds a letter that can be read. */
const LEAST_POINTS = 6;

/** Reads what the picture of a page shows inside a box; undefined where there is nothing to be read. @throws FILE_* · ABORTED */
export const createRecogniseBox =
  ({ readers, ocr }: { readers: EngineHost<ReadersProtocol>; ocr: EngineHost<OcrProtocol> }): RecogniseBox =>
  async ({ path, page, box, size, languages, passwords = [] }, signal) => {
    const [x0, y0, x1, y1] = box;
    if (x1 - x0 < LEAST_POINTS || y1 - y0 < LEAST_POINTS) return undefined;
    const control = { signal, priority: "interactive" } as const;
    const input = { path, page, dpi: dpiFor(size), limits: defaultLimits };
    const { image, scale } = await tryPasswords(passwords, (password) => readers.call("raster", { ...input, ...password }, control));
    if (image.length === 0) return undefined;
    const crop: [number, number, number, number] = [
      (x0 - MARGIN_POINTS) * scale,
      (y0 - MARGIN_POINTS) * scale,
      (x1 + MARGIN_POINTS) * scale,
      (y1 + MARGIN_POINTS) * scale,
    ];
    const { words, confidence } = await ocr.call("recognize", { image, languages: [...languages], crop }, control);
    const text = inLines(words);
    return text === "" ? undefined : { text, confidence };
  };

/** As many dots as the page may have. */
function dpiFor(size: BoxOnPage["size"]): number {
  if (!size) return DPI / 2;
  const most = Math.floor(Math.sqrt(defaultLimits.pixels / Math.max(1, size.width * size.height)) * POINTS);
  return Math.max(36, Math.min(DPI, most));
}

const inLines = (words: readonly OcrWord[]): string =>
  words
    .map(({ text }) => text.trim())
    .filter((text) => text !== "")
    .join(" ");
