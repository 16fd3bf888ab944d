/** A block of an answer; `start`/`end` are offsets of the answer and cover exactly the text that is shown. */
export type Block = {
  kind: "paragraph" | "item" | "heading" | "code";
  start: number;
  end: number;
  /** The number of an ordered item. */ ordinal?: string;
};

const heading = /^#{1,6}\s+/;
const bullet = /^\s*[-*•]\s+/;
const ordered = /^\s*(\d{1,3})[.)]\s+/;
const fence = /^\s*```[\w+#.-]{0,20}\s*$/;

/**
 * Cuts model output into paragraphs, list items, headings and code, and nothing else: no HTML, no links, no images.
 * Every block keeps its offsets, so that sentences and their citations find their places again.
 */
export function answerBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  let code: Block | undefined;
  const push = (block: Block | undefined) => block && block.end > block.start && blocks.push(block);
  const close = () => {
    push(open);
    open = undefined;
  };

  for (const { line, start, end } of linesOf(text)) {
    if (code) {
      if (fence.test(line)) {
        push(code);
        code = undefined;
      } else code.end = end;
      continue;
    }
    if (fence.test(line)) {
      close();
      const from = Math.min(text.length, end + 1);
      code = { kind: "code", start: from, end: from };
      continue;
    }
    if (line.trim() === "") {
      close();
      continue;
    }
    const starter = startOf(line);
    if (starter) {
      close();
      open = { kind: starter.kind, start: start + starter.length, end, ...(starter.ordinal ? { ordinal: starter.ordinal } : {}) };
      if (starter.kind === "heading") close();
    } else if (open) open.end = end;
    else open = { kind: "paragraph", start, end };
  }
  close();
  push(code);
  return blocks;
}

function startOf(line: string): { kind: "heading" | "item"; length: number; ordinal?: string } | undefined {
  const number = ordered.exec(line);
  if (number?.[1]) return { kind: "item", length: number[0].length, ordinal: number[1] };
  const dash = bullet.exec(line);
  if (dash) return { kind: "item", length: dash[0].length };
  const hash = heading.exec(line);
  return hash ? { kind: "heading", length: hash[0].length } : undefined;
}

function* linesOf(text: string): Generator<{ line: string; start: number; end: number }> {
  let start = 0;
  while (start < text.length) {
    const next = text.indexOf("\n", start);
    const end = next < 0 ? text.length : next;
    yield { line: text.slice(start, end), start, end };
    start = end + 1;
  }
}

export type Span = { kind: "text" | "strong" | "code"; text: string };

const inline = /\*\*([^*\n]+)\*\*|`([^`\n]+)`/g;

/** Bold and inline code of a piece of text; all else, markup included, stays as it was written. */
export function inlineSpans(text: string): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(inline)) {
    if (match.index > from) spans.push({ kind: "text", text: text.slice(from, match.index) });
    if (match[1] !== undefined) spans.push({ kind: "strong", text: match[1] });
    else if (match[2] !== undefined) spans.push({ kind: "code", text: match[2] });
    from = match.index + match[0].length;
  }
  if (from < text.length) spans.push({ kind: "text", text: text.slice(from) });
  return spans;
}
