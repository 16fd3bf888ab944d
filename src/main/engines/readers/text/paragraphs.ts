import type { Block } from "../../inference/protocol.ts";

/** Blocks of plain text: a paragraph a run of lines without an empty one between them. */
export function paragraphBlocks(text: string, offset = 0): Block[] {
  const blocks: Block[] = [];
  for (const match of text.matchAll(/\S[^\n]*(?:\n[^\n]*\S[^\n]*)*/g)) {
    blocks.push({ kind: "paragraph", start: offset + match.index, end: offset + match.index + match[0].trimEnd().length });
  }
  return blocks;
}
