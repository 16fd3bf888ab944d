import { atomsOf } from "./chunk-atoms.ts";
import type { Atom } from "./chunk-atoms.ts";
import { sectionAround } from "./chunk-section.ts";
import type { Chunk, ChunkInput } from "./protocol.ts";

/** Of `maxTokens`: what the next chunk repeats of this one at most; and how full a chunk must be to end early at a block's end. */
const overlapShare = 0.15;
const fillShare = 0.6;
/** Half of what a piece of work may take between two checkpoints: the last step may be a long one. */
const workMs = 50;

/**
 * Parts a text along its structure into chunks of at most `maxTokens`, as `countTokens` (the embedder's own tokenizer,
 * special tokens included) measures `text.slice(start, end)`. Chunks never cross a heading; they end between sentences,
 * rows or lines, at a block's end where that wastes little; the next one of the same section repeats up to 15 % of it.
 * Each sentence is counted once and each chunk once. `checkpoint` is awaited about every 50 ms; what it throws ends
 * the work.
 */
export async function chunkText(
  { text, blocks, maxTokens }: Omit<ChunkInput, "model">,
  countTokens: (text: string) => number,
  checkpoint: () => Promise<void>,
): Promise<Chunk[]> {
  let workedSince = performance.now();
  const rest = async () => {
    await checkpoint();
    workedSince = performance.now();
  };
  const isDue = () => performance.now() - workedSince >= workMs;
  const special = countTokens("");
  const room = Math.max(1, maxTokens - special);
  const atoms: Atom[] = [];
  for (const atom of atomsOf(text, blocks, room, (part) => countTokens(part) - special)) {
    atoms.push(atom);
    if (isDue()) await rest();
  }
  const chunks: Chunk[] = [];
  let first = 0;
  while (first < atoms.length) {
    let last = lastFitting(atoms, first, room);
    let tokens = measure(first, last);
    while (tokens > maxTokens && last > first) {
      last -= 1;
      tokens = measure(first, last);
    }
    chunks.push({ ...rangeOf(first, last), tokens, heading: headingOf(atoms, first, last), section: sectionAround(atoms, first, last) });
    first = nextStart(atoms, first, last, room);
    if (isDue()) await rest();
  }
  return chunks;

  function rangeOf(from: number, to: number): { start: number; end: number } {
    return { start: atoms[from]?.start ?? 0, end: atoms[to]?.end ?? 0 };
  }
  function measure(from: number, to: number): number {
    const { start, end } = rangeOf(from, to);
    return countTokens(text.slice(start, end));
  }
}

/** The last atom of the chunk that begins at `first`. */
function lastFitting(atoms: readonly Atom[], first: number, room: number): number {
  const section = atoms[first]?.section;
  let tokens = atoms[first]?.tokens ?? 0;
  let last = first;
  let lastBlockEnd = -1;
  for (let next = first + 1; next < atoms.length; next += 1) {
    const atom = atoms[next];
    if (!atom || atom.section !== section) return last;
    if (atom.block !== atoms[last]?.block && tokens >= room * fillShare && atoms[last]?.kind !== "heading") lastBlockEnd = last;
    if (tokens + atom.tokens > room) return lastBlockEnd >= 0 ? lastBlockEnd : last;
    tokens += atom.tokens;
    last = next;
  }
  return last;
}

/** Where the next chunk begins: a few sentences back in the same section, always after `first`. */
function nextStart(atoms: readonly Atom[], first: number, last: number, room: number): number {
  const next = atoms[last + 1];
  if (!next || next.section !== atoms[last]?.section) return last + 1;
  let start = last + 1;
  let repeated = 0;
  while (start - 1 > first) {
    const atom = atoms[start - 1];
    // What is repeated must leave room for something new, and headings are known without repeating them.
    if (!atom || atom.kind === "heading" || repeated + atom.tokens > room * overlapShare || repeated + atom.tokens + next.tokens > room)
      break;
    repeated += atom.tokens;
    start -= 1;
  }
  return start;
}

/** The path above the chunk's first text; a chunk of headings only has their own. */
function headingOf(atoms: readonly Atom[], first: number, last: number): string {
  for (let index = first; index <= last; index += 1) {
    const atom = atoms[index];
    if (atom && atom.kind !== "heading") return atom.heading;
  }
  return atoms[last]?.heading ?? "";
}
