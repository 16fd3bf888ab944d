import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import type { PdfImage, PdfText } from "./make-pdf.ts";

/** A temporary folder for files made by a test; `close` removes it. */
export function fixtureFolder() {
  const folder = mkdtempSync(join(tmpdir(), "croft-fixtures-"));
  return {
    folder,
    /** Writes a file and gives its path. */
    file(name: string, content: string | Uint8Array): string {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Lines of text below each other, as a paragraph is set. */
export function setLines(
  lines: readonly string[],
  { x, y, size = 11, leading = size * 1.25, bold = false }: { x: number; y: number; size?: number; leading?: number; bold?: boolean },
): PdfText[] {
  return lines.map((text, index) => ({ x, y: y + index * leading, text, size, bold }));
}

/** A picture of words, black on white, and its pixels' size. */
export async function pictureOf(
  lines: readonly string[],
  { width = 1240, height = 600, size = 48 }: { width?: number; height?: number; size?: number } = {},
) {
  const text = lines
    .map(
      (line, index) =>
        `<text x="60" y="${100 + index * size * 1.5}" font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="${size}">${line}</text>`,
    )
    .join("");
  const svg = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fff"/>${text}</svg>`,
  );
  return {
    png: new Uint8Array(await sharp(svg).png().toBuffer()),
    jpeg: new Uint8Array(await sharp(svg).jpeg({ quality: 85 }).toBuffer()),
    width,
    height,
  };
}

/** A scan of words that fills a page of this size. */
export async function scanOf(
  lines: readonly string[],
  page: { width: number; height: number } = { width: 595, height: 842 },
): Promise<PdfImage> {
  const { jpeg, width, height } = await pictureOf(lines, { width: 1240, height: Math.round((1240 * page.height) / page.width) });
  return { jpeg, width, height, x: 0, y: 0, w: page.width, h: page.height };
}
