import type { Box } from "../../../../shared/contract/define.ts";
import { AppError } from "../../../../shared/errors.ts";

/**
 * Where the words of one page stand. Offsets count from the page's own start and grow; word `i` has its box, in points
 * from the top left, in `boxes[4i … 4i+3]` and its confidence (OCR only, 0–1) in `confidences[i]`.
 */
export type Geometry = { starts: Uint32Array; ends: Uint32Array; boxes: Float32Array; confidences?: Float32Array };

/** Steps a point is stored in: the error of a stored box is at most 1/32 point. */
const steps = 16;
const version = 1;
const furthest = 2 ** 26;

/**
 * Geometry in about ten bytes a word, for the database. Format: version, flags (1: confidences), the number of words,
 * then for each the gap to the word before and its length, its box as differences (left edge from the right edge
 * before, top from the top before, width, height) in 1/16 point, and its confidence in percent. All numbers are
 * little-endian base 128; signed ones are zigzag coded.
 */
export function packGeometry({ starts, ends, boxes, confidences }: Geometry): Buffer {
  const bytes: number[] = [version, confidences ? 1 : 0];
  const unsigned = (value: number) => {
    let rest = Math.max(0, Math.round(value));
    while (rest >= 128) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  };
  const signed = (value: number) => unsigned(value < 0 ? -value * 2 - 1 : value * 2);
  const stepped = (index: number) => {
    const value = boxes[index] ?? 0;
    return Number.isFinite(value) ? Math.round(Math.max(-furthest, Math.min(furthest, value * steps))) : 0;
  };
  unsigned(starts.length);
  let end = 0;
  let right = 0;
  let top = 0;
  for (let word = 0; word < starts.length; word += 1) {
    const start = Math.max(end, starts[word] ?? 0);
    unsigned(start - end);
    end = Math.max(start, ends[word] ?? 0);
    unsigned(end - start);
    const [x0, y0, x1, y1] = [stepped(word * 4), stepped(word * 4 + 1), stepped(word * 4 + 2), stepped(word * 4 + 3)];
    signed(x0 - right);
    signed(y0 - top);
    unsigned(x1 - x0);
    unsigned(y1 - y0);
    right = Math.max(x0, x1);
    top = y0;
    if (confidences) unsigned((confidences[word] ?? 0) * 100);
  }
  return Buffer.from(bytes);
}

/** @throws DATABASE_DAMAGED when the bytes are not what `packGeometry` wrote */
export function unpackGeometry(bytes: Uint8Array): Geometry {
  let at = 2;
  const unsigned = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at];
      if (byte === undefined || factor > 2 ** 49)
        throw new AppError("DATABASE_DAMAGED", "The stored places of words cannot be understood.", { hint: "Index the document again." });
      at += 1;
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  };
  const signed = () => {
    const value = unsigned();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  };
  const count = bytes[0] === version ? unsigned() : Number.NaN;
  if (!(count <= bytes.length))
    throw new AppError("DATABASE_DAMAGED", "The stored places of words are of another version.", { hint: "Index the document again." });
  const hasConfidences = bytes[1] === 1;
  const geometry: Geometry = {
    starts: new Uint32Array(count),
    ends: new Uint32Array(count),
    boxes: new Float32Array(count * 4),
    ...(hasConfidences ? { confidences: new Float32Array(count) } : {}),
  };
  let end = 0;
  let right = 0;
  let top = 0;
  for (let word = 0; word < count; word += 1) {
    geometry.starts[word] = end + unsigned();
    end = (geometry.starts[word] ?? 0) + unsigned();
    geometry.ends[word] = end;
    const x0 = right + signed();
    const y0 = top + signed();
    right = x0 + unsigned();
    top = y0;
    geometry.boxes.set([x0 / steps, y0 / steps, right / steps, (y0 + unsigned()) / steps], word * 4);
    if (geometry.confidences) geometry.confidences[word] = unsigned() / 100;
  }
  return geometry;
}

/** Boxes of the words in a range of the page's text, those of one line merged. */
export function boxesFor({ starts, ends, boxes }: Geometry, start: number, end: number): Box[] {
  const lines: Box[] = [];
  for (let word = firstEndingAfter(ends, start); word < starts.length && (starts[word] ?? end) < end; word += 1) {
    const box: Box = [boxes[word * 4] ?? 0, boxes[word * 4 + 1] ?? 0, boxes[word * 4 + 2] ?? 0, boxes[word * 4 + 3] ?? 0];
    const line = lines.at(-1);
    if (line && isSameLine(line, box))
      lines[lines.length - 1] = [
        Math.min(line[0], box[0]),
        Math.min(line[1], box[1]),
        Math.max(line[2], box[2]),
        Math.max(line[3], box[3]),
      ];
    else lines.push(box);
  }
  return lines.map(([x0, y0, x1, y1]) => [hundredths(x0), hundredths(y0), hundredths(x1), hundredths(y1)]);
}

/** Words overlap in height by half, and are no further apart than three heights: further is another column. */
function isSameLine(line: Box, box: Box): boolean {
  const overlap = Math.min(line[3], box[3]) - Math.max(line[1], box[1]);
  const height = Math.min(line[3] - line[1], box[3] - box[1]);
  const gap = Math.max(box[0] - line[2], line[0] - box[2]);
  return overlap >= height * 0.5 && gap <= Math.max(line[3] - line[1], box[3] - box[1]) * 3;
}

function firstEndingAfter(ends: Uint32Array, offset: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

const hundredths = (value: number) => Math.round(value * 100) / 100;
