import { expandBraces } from "../../../../shared/glob.ts";

type Step = "any" | "some" | ((letter: string) => boolean);
type Segment = "all" | readonly Step[];

/**
 * A glob as a test on the paths of files, with `/` between folders: `*`, `?` and `[a-z]` stay inside a name, `**` goes
 * through folders, `{md,txt}` lists alternatives, a backslash takes a letter as it is. Takes no longer than pattern ×
 * path for any pattern; one with too many alternatives matches nothing.
 */
export function fileGlob(pattern: string): (path: string) => boolean {
  const alternatives = (expandBraces(pattern) ?? []).map((one) => one.split("/").map(toSegment));
  return (path) => {
    const names = path.split("/");
    return alternatives.some((segments) => matches(segments, names, (segment) => segment === "all", matchesName));
  };
}

const toSegment = (text: string): Segment => (text === "**" ? "all" : parse(text));

const matchesName = (segment: Segment, name: string): boolean =>
  segment !== "all" &&
  matches(
    segment,
    Array.from(name),
    (step) => step === "some",
    (step, letter) => step === "any" || (typeof step === "function" && step(letter)),
  );

/**
 * Whether parts stand for items, where some parts stand for any number of them. Only the last of those is ever tried
 * again, which is enough: what the ones before it took can as well be taken by it.
 */
function matches<Part, Item>(
  parts: readonly Part[],
  items: readonly Item[],
  isMany: (part: Part) => boolean,
  isOne: (part: Part, item: Item) => boolean,
): boolean {
  let part = 0;
  let item = 0;
  let many = -1;
  let takenUntil = 0;
  while (item < items.length) {
    const current = parts[part];
    const given = items[item];
    if (part < parts.length && current !== undefined && isMany(current)) {
      many = part;
      takenUntil = item;
      part += 1;
    } else if (part < parts.length && current !== undefined && given !== undefined && isOne(current, given)) {
      part += 1;
      item += 1;
    } else if (many >= 0) {
      takenUntil += 1;
      item = takenUntil;
      part = many + 1;
    } else return false;
  }
  return parts.slice(part).every(isMany);
}

function parse(text: string): Step[] {
  return [...text.matchAll(/\\(?<escaped>.)|\*+|\?|\[(?<not>[!^]?)(?<letters>\]?[^\]]*)\]|./gsu)].map((found): Step => {
    const [whole] = found;
    const { escaped, not, letters } = found.groups ?? {};
    if (escaped !== undefined) return (letter) => letter === escaped;
    if (whole.startsWith("*")) return "some";
    if (whole === "?") return "any";
    if (letters === undefined) return (letter) => letter === whole;
    const isAmong = oneOf(Array.from(letters));
    return not === "" ? isAmong : (letter) => !isAmong(letter);
  });
}

function oneOf(letters: readonly string[]): (letter: string) => boolean {
  const ranges: [string, string][] = [];
  for (let at = 0; at < letters.length; at += 1) {
    const first = letters[at] ?? "";
    const last = letters[at + 1] === "-" ? letters[at + 2] : undefined;
    ranges.push([first, last ?? first]);
    if (last !== undefined) at += 2;
  }
  return (letter) => ranges.some(([first, last]) => letter >= first && letter <= last);
}
