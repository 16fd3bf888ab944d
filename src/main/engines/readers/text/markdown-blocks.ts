import type { Block } from "../../inference/protocol.ts";

/**
 * The structure of a Markdown text, line by line (CommonMark's block rules as far as chunks need them: ATX and setext
 * headings, fences, indented code, pipe tables, lists with their continuation lines, paragraphs). A list item is a
 * block, so that a long list can be parted.
 */
export function markdownBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = linesOf(text);
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    if (!line || isBlank(line.text)) {
      at += 1;
      continue;
    }
    const next = blockEnd(lines, at);
    const last = lines[next.end - 1] ?? line;
    const { end: _, headerLines, ...kind } = next;
    const header = headerLines === undefined ? undefined : lines[at + headerLines - 1];
    blocks.push({
      ...kind,
      start: line.start,
      end: last.start + last.text.trimEnd().length,
      ...(header ? { headerEnd: header.start + header.text.trimEnd().length } : {}),
    });
    at = next.end;
  }
  return blocks;
}

/** Front matter between `---` lines as flat metadata; nested values stay text. */
export function splitFrontMatter(text: string): { metadata: Record<string, unknown>; body: string } {
  const match = /^---[ \t]*\n([\s\S]{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(text);
  const inner = match?.[1];
  if (match === null || inner === undefined || !inner.split("\n").every((line) => /^\s*(?:[\w.-]+\s*:|-\s|#|$)|^\s+\S/.test(line)))
    return { metadata: {}, body: text };
  const metadata: Record<string, unknown> = {};
  let key: string | undefined;
  for (const line of inner.split("\n")) {
    const pair = /^([\w.-]{1,100})\s*:\s*(.*)$/.exec(line);
    const item = /^\s*-\s+(.*)$/.exec(line);
    if (pair?.[1] !== undefined && pair[1] !== "__proto__") {
      key = pair[1];
      metadata[key] = scalar(pair[2] ?? "");
    } else if (item && key !== undefined) {
      const before = metadata[key];
      metadata[key] = [...(Array.isArray(before) ? before : []), scalar(item[1] ?? "")];
    }
  }
  return { metadata, body: text.slice(match[0].length) };
}

function scalar(value: string): string | string[] {
  const plain = value.trim();
  const list = /^\[(.*)\]$/.exec(plain);
  if (list) return (list[1] ?? "").split(",").map((part) => unquote(part.trim()));
  return unquote(plain);
}

const unquote = (value: string) => value.replace(/^(["'])(.*)\1$/, "$2");

/** The line between a pipe table's head and its rows. No white space can be read in two ways: a hostile line costs one look. */
export const isTableRule = (line: string): boolean => /^\s*(?:\|\s*)?:?-+:?\s*(?:\|\s*:?-+:?\s*)*(?:\|\s*)?$/.test(line);

type Line = { start: number; text: string };
type Found = { kind: Block["kind"]; end: number; level?: number; headerLines?: number };

/** The block that begins at a line that is not blank; `end` is the line after it. */
function blockEnd(lines: readonly Line[], at: number): Found {
  const text = lines[at]?.text ?? "";
  const fence = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1];
  if (fence !== undefined) return { kind: "code", end: fenceEnd(lines, at, fence) };
  const heading = /^ {0,3}(#{1,6})(?:\s|$)/.exec(text)?.[1];
  if (heading !== undefined) return { kind: "heading", level: heading.length, end: at + 1 };
  if (isTableRow(text) && isTableRule(lines[at + 1]?.text ?? ""))
    return { kind: "table", end: runEnd(lines, at + 2, isTableRow), headerLines: 2 };
  if (/^(?: {4}|\t)/.test(text)) return { kind: "code", end: runEnd(lines, at, (line) => /^(?: {4}|\t)/.test(line)) };
  if (isItem(text)) return { kind: "list", end: itemEnd(lines, at) };
  return paragraphEnd(lines, at);
}

/** An open fence runs to the end of the text. */
function fenceEnd(lines: readonly Line[], at: number, fence: string): number {
  const closing = new RegExp(`^ {0,3}${fence[0] === "`" ? "`" : "~"}{${fence.length},}\\s*$`);
  for (let line = at + 1; line < lines.length; line += 1) if (closing.test(lines[line]?.text ?? "")) return line + 1;
  return lines.length;
}

function itemEnd(lines: readonly Line[], at: number): number {
  let end = at + 1;
  while (end < lines.length) {
    const text = lines[end]?.text ?? "";
    const continues = isBlank(text)
      ? /^\s{2,}\S/.test(lines[end + 1]?.text ?? "") && !isItem(lines[end + 1]?.text ?? "")
      : !isItem(text) && !startsBlock(text);
    if (!continues) break;
    end += 1;
  }
  return end;
}

function paragraphEnd(lines: readonly Line[], at: number): Found {
  let end = at + 1;
  while (end < lines.length) {
    const text = lines[end]?.text ?? "";
    const underline = /^ {0,3}(?:(=+)|-{2,})\s*$/.exec(text);
    if (underline) return { kind: "heading", level: underline[1] === undefined ? 2 : 1, end: end + 1 };
    if (isBlank(text) || startsBlock(text) || isItem(text)) break;
    end += 1;
  }
  return { kind: "paragraph", end };
}

function runEnd(lines: readonly Line[], at: number, belongs: (text: string) => boolean): number {
  let end = at;
  while (end < lines.length && belongs(lines[end]?.text ?? "")) end += 1;
  return end;
}

function linesOf(text: string): Line[] {
  let start = 0;
  return text.split("\n").map((line) => {
    const found = { start, text: line };
    start += line.length + 1;
    return found;
  });
}

const isBlank = (text: string) => text.trim() === "";
const isItem = (text: string) => /^\s*(?:[-*+]|\d{1,9}[.)])\s+\S/.test(text);
const isTableRow = (text: string) => !isBlank(text) && /(?<!\\)\|/.test(text);
const startsBlock = (text: string) => /^ {0,3}(?:#{1,6}(?:\s|$)|`{3,}|~{3,})/.test(text);
