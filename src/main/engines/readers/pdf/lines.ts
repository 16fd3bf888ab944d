import { normaliseText } from "../text/normalise-text.ts";
import type { Box } from "./matrix.ts";
import type { Glyph } from "./page-content.ts";

export type Word = { text: string; box: Box };

/**
 * Words on one base line without a wide gap between them. `from`, `to`, `base`, `top`, `bottom` are measured along and
 * across the direction of writing, so that turned text is laid out like any other.
 */
export type Fragment = {
  words: Word[];
  from: number;
  to: number;
  top: number;
  bottom: number;
  base: number;
  size: number;
  bold: boolean;
  characters: number;
};

/** All fragments of one direction of writing. */
export type Group = { direction: readonly [number, number]; fragments: Fragment[] };

/** Gap between two glyphs, in heights of the font, from which a word ends; and from which a fragment ends. */
const wordGap = 0.17;
const fragmentGap = 1.25;

/** Visible glyphs as fragments, the main direction first. */
export function fragmentsOf(glyphs: readonly Glyph[]): Group[] {
  const byDirection = new Map<string, Glyph[]>();
  for (const glyph of glyphs) {
    if (glyph.hidden || glyph.space || glyph.text === "" || glyph.size < 0.8) continue;
    const key = glyph.direction.join();
    const group = byDirection.get(key);
    if (group) group.push(glyph);
    else byDirection.set(key, [glyph]);
  }
  return [...byDirection.values()]
    .sort((a, b) => b.length - a.length)
    .map((group) => ({ direction: group[0]?.direction ?? [1, 0], fragments: baseLines(group).flatMap((line) => split(line)) }));
}

/** Glyphs by base line. Smaller glyphs that stand within a line's height (indices, powers) belong to it. */
function baseLines(glyphs: readonly Glyph[]): Glyph[][] {
  const sorted = [...glyphs].sort((a, b) => a.base - b.base);
  const lines: { base: number; size: number; glyphs: Glyph[] }[] = [];
  for (const glyph of sorted) {
    const line = lines.at(-1);
    if (line && glyph.base - line.base <= 0.3 * Math.min(glyph.size, line.size)) {
      line.glyphs.push(glyph);
      line.size = Math.max(line.size, glyph.size);
    } else lines.push({ base: glyph.base, size: glyph.size, glyphs: [glyph] });
  }
  return joinRaised(lines).map((line) => line.glyphs);
}

type Line = { base: number; size: number; glyphs: Glyph[] };

/** Lines of small glyphs only, that touch a neighbouring line of larger ones, are that line's indices. */
function joinRaised(lines: Line[]): Line[] {
  const kept: Line[] = [];
  for (const [index, line] of lines.entries()) {
    const host = [lines[index + 1], kept.at(-1)].find((other) => other !== undefined && isRaised(line, other));
    if (host) host.glyphs.push(...line.glyphs);
    else kept.push(line);
  }
  return kept;
}

function isRaised(small: Line, host: Line): boolean {
  if (small.size > host.size * 0.8 || Math.abs(small.base - host.base) > host.size * 0.5) return false;
  return small.glyphs.every((glyph) =>
    host.glyphs.some(
      (other) => other.size > glyph.size && glyph.from <= other.to + host.size * 0.4 && glyph.to >= other.from - host.size * 0.4,
    ),
  );
}

/** A line's glyphs in order, parted at wide gaps. */
function split(glyphs: Glyph[]): Fragment[] {
  const sorted = withoutDoubles(glyphs.sort((a, b) => a.from - b.from || a.base - b.base));
  const fragments: Fragment[] = [];
  let current: Glyph[][] = [];
  let word: Glyph[] = [];
  let end = Number.NEGATIVE_INFINITY;
  const endWord = () => {
    if (word.length > 0) current.push(word);
    word = [];
  };
  const endFragment = () => {
    endWord();
    if (current.length > 0) fragments.push(toFragment(current));
    current = [];
  };
  for (const glyph of sorted) {
    const before = word.at(-1)?.size ?? glyph.size;
    const gap = glyph.from - end;
    if (gap > fragmentGap * Math.max(glyph.size, before)) endFragment();
    // Between a large font and a small one the space is that of either: their mean tells it from none.
    else if (gap > wordGap * Math.sqrt(glyph.size * before)) endWord();
    word.push(glyph);
    end = Math.max(end === Number.NEGATIVE_INFINITY ? glyph.to : end, glyph.to);
  }
  endFragment();
  return fragments;
}

/** Bold made by drawing the same glyph twice, a little apart, counts once. */
function withoutDoubles(sorted: readonly Glyph[]): Glyph[] {
  const kept: Glyph[] = [];
  for (const glyph of sorted) {
    let double = false;
    for (let back = kept.length - 1; back >= 0 && !double; back -= 1) {
      const before = kept[back];
      if (!before || glyph.from - before.from > 0.2 * glyph.size) break;
      double = before.text === glyph.text && Math.abs(glyph.base - before.base) < 0.2 * glyph.size;
    }
    if (!double) kept.push(glyph);
  }
  return kept;
}

function toFragment(parts: readonly Glyph[][]): Fragment {
  const glyphs = parts.flat();
  const rightToLeft = countRightToLeft(glyphs) > glyphs.length / 2;
  const words = parts.map((part) => toWord(part)).filter((word) => word.text !== "");
  if (rightToLeft) words.reverse();
  const size = median(glyphs.map((glyph) => glyph.size));
  const base = median(glyphs.map((glyph) => glyph.base));
  return {
    words,
    from: Math.min(...glyphs.map((glyph) => glyph.from)),
    to: Math.max(...glyphs.map((glyph) => glyph.to)),
    top: base - size * 0.8,
    bottom: base + size * 0.2,
    base,
    size,
    bold: glyphs.filter((glyph) => glyph.bold).length > glyphs.length * 0.8,
    characters: words.reduce((sum, word) => sum + word.text.length, 0),
  };
}

/** Right-to-left letters are drawn in the order in which they are seen; text has the order in which they are read. */
function toWord(glyphs: readonly Glyph[]): Word {
  const ordered = countRightToLeft(glyphs) > glyphs.length / 2 ? [...glyphs].reverse() : glyphs;
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const {
    box: [x0, y0, x1, y1],
  } of glyphs) {
    box[0] = Math.min(box[0], x0);
    box[1] = Math.min(box[1], y0);
    box[2] = Math.max(box[2], x1);
    box[3] = Math.max(box[3], y1);
  }
  const text = ordered.map((glyph) => glyph.text).join("");
  // The mark of a possible line break is kept until lines are joined.
  return { text: normaliseText(text.replaceAll("\u00ad", "\u2010")).replace(/\s+/g, ""), box };
}

const countRightToLeft = (glyphs: readonly Glyph[]) =>
  glyphs.filter(({ text }) => /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(text)).length;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
