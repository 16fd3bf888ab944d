import type { Fragment } from "./lines.ts";

/** Fragments side by side on one base line, left to right. Rows of one `zone` (a column, or the width of the page) belong together. */
export type Row = {
  fragments: Fragment[];
  zone: number;
  top: number;
  bottom: number;
  base: number;
  from: number;
  to: number;
  size: number;
  bold: boolean;
};

/**
 * Fragments in the order in which a person reads them: columns one after the other, what spans them in between.
 * A gutter is a white strip that hardly a fragment crosses, with running text on both sides; without one, rows from top to bottom.
 */
export function readingOrder(fragments: readonly Fragment[]): Row[] {
  let zones = 0;
  return order([...fragments], 0);

  function order(part: Fragment[], depth: number): Row[] {
    const gutter = depth < 6 && part.length >= 6 ? findGutter(part) : undefined;
    if (gutter === undefined) return rowsOf(part, zones++);
    const rows: Row[] = [];
    for (const band of bandsOf(part, gutter)) {
      if (band.spans) rows.push(...rowsOf(band.fragments, zones++));
      else {
        rows.push(
          ...order(
            band.fragments.filter((fragment) => middle(fragment) < gutter),
            depth + 1,
          ),
        );
        rows.push(
          ...order(
            band.fragments.filter((fragment) => middle(fragment) >= gutter),
            depth + 1,
          ),
        );
      }
    }
    return rows;
  }
}

const middle = (fragment: Fragment) => (fragment.from + fragment.to) / 2;
const crosses = (fragment: Fragment, at: number) => fragment.from < at && fragment.to > at;

/** Where the widest gutter of the part has its middle. */
function findGutter(part: readonly Fragment[]): number | undefined {
  const from = Math.min(...part.map((fragment) => fragment.from));
  const to = Math.max(...part.map((fragment) => fragment.to));
  const width = to - from;
  const steps = Math.min(2000, Math.ceil(width));
  if (!(width > 60) || steps < 10) return undefined;
  const covered = new Uint16Array(steps + 1);
  const step = width / steps;
  for (const fragment of part) {
    const last = Math.min(steps, Math.floor((fragment.to - from) / step));
    for (let at = Math.max(0, Math.floor((fragment.from - from) / step)); at <= last; at += 1)
      covered[at] = Math.min(65_535, (covered[at] ?? 0) + 1);
  }
  const allowed = Math.floor(part.length * 0.12);
  const candidates: { at: number; width: number }[] = [];
  let start = -1;
  for (let at = Math.floor(steps * 0.15); at <= Math.ceil(steps * 0.85); at += 1) {
    if ((covered[at] ?? 0) <= allowed) {
      if (start < 0) start = at;
    } else if (start >= 0) {
      candidates.push({ at: from + ((start + at) / 2) * step, width: (at - start) * step });
      start = -1;
    }
  }
  return candidates.sort((a, b) => b.width - a.width).find((candidate) => partsColumns(part, candidate.at, candidate.width))?.at;
}

/** Both sides must be running text beside each other: lines long enough to be prose, not labels beside values. */
function partsColumns(part: readonly Fragment[], at: number, width: number): boolean {
  const left = part.filter((fragment) => fragment.to <= at);
  const right = part.filter((fragment) => fragment.from >= at);
  if (left.length < 3 || right.length < 3) return false;
  const size = part[0]?.size ?? 10;
  if (width < 0.8 * size) return false;
  const overlap = Math.min(bottom(left), bottom(right)) - Math.max(top(left), top(right));
  if (overlap < 0.3 * Math.min(bottom(left) - top(left), bottom(right) - top(right))) return false;
  return isProse(left) && isProse(right);
}

const top = (part: readonly Fragment[]) => Math.min(...part.map((fragment) => fragment.top));
const bottom = (part: readonly Fragment[]) => Math.max(...part.map((fragment) => fragment.bottom));

function isProse(part: readonly Fragment[]): boolean {
  const from = Math.min(...part.map((fragment) => fragment.from));
  const to = Math.max(...part.map((fragment) => fragment.to));
  const long = part.filter((fragment) => fragment.to - fragment.from > 0.55 * (to - from) && fragment.characters >= 14).length;
  return long >= part.length * 0.5;
}

/** From top to bottom: stretches that the gutter parts, and fragments that span it. */
function bandsOf(part: readonly Fragment[], gutter: number): { spans: boolean; fragments: Fragment[] }[] {
  const bands: { spans: boolean; fragments: Fragment[] }[] = [];
  for (const fragment of [...part].sort((a, b) => a.base - b.base)) {
    const spans = crosses(fragment, gutter);
    const last = bands.at(-1);
    if (last && last.spans === spans) last.fragments.push(fragment);
    else bands.push({ spans, fragments: [fragment] });
  }
  return bands;
}

function rowsOf(part: readonly Fragment[], zone: number): Row[] {
  const rows: Fragment[][] = [];
  let base = Number.NEGATIVE_INFINITY;
  for (const fragment of [...part].sort((a, b) => a.base - b.base)) {
    if (fragment.base - base <= 0.35 * fragment.size) rows.at(-1)?.push(fragment);
    else {
      rows.push([fragment]);
      base = fragment.base;
    }
  }
  return rows.map((fragments) => {
    const sorted = fragments.sort((a, b) => a.from - b.from);
    const largest = [...sorted].sort((a, b) => b.characters - a.characters)[0];
    return {
      fragments: sorted,
      zone,
      top: top(sorted),
      bottom: bottom(sorted),
      base: largest?.base ?? 0,
      from: sorted[0]?.from ?? 0,
      to: Math.max(...sorted.map((fragment) => fragment.to)),
      size: largest?.size ?? 0,
      bold: sorted.every((fragment) => fragment.bold),
    };
  });
}
