import type { Atom } from "./chunk-atoms.ts";

/** What the model reads around a passage: at least so many tokens where the text has them, and at most so many. */
const leastTokens = 500;
const mostTokens = 1000;

/**
 * The stretch around the atoms `first` to `last`: their own heading section as far as there is room, and where that is
 * short, its neighbours too. Grows on both sides in turn, the shorter side first.
 */
export function sectionAround(atoms: readonly Atom[], first: number, last: number): { start: number; end: number } {
  const own = atoms[first]?.section;
  let from = first;
  let to = last;
  let tokens = 0;
  for (let index = first; index <= last; index += 1) tokens += atoms[index]?.tokens ?? 0;
  for (const inside of [true, false]) {
    const wanted = inside ? mostTokens : leastTokens;
    let before = 0;
    let after = 0;
    for (;;) {
      const previous = fitting(atoms[from - 1], inside ? own : undefined, mostTokens - tokens);
      const next = fitting(atoms[to + 1], inside ? own : undefined, mostTokens - tokens);
      if (tokens >= wanted || (!previous && !next)) break;
      if (next && (!previous || after <= before)) {
        to += 1;
        after += next.tokens;
        tokens += next.tokens;
      } else if (previous) {
        from -= 1;
        before += previous.tokens;
        tokens += previous.tokens;
      }
    }
  }
  return { start: atoms[from]?.start ?? 0, end: atoms[to]?.end ?? 0 };
}

function fitting(atom: Atom | undefined, section: number | undefined, room: number): Atom | undefined {
  return atom && atom.tokens <= room && (section === undefined || atom.section === section) ? atom : undefined;
}
