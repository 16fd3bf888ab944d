import type { OcrWord } from "./protocol.ts";

/** Level of a row that holds one word in Tesseract's TSV; columns: level page block paragraph line word left top width height confidence text. */
const wordLevel = "5";

/**
 * The words of Tesseract's TSV in reading order, with lines and blocks numbered from 0 and boxes in the coordinates of
 * the image that Tesseract saw. Rows that are no words, or hold nothing but white space, are left out.
 */
export function parseTsv(tsv: string): OcrWord[] {
  const words: OcrWord[] = [];
  let line = -1;
  let block = -1;
  let lineKey = "";
  let blockKey = "";
  for (const row of tsv.split("\n")) {
    const cells = row.split("\t");
    const [level, page, blockNumber, paragraph, lineNumber] = cells;
    const text = cells.slice(11).join("\t").trim();
    if (level !== wordLevel || text === "") continue;
    const [left = 0, top = 0, width = 0, height = 0, confidence = 0] = cells.slice(6, 11).map(Number);
    const thisBlock = `${page} ${blockNumber}`;
    const thisLine = `${thisBlock} ${paragraph} ${lineNumber}`;
    if (thisBlock !== blockKey) block += 1;
    if (thisLine !== lineKey) line += 1;
    blockKey = thisBlock;
    lineKey = thisLine;
    words.push({ text, box: [left, top, left + width, top + height], confidence: Math.min(1, Math.max(0, confidence / 100)), line, block });
  }
  return words;
}

/** Mean confidence of words, each weighed by its length; 0 without words. */
export function meanConfidence(words: OcrWord[]): number {
  const units = words.reduce((sum, word) => sum + word.text.length, 0);
  return units === 0 ? 0 : words.reduce((sum, word) => sum + word.confidence * word.text.length, 0) / units;
}

/** Words of fewer letters are about as high as wide. */
const longWord = 4;

/** Whether the lines run up or down the image: most long words are higher than wide. Tesseract reads such lines too. */
export function runsSideways(words: OcrWord[]): boolean {
  const long = words.filter(({ text }) => text.length >= longWord);
  return 2 * long.filter(({ box: [left, top, right, bottom] }) => bottom - top > right - left).length > long.length;
}
