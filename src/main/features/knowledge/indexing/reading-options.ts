import type { ReadOptions } from "../../../../shared/contract/reading.ts";
import type { PagesRead } from "../pages/revision-store.ts";

const languagesOf = ({ languages }: Pick<ReadOptions, "languages">) => languages.join("+");

/** One word for the options that decide what a file's text is. */
export const optionsKey = (options: ReadOptions): string => `${options.ocr}:${languagesOf(options)}`;

/** The record of a reading of a document whose pages can be drawn. */
export function pagesRead(options: ReadOptions, counts: Pick<PagesRead, "recognisable" | "waiting" | "ocrPages">): PagesRead {
  return { mode: options.ocr, languages: languagesOf(options), ...counts };
}

/**
 * Whether a document would have another text if it were read with these options: its pages wait, are to be recognised
 * otherwise, or no longer at all. Where nothing was or would be recognised, options change nothing.
 */
export function isOutdated(reading: PagesRead | undefined, options: ReadOptions): boolean {
  if (!reading) return false;
  const { ocr } = options;
  if (ocr !== "never" && reading.waiting > 0) return true;
  if (ocr !== reading.mode) {
    if (ocr === "always" || reading.mode === "always") return true;
    // What is to be left as it is and never was recognised is as it should be.
    return reading.recognisable > 0 && !(ocr === "never" && reading.ocrPages === 0);
  }
  return ocr !== "never" && reading.languages !== languagesOf(options) && (ocr === "always" || reading.recognisable > 0);
}
