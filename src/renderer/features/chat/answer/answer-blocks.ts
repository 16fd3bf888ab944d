import { fencedMath, isTableRow, isTableRule } from "./answer-marks.ts";

/** A block of an answer; `start`/`end` are offsets of the answer and cover exactly the text that is shown. */
export type Block = {
  kind: "paragraph" | "item" | "heading" | "code" | "table" | "math" | "quote" | "rule";
  start: number;
  end: number;
  /** The number of an ordered item. */ ordinal?: string;
  /** How deep an item lies in its list. */ depth?: number;
  /** Of code. */ language?: string;
};

const heading = /^#{1,6}\s+/;
const bullet = /^(\s*)[-*•+]\s+/;
const ordered = /^(\s*)(\d{1,3})[.)]\s+/;
const quote = /^\s*>\s?/;
const rule = /^\s*([-*_])(?:\s*\1){2,}\s*$/;
const fence = /^\s*```([\w+#.-]{0,20})\s*$/;

type Line = { line: string; start: number; end: number };

/**
 * Cuts model output into paragraphs, list items, headings, code, tables and formulas, and nothing else: no HTML, no
 * links, no images. Every block keeps its offsets, so that sentences and their citations find their places again.
 */
export function answerBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = [...linesOf(text)];
  let open: Block | undefined;
  const push = (block: Block | undefined) => block && (block.end > block.start || block.kind === "rule") && blocks.push(block);
  const close = () => {
    push(open);
    open = undefined;
  };

  for (let at = 0; at < lines.length; at += 1) {
    const current = lines[at];
    if (!current) break;
    const { line, start, end } = current;
    const whole = codeAt(lines, at) ?? mathAt(lines, at) ?? tableAt(lines, at);
    if (whole) {
      close();
      push(whole.block);
      at = whole.last;
      continue;
    }
    if (line.trim() === "") {
      close();
      continue;
    }
    if (rule.test(line)) {
      close();
      push({ kind: "rule", start, end });
      continue;
    }
    const starter = startOf(line);
    if (starter) {
      // Lines of one quotation belong together.
      if (starter.kind === "quote" && open?.kind === "quote") {
        open.end = end;
        continue;
      }
      close();
      const { length, ...block } = starter;
      open = { ...block, start: start + length, end };
      if (starter.kind === "heading") close();
    } else if (open) open.end = end;
    else open = { kind: "paragraph", start, end };
  }
  close();
  return blocks;
}

type Whole = { block: Block; /** The last line that it takes. */ last: number };

/** Code from its fence to the next, or to the end while it is still being written. */
function codeAt(lines: readonly Line[], at: number): Whole | undefined {
  const opened = fence.exec(lines[at]?.line ?? "");
  if (!opened) return undefined;
  const first = lines[at + 1];
  const close = lines.findIndex(({ line }, index) => index > at && fence.test(line));
  const last = close < 0 ? lines.length - 1 : close;
  const end = lines[close < 0 ? last : close - 1]?.end ?? 0;
  const from = first?.start ?? lines[at]?.end ?? 0;
  return { block: { kind: "code", start: from, end: Math.max(from, end), ...(opened[1] ? { language: opened[1] } : {}) }, last };
}

/** A formula on lines of its own, between `$$` or `\[ \]`; one that is not closed yet stays text. */
function mathAt(lines: readonly Line[], at: number): Whole | undefined {
  const found = fencedMath(lines.slice(at, at + 40).map(({ line }) => line));
  const [first, last] = [lines[at], lines[at + (found?.lines ?? 1) - 1]];
  if (!found || !first || !last) return undefined;
  return { block: { kind: "math", start: first.start, end: last.end }, last: at + found.lines - 1 };
}

/** A head, a rule and rows of cells. */
function tableAt(lines: readonly Line[], at: number): Whole | undefined {
  const first = lines[at];
  if (!first || !isTableRow(first.line) || !isTableRule(lines[at + 1]?.line ?? "", first.line)) return undefined;
  let last = at + 1;
  while (isTableRow(lines[last + 1]?.line ?? "")) last += 1;
  return { block: { kind: "table", start: first.start, end: lines[last]?.end ?? first.end }, last };
}

function startOf(line: string): (Pick<Block, "kind" | "ordinal" | "depth"> & { length: number }) | undefined {
  const number = ordered.exec(line);
  if (number?.[2]) return { kind: "item", length: number[0].length, ordinal: number[2], depth: depthOf(number[1]) };
  const dash = bullet.exec(line);
  if (dash) return { kind: "item", length: dash[0].length, depth: depthOf(dash[1]) };
  const quoted = quote.exec(line);
  if (quoted) return { kind: "quote", length: quoted[0].length };
  const hash = heading.exec(line);
  return hash ? { kind: "heading", length: hash[0].length } : undefined;
}

/** Two spaces or a tab a step; deeper than three reads no better. */
const depthOf = (indent = ""): number => Math.min(3, Math.floor(indent.replaceAll("\t", "  ").length / 2));

function* linesOf(text: string): Generator<Line> {
  let start = 0;
  while (start < text.length) {
    const next = text.indexOf("\n", start);
    const end = next < 0 ? text.length : next;
    yield { line: text.slice(start, end), start, end };
    start = end + 1;
  }
}
