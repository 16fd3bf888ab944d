/** What one list of patterns may come to: each alternative is tried on each file. */
const MOST_ALTERNATIVES = 200;
const DEEPEST = 3;

/**
 * The alternatives of a pattern with braces: `*.{md,txt}` stands for `*.md` and `*.txt`. A brace without its other half,
 * or without a comma, stands for itself, and so does one after a backslash.
 * @returns undefined when there are more than so many, or braces are nested deeper than three
 */
export function expandBraces(pattern: string, most = MOST_ALTERNATIVES): string[] | undefined {
  return expand(pattern, most, 0);
}

/** Whether a list of patterns is small enough to be tried on every file. */
export function isModest(patterns: readonly string[]): boolean {
  let alternatives = 0;
  for (const pattern of patterns) {
    alternatives += expandBraces(pattern)?.length ?? Number.POSITIVE_INFINITY;
    if (alternatives > MOST_ALTERNATIVES) return false;
  }
  return true;
}

function expand(pattern: string, most: number, depth: number): string[] | undefined {
  const group = firstGroup(pattern);
  if (!group) return [pattern];
  if (depth >= DEEPEST) return undefined;
  const tails = expand(pattern.slice(group.end + 1), most, depth);
  if (!tails) return undefined;
  const all: string[] = [];
  for (const part of group.parts) {
    const middles = expand(part, most, depth + 1);
    if (!middles || all.length + middles.length * tails.length > most) return undefined;
    for (const middle of middles) for (const tail of tails) all.push(pattern.slice(0, group.start) + middle + tail);
  }
  return all;
}

/** The first pair of braces with a comma between them, in one pass. */
function firstGroup(pattern: string): { start: number; end: number; parts: string[] } | undefined {
  const open: { start: number; commas: number[] }[] = [];
  let found: { start: number; end: number; commas: number[] } | undefined;
  for (let at = 0; at < pattern.length; at += 1) {
    const letter = pattern[at];
    if (letter === "\\") at += 1;
    else if (letter === "{") open.push({ start: at, commas: [] });
    else if (letter === ",") open.at(-1)?.commas.push(at);
    else if (letter === "}") {
      const group = open.pop();
      if (group && group.commas.length > 0 && (!found || group.start < found.start)) found = { ...group, end: at };
      if (open.length === 0 && found) break;
    }
  }
  if (!found) return undefined;
  const edges = [found.start, ...found.commas, found.end];
  const { start, end } = found;
  return { start, end, parts: edges.slice(1).map((edge, index) => pattern.slice((edges[index] ?? 0) + 1, edge)) };
}
