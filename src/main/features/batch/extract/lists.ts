import type { ScalarSchema } from "../../../../shared/contract/recipe.ts";
import type { Candidate, Sources } from "./candidates.ts";
import type { Cell } from "./document-view.ts";
import { kindOf, parseValue } from "./parse-value.ts";

const MOST_ITEMS = 200;
const BULLET = /^\s*(?:[-–—•·▪◦*‣]|\d{1,2}[.)])\s+/u;
const HEADING_GAP = 2.2;

/** The values of a list: for kinds with a form, all of them in the document; else what follows the list's label. */
export function findList(field: string, schema: ScalarSchema, sources: Sources): Candidate[] {
  const kind = kindOf(schema);
  const own = sources.labels.filter((label) => label.field === field && label.exactness > 0.55);
  const [label] = own.toSorted((a, b) => b.exactness - a.exactness || a.rank - b.rank);
  if (!label) {
    const isForm = ["email", "iban", "vat", "date", "amount", "url", "phone"].includes(kind);
    return isForm
      ? unique(
          sources.tokens
            .of(kind)
            .map((token) => ({ ...token, score: 0.75, evidence: { relation: "form", exactness: 1, strong: token.strong } })),
        )
      : [];
  }
  const parts: { cell: Cell; start: number; end: number }[] = [];
  const rest = sources.view.text.slice(label.end, label.cell.end);
  const isInline = /[\p{L}\d]/u.test(rest);
  if (isInline) parts.push({ cell: label.cell, start: label.end, end: label.cell.end });
  const beside = sources.view.lines[label.cell.line]?.cells.filter((cell) => cell.x0 > label.cell.x1) ?? [];
  for (const cell of isInline ? [] : beside) parts.push({ cell, start: cell.start, end: cell.end });
  if (parts.length === 0) parts.push(...below(label.cell, sources));
  return unique(
    parts.flatMap((part) =>
      pieces(part, sources, isInline || beside.length > 0).flatMap(({ start, end }): Candidate[] => {
        const value = parseValue(sources.view.text.slice(start, end), kind, sources.habits, schema);
        return value === undefined
          ? []
          : [
              {
                value,
                start,
                end,
                cell: part.cell,
                score: 0.72,
                evidence: { relation: "below", exactness: label.exactness, strong: false },
              },
            ];
      }),
    ),
  ).slice(0, MOST_ITEMS);
}

/** The lines under a heading until the next heading, a wide gap or another column's text. */
function below(heading: Cell, { view, labels }: Sources): { cell: Cell; start: number; end: number }[] {
  const found: { cell: Cell; start: number; end: number }[] = [];
  let previous = heading;
  for (const line of view.lines.slice(heading.line + 1)) {
    const [cell] = line.cells.filter((one) => one.x1 > heading.x0 - 4 && one.x0 < heading.x0 + 300);
    if (!cell) continue;
    const height = Math.max(6, previous.y1 - previous.y0);
    if (cell.page === previous.page && cell.y0 - previous.y1 > height * HEADING_GAP) break;
    if (labels.some((label) => label.cell === cell && label.exactness > 0.75 && label.start === cell.start)) break;
    if (
      found.length > 0 &&
      BULLET.test(found[0] ? view.text.slice(found[0].start, found[0].end) : "") &&
      !BULLET.test(cell.text) &&
      cell.x0 <= heading.x0 + 2
    )
      break;
    found.push({ cell, start: cell.start, end: cell.end });
    previous = cell;
    if (found.length >= MOST_ITEMS) break;
  }
  return found;
}

/** A line as one item without its bullet, or as several parted by commas. */
function pieces(part: { start: number; end: number }, { view }: Sources, isInline: boolean): { start: number; end: number }[] {
  const text = view.text.slice(part.start, part.end);
  const bullet = BULLET.exec(text)?.[0].length ?? 0;
  const parting = isInline || (bullet === 0 && (text.match(/[,;•|]/gu) ?? []).length >= 2) ? /[^,;•|]+/gu : /.+/gu;
  return [...text.slice(bullet).matchAll(parting)].flatMap((match) => {
    const trimmed = match[0].replace(/^[\s:*-]+/u, "").trim();
    if (trimmed === "" || trimmed.length > 300) return [];
    const start = part.start + bullet + match.index + match[0].indexOf(trimmed);
    return [{ start, end: start + trimmed.length }];
  });
}

const unique = (list: Candidate[]): Candidate[] => [...new Map(list.map((item) => [item.value, item])).values()];
