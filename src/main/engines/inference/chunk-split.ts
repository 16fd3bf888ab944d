/** Counts tokens of a text without the special tokens that the model adds once an input. */
export type CountBare = (text: string) => number;

type Range = { start: number; end: number };

/** Least share of a piece's room at which a break at white space is taken; below it, the break is made at any character. */
const leastFill = 0.5;

/**
 * Parts a range that exceeds `maxTokens` at white space or punctuation, else between any two characters, never inside
 * a surrogate pair or before a combining mark. Each piece is measured, and made smaller until it fits.
 */
export function* splitLong(text: string, range: Range, maxTokens: number, count: CountBare): Generator<Range & { tokens: number }> {
  let { start } = range;
  // Units that about fit: learned from the pieces before, since text of one kind has a steady rate.
  let room = maxTokens * 4;
  while (start < range.end) {
    let end = start + room >= range.end ? range.end : breakBefore(text, start, start + room);
    let tokens = count(text.slice(start, end));
    while (tokens > maxTokens) {
      const fitting = Math.max(1, Math.floor(((end - start) * maxTokens * 0.95) / tokens));
      const shorter = breakBefore(text, start, start + Math.min(fitting, end - start - 1));
      if (shorter >= end) break;
      end = shorter;
      tokens = count(text.slice(start, end));
    }
    // Grows again where the text turns out to need fewer tokens; a short last piece says nothing.
    if (end < range.end) room = Math.max(1, Math.min(Math.floor(((end - start) * maxTokens) / Math.max(1, tokens)), maxTokens * 16));
    let from = start;
    let to = end;
    while (from < to && /\s/.test(text.charAt(from))) from += 1;
    while (to > from && /\s/.test(text.charAt(to - 1))) to -= 1;
    if (to > from) yield { start: from, end: to, tokens };
    start = end;
  }
}

/** The best place to break in (start, limit]; always after `start`. */
function breakBefore(text: string, start: number, limit: number): number {
  const least = start + Math.floor((limit - start) * leastFill);
  for (let at = limit; at > least; at -= 1) if (/\s/.test(text.charAt(at - 1))) return at;
  for (let at = limit; at > least; at -= 1)
    if (/[,;:.!?、。，；：！？)\]}>|/\\-]/.test(text.charAt(at - 1)) && isBoundary(text, at)) return at;
  for (let at = limit; at > start; at -= 1) if (isBoundary(text, at)) return at;
  // Not one whole character fits: it is taken all the same, since nothing may be lost.
  let at = limit + 1;
  while (at < text.length && !isBoundary(text, at)) at += 1;
  return at;
}

function isBoundary(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit >= 0xdc00 && unit <= 0xdfff) return false;
  // Marks, joiners and variation selectors belong to the character before them.
  return !/^(?:\p{M}|\u200d)/u.test(text.charAt(at)) && text.charAt(at - 1) !== "\u200d";
}
