import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createCanvas, GlobalFonts } from "@napi-rs/canvas";

type Box = [number, number, number, number];
export type TruePage = { png: Buffer; width: number; height: number; lines: string[]; words: { text: string; box: Box; line: number }[] };

const pdfjs = dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json"));
const family = "Croft Test Sans";

/** A page of text drawn with a font that comes with a dependency, and where each of its words really stands. */
export function drawPage(lines: string[], { fontPixels = 40, width = 1_200, height = 900 } = {}): TruePage {
  if (!GlobalFonts.has(family)) GlobalFonts.registerFromPath(join(pdfjs, "standard_fonts/LiberationSans-Regular.ttf"), family);
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.fillStyle = "black";
  context.font = `${fontPixels}px "${family}"`;
  const left = 2 * fontPixels;
  const words = lines.flatMap((text, line) => {
    const baseline = (line + 2) * 1.6 * fontPixels;
    context.fillText(text, left, baseline);
    return [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => {
      const from = left + context.measureText(text.slice(0, index)).width;
      const to = from + context.measureText(word).width;
      return { text: word, line, box: [from, baseline - 0.75 * fontPixels, to, baseline] satisfies Box };
    });
  });
  return { png: canvas.toBuffer("image/png"), width, height, lines, words };
}

/** Where a box lies after the page was turned clockwise by a multiple of 90 degrees. */
export function turnBox([left, top, right, bottom]: Box, degrees: number, { width, height }: { width: number; height: number }): Box {
  switch (degrees) {
    case 90:
      return [height - bottom, left, height - top, right];
    case 180:
      return [width - right, height - bottom, width - left, height - top];
    case 270:
      return [top, width - right, bottom, width - left];
    default:
      return [left, top, right, bottom];
  }
}
