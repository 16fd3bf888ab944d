import type { Glyph, PageContent } from "./page-content.ts";

/** The page is looked at through a grid of so many cells a side. */
const grid = 64;

/**
 * Whether ink of a page is not covered by decodable text: a picture of a page, text drawn as outlines, a font whose
 * codes mean nothing, a scan with a few stamped words.
 */
export function needsOcr(content: PageContent): boolean {
  const seen = content.glyphs.filter((glyph) => !glyph.space && !glyph.hidden);
  const readable = seen.filter((glyph) => !glyph.unreadable && glyph.text !== "");
  if (seen.length >= 5 && readable.length < seen.length * 0.7) return true;
  if (readable.length >= 60 && !isPlausible(readable)) return true;
  const pictured = coverage(content);
  if (readable.length === 0) return pictured > 0.002 || content.paths.length >= 20;
  return pictured > 0.5 && readable.length < 300;
}

/** Share of the page that images cover and text does not. */
function coverage({ width, height, images, glyphs }: PageContent): number {
  if (images.length === 0 || width <= 0 || height <= 0) return 0;
  const cells = new Uint8Array(grid * grid);
  const mark = ([x0, y0, x1, y1]: readonly [number, number, number, number], value: number) => {
    const right = Math.min(grid - 1, Math.ceil((x1 / width) * grid) - 1);
    const bottom = Math.min(grid - 1, Math.ceil((y1 / height) * grid) - 1);
    for (let y = Math.max(0, Math.floor((y0 / height) * grid)); y <= bottom; y += 1) {
      for (let x = Math.max(0, Math.floor((x0 / width) * grid)); x <= right; x += 1) cells[y * grid + x] = value;
    }
  };
  for (const box of images) mark(box, 1);
  for (const glyph of glyphs) if (!glyph.hidden && !glyph.space) mark(glyph.box, 0);
  return cells.reduce((sum, cell) => sum + cell, 0) / cells.length;
}

/**
 * Latin text without vowels, or with hardly a letter, comes from a font whose codes were shifted or renumbered. Other
 * scripts are taken at their word, and so are tables of numbers.
 */
function isPlausible(glyphs: readonly Glyph[]): boolean {
  const text = glyphs.map((glyph) => glyph.text).join("");
  const usual = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  if (usual < text.length * 0.45) return false;
  const latin = text.match(/[a-z]/gi)?.length ?? 0;
  if (latin < 60 || latin < usual * 0.5) return true;
  const vowels = text.match(/[aeiouy]/gi)?.length ?? 0;
  return vowels > latin * 0.18;
}
