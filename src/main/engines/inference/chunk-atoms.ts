import type { Block } from "./protocol.ts";
import { type CountBare, splitLong } from "./chunk-split.ts";

/** The smallest piece that is never parted: a sentence, a list item's sentence, a row, a line of code, a whole fence. */
export type Atom = {
  start: number;
  end: number;
  tokens: number;
  /** Index of the block it comes from; -1 for text that no block claims. */
  block: number;
  kind: Block["kind"];
  /** Path of headings above it. */
  heading: string;
  /** Number of the heading section it stands in. */
  section: number;
};

const separator = " › ";
const longestHeader = 200;

/**
 * The text as atoms in order, none over `maxTokens`, without white space at their ends. Each step counts about one atom,
 * so that a long text can be left off in between.
 */
export function* atomsOf(text: string, blocks: readonly Block[], maxTokens: number, count: CountBare): Generator<Atom> {
  const path: { level: number; text: string }[] = [];
  let section = 0;
  let headingBefore = false;
  for (const block of withGaps(text, blocks)) {
    if (block.kind === "heading") {
      const level = block.level ?? 1;
      while ((path.at(-1)?.level ?? 0) >= level) path.pop();
      path.push({ level, text: headingText(text.slice(block.start, block.end)) });
      if (!headingBefore) section += 1;
    }
    headingBefore = block.kind === "heading";
    const above = path
      .map((entry) => entry.text)
      .filter((entry) => entry !== "")
      .join(separator);
    const header = block.headerEnd === undefined ? "" : headingText(text.slice(block.start, block.headerEnd)).slice(0, longestHeader);
    for (const range of rangesOf(text, block, maxTokens, count)) {
      const isBelowHeader = block.headerEnd !== undefined && range.start >= block.headerEnd;
      const heading = isBelowHeader ? [above, header].filter((part) => part !== "").join(separator) : above;
      yield { ...range, block: block.index, kind: block.kind, heading, section };
    }
  }
}

type Indexed = Block & { index: number };
type Range = { start: number; end: number; tokens: number };

/** Blocks in order and within the text; text that none of them holds becomes a paragraph, so that nothing is lost. */
function withGaps(text: string, blocks: readonly Block[]): Indexed[] {
  const all: Indexed[] = [];
  let at = 0;
  const fill = (end: number) => {
    if (end > at && text.slice(at, end).trim() !== "") all.push({ kind: "paragraph", start: at, end, index: -1 });
  };
  for (const [index, block] of blocks.entries()) {
    const start = Math.max(at, block.start);
    const end = Math.min(text.length, block.end);
    if (end <= start) continue;
    fill(start);
    all.push({ ...block, start, end, index });
    at = end;
  }
  fill(text.length);
  return all;
}

function* rangesOf(text: string, block: Block, maxTokens: number, count: CountBare): Generator<Range> {
  if (block.kind === "heading" || block.kind === "code") {
    const whole = trimmed(text, block.start, block.end);
    if (!whole) return;
    // Longer than this cannot fit, whatever the tokenizer: no token covers so many characters on average.
    const tokens = whole.end - whole.start > maxTokens * 16 ? Infinity : count(text.slice(whole.start, whole.end));
    if (tokens <= maxTokens) return yield { ...whole, tokens };
  }
  const pieces = block.kind === "table" || block.kind === "code" ? lineRanges(text, block) : sentenceRanges(text, block);
  for (const piece of pieces) yield* splitLong(text, piece, maxTokens, count);
}

function* lineRanges(text: string, { start, end }: Block) {
  for (let at = start; at < end;) {
    const found = text.indexOf("\n", at);
    const lineEnd = found < 0 || found > end ? end : found;
    const range = trimmed(text, at, lineEnd);
    if (range) yield range;
    at = lineEnd + 1;
  }
}

const sentences = new Intl.Segmenter(undefined, { granularity: "sentence" });

/** The segmenter is given a stretch at a time: it keeps the whole of its input. */
const stretch = 50_000;

function* sentenceRanges(text: string, { start, end }: Block) {
  for (let at = start; at < end;) {
    const cut = at + stretch >= end ? end : stretchEnd(text, at, end);
    for (const { index, segment } of sentences.segment(text.slice(at, cut))) {
      const range = trimmed(text, at + index, at + index + segment.length);
      if (range) yield range;
    }
    at = cut;
  }
}

/** The last line end or space before the stretch is over; never inside a surrogate pair. */
function stretchEnd(text: string, at: number, end: number): number {
  const limit = Math.min(end, at + stretch);
  for (const mark of ["\n", ". ", " "]) {
    const found = text.lastIndexOf(mark, limit);
    if (found > at + stretch / 2) return found + mark.length;
  }
  return /[\ud800-\udbff]/.test(text[limit - 1] ?? "") ? limit - 1 : limit;
}

export function trimmed(text: string, start: number, end: number): { start: number; end: number } | undefined {
  let from = start;
  let to = end;
  while (from < to && isSpace(text, from)) from += 1;
  while (to > from && isSpace(text, to - 1)) to -= 1;
  return to > from ? { start: from, end: to } : undefined;
}

const isSpace = (text: string, at: number) => /\s/.test(text.charAt(at));

/** A heading without Markdown's marks, or a table's head without its rule, on one line. Looks once at each character. */
function headingText(raw: string): string {
  let rule = raw.length;
  while (rule > 0 && /[\s:|-]/.test(raw.charAt(rule - 1))) rule -= 1;
  const lineEnd = raw.indexOf("\n", rule);
  return (lineEnd < 0 ? raw : raw.slice(0, lineEnd))
    .replace(/^\s{0,3}#{1,6}(?:\s+|$)|(?<!\s)\s+#+\s*$|\n\s*=+\s*$/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
