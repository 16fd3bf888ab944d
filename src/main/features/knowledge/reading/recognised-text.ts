import type { Block } from "../../../engines/inference/protocol.ts";
import type { OcrWord } from "../../../engines/ocr/protocol.ts";
import { normaliseText } from "../../../engines/readers/text/normalise-text.ts";
import type { Geometry } from "./geometry.ts";

type Line = { words: OcrWord[]; block: number; from: number; to: number; height: number };

/**
 * Recognised words as text: lines of a block run on, unless a line ends although the next word had room; words that
 * were parted at a line's end are joined. `scale` is pixels per point; boxes come back in points.
 */
export function recognisedText(words: readonly OcrWord[], scale: number): { text: string; blocks: Block[]; geometry: Geometry } {
  const lines = linesOf(words);
  const blocks: Block[] = [];
  const placed: { start: number; end: number; word: OcrWord }[] = [];
  let text = "";
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    const next = lines[index + 1];
    if (before?.block !== line.block) {
      if (text !== "") text = `${text.trimEnd()}\n\n`;
      blocks.push({ kind: "paragraph", start: text.length, end: text.length });
    }
    const goesOn = next?.block === line.block && !endsOnPurpose(line, next, lines);
    for (const [at, word] of line.words.entries()) {
      const isLast = at === line.words.length - 1;
      const parted = isLast && goesOn && /\p{L}{2,}[-\u2010]$/u.test(word.text) && /^\p{Ll}/u.test(next?.words[0]?.text ?? "");
      const written = parted ? word.text.slice(0, -1) : word.text;
      placed.push({ start: text.length, end: text.length + written.length, word });
      text += written + (parted ? "" : isLast && !goesOn ? "\n" : " ");
    }
    const block = blocks.at(-1);
    if (block) block.end = text.trimEnd().length;
  }
  return { text: text.trimEnd(), blocks, geometry: pack(placed, scale) };
}

function linesOf(words: readonly OcrWord[]): Line[] {
  const lines: (Line & { line: number })[] = [];
  for (const raw of words) {
    const word = { ...raw, text: normaliseText(raw.text).replace(/\s+/g, "") };
    if (word.text === "") continue;
    const [x0, y0, x1, y1] = word.box;
    const last = lines.at(-1);
    if (last && last.line === word.line && last.block === word.block) {
      last.words.push(word);
      last.from = Math.min(last.from, x0);
      last.to = Math.max(last.to, x1);
      last.height = Math.max(last.height, y1 - y0);
    } else lines.push({ words: [word], line: word.line, block: word.block, from: x0, to: x1, height: y1 - y0 });
  }
  return lines;
}

function endsOnPurpose(line: Line, next: Line, lines: readonly Line[]): boolean {
  const edge = Math.max(...lines.filter(({ block }) => block === line.block).map(({ to }) => to));
  const [x0 = 0, , x1 = 0] = next.words[0]?.box ?? [];
  return line.to + (x1 - x0) + 0.5 * line.height < edge;
}

function pack(placed: readonly { start: number; end: number; word: OcrWord }[], scale: number): Geometry {
  return {
    starts: Uint32Array.from(placed, ({ start }) => start),
    ends: Uint32Array.from(placed, ({ end }) => end),
    boxes: Float32Array.from(placed.flatMap(({ word }) => word.box.map((edge) => edge / scale))),
    confidences: Float32Array.from(placed, ({ word }) => Math.min(1, Math.max(0, word.confidence))),
  };
}
