import { type Cell, ownText } from "./document-view.ts";
import type { Candidate, Sources } from "./candidates.ts";
import { fold, type FoundLabel } from "./labels.ts";

/** Short forms of companies, the world over, without dots and blanks. */
const LEGAL_FORM =
  /(?<![\p{L}])(?:G(?:mbH|MBH)(?: & Co\.? ?KG)?|AG|UG|e\.? ?K\.?|KG|OHG|mbH|e\.? ?V\.?|B\.? ?V\.?|N\.? ?V\.?|V\.? ?O\.? ?F\.?|I(?:nc|NC)\.?|inc\.|Incorporated|LLC|L\.L\.C\.|LLP|L(?:td|TD)\.?|L(?:imited|IMITED)|PLC|plc|C(?:orp|ORP)\.?|Corporation|S\.? ?A\.? ?R\.? ?L\.?|SARL|Sarl|SAS|S\.? ?A\.? ?S\.?|S\.? ?A\.?|SASU|EURL|SNC|S\.? ?n\.? ?c\.?|S\.? ?a\.? ?s\.|S\.? ?r\.? ?l\.?|S\.? ?p\.? ?A\.?|S\.? ?L\.?(?: ?U\.?)?|Lda\.?|Oyj?|AB|HB|A\/S|ApS|AS|ASA|[Ss]p\. ?z ?o\. ?o\.|[Ss]p\. ?[jk]\.|s\.r\.o\.|a\.s\.|Kft\.?|Zrt\.?|d\.o\.o\.|SRL|Pty(?: Ltd)?|Pte\.?(?: Ltd)?|K\.K\.|GbR|PartG|mbB|SE)(?![\p{L}])/u;

/** A name may have a word in it that is a label elsewhere; one that leads the words around it is a label. */
const IS_LABEL = 0.5;

/** "Attn: …" below a name: the letter goes there. */
const ATTENTION =
  /^(?:att?n?\b[.:]?|t\.? ?a\.? ?v\b\.?|z\.? ?h(?:\. ?)?d\b\.?|zu händen|à l['’]att(?:ention)?\b|a la atención|alla c(?:ortese)?\.? ?a|c\/o|f\.?a\.?o\b)/iu;

const WEB_NAME = /(?:@|www\.|https?:\/\/(?!www\.))(?:[\w-]+\.)*?([\w-]{3,})\.(?:co\.)?[a-z]{2,}(?:\W|$)/giu;

/** Places of the parties' names, best first: by their form, by what repeats them, by where they stand, by what is said before them. */
export function findParties(field: string, customerLabels: ReadonlySet<Cell>, { view, labels, tokens }: Sources): Candidate[] {
  const webNames = [...ownText(view).matchAll(WEB_NAME)].map((match) => fold(match[1] ?? "").replaceAll(/[^a-z\d]/gu, ""));
  const own = labels.filter(
    (label) => label.field === field && (label.exactness >= IS_LABEL || /^\s?:/u.test(view.text.slice(label.end, label.end + 2))),
  );
  const emailsAndSites = tokens.of("email").length + tokens.of("url").length;
  const heights = view.lines.flatMap(({ cells }) => cells.map(({ y0, y1 }) => y1 - y0)).sort((a, b) => a - b);
  const usual = heights[Math.floor(heights.length / 2)] ?? 10;
  const firstPage = view.lines[0]?.page;
  const lastIdLine = [...tokens.of("vat"), ...tokens.of("iban")].reduce((last, { cell }) => Math.max(last, cell.line), -1);
  const seen = new Map<string, number>();
  for (const { cells } of view.lines) for (const cell of cells) seen.set(fold(cell.text), (seen.get(fold(cell.text)) ?? 0) + 1);

  const found: Candidate[] = [];
  for (const { cells, index } of view.lines) {
    for (const cell of cells) {
      for (const name of [...namesIn(cell), ...behindLabel(cell, own, view.text)]) {
        const text = view.text.slice(name.start, name.end);
        // A salutation, a label that nobody knows or a sentence that goes on is no name.
        if (!name.legal && /[,;:!?]$/u.test(text)) continue;
        if (!/\p{Lu}/u.test(text) || text.length < 3 || text.length > 70 || /[.:]\s+\p{L}.{20}/u.test(text)) continue;
        if (
          (text.match(/\d/gu) ?? []).length > 3 ||
          /@|https?:|www\./u.test(text) ||
          labels.some((label) => label.cell === cell && label.start < name.end && name.start < label.end && label.exactness >= IS_LABEL)
        )
          continue;
        const folded = fold(text).replaceAll(/[^a-z\d]/gu, "");
        const legal = name.legal;
        const web =
          emailsAndSites > 0 &&
          webNames.some((web) => web.length > 3 && folded.length > 3 && (folded.includes(web) || web.includes(folded)));
        const height = cell.y1 - cell.y0;
        const isTop = index < 4 && cell.page === firstPage;
        const nearId = lastIdLine >= 0 && Math.abs(index - lastIdLine) <= 4;
        const customer = isBelow(cell, customerLabels) || isAddressed(cell, view);
        const labelled =
          name.labelled ||
          own.some(
            (label) =>
              (label.cell === cell && name.start >= label.end) ||
              (cell.line === label.cell.line && cell.x0 > label.cell.x1) ||
              (label.cell !== cell && isBelow(cell, new Set([label.cell]), 1.8)),
          );
        const score =
          (legal ? 0.5 : 0) +
          (web ? 0.3 : 0) +
          (isTop ? 0.34 - index * 0.05 : 0) +
          (height > usual * 1.3 ? 0.1 : 0) +
          (nearId ? 0.1 : 0) +
          (labelled ? 0.45 : 0) +
          ((seen.get(fold(cell.text)) ?? 0) > 1 ? 0.06 : 0) -
          (customer ? 0.55 : 0) -
          (legal || web || labelled ? 0 : 0.04 * Math.max(0, text.split(/\s+/u).length - 4));
        if (score >= 0.2)
          found.push({
            value: text.replaceAll(/\s+/gu, " "),
            ...name,
            cell,
            score: Math.min(0.97, score),
            evidence: {
              relation: labelled ? "same-cell" : "layout",
              exactness: labelled ? 1 : 0,
              strong: legal && (web || labelled || isTop),
            },
          });
      }
    }
  }
  return found.sort((a, b) => b.score - a.score || a.start - b.start);
}

type Name = { start: number; end: number; legal: boolean; labelled: boolean };

/** `Account holder: Name` within one cell. */
function behindLabel(cell: Cell, own: readonly FoundLabel[], text: string): Name[] {
  return own.flatMap((label): Name[] => {
    if (label.cell !== cell || (label.start === cell.start && label.end === cell.end)) return [];
    const rest = /^\s*:\s*(\S.{1,70})$/u.exec(text.slice(label.end, cell.end));
    const name = rest?.[1]?.trim();
    if (rest === null || name === undefined) return [];
    const start = label.end + rest[0].indexOf(name);
    return [{ start, end: start + name.length, legal: LEGAL_FORM.test(name), labelled: true }];
  });
}

/** The whole cell, or what of it ends in a company's short form, or its beginning before a dash or comma of an address. */
function namesIn(cell: Cell): Name[] {
  const { text, start } = cell;
  const legal = LEGAL_FORM.exec(text);
  if (legal && legal.index > 0) {
    const end = legal.index + legal[0].length;
    const before = text.slice(0, legal.index);
    // A cell that is a name and nothing else, however it is written.
    if (end >= text.trimEnd().length - 1 && before.split(/\s+/u).length <= 7 && !/[:–•]| - /u.test(before))
      return [{ start, end: start + end, legal: true, labelled: false }];
    const from = Math.max(
      before.lastIndexOf(": ") + 2,
      before.lastIndexOf(" – ") + 3,
      before.lastIndexOf(" - ") + 3,
      before.lastIndexOf("• ") + 2,
      soldBy(before),
      0,
    );
    const skipped = from < 3 && !/: | – | - |• /u.test(before.slice(0, from)) ? soldBy(before) : from;
    return [{ start: start + skipped, end: start + end, legal: true, labelled: false }];
  }
  const part = /^(.{3,60}?)(?: [-–•|·] |, \d)/u.exec(text)?.[1] ?? text;
  return [{ start, end: start + part.length, legal: false, labelled: false }];
}

/** Longer than any name: what stands before it is not looked at, and costs nothing. */
const LONGEST_RUN = 120;

/** A sentence before a name is not part of it: the name begins with the last run of capitalised words. */
function soldBy(before: string): number {
  const skipped = Math.max(0, before.length - LONGEST_RUN);
  const run =
    /(?:(?:\p{Lu}|\d)(?=(?<rest>[\p{L}\d.&'’-]*))\k<rest>[\s&+,-]*(?:(?:und|and|et|de|du|des|del|della|di|da|la|le|of|the|van|von|der|den|y|e|i|och|og)\s)?)+$/u.exec(
      before.slice(skipped),
    );
  return run ? skipped + run.index : 0;
}

/** Whether the next line of the same column names the person whom a letter is for. */
const isAddressed = (cell: Cell, { lines }: Sources["view"]): boolean =>
  lines[cell.line + 1]?.cells.some(
    (below) => below.page === cell.page && Math.abs(below.x0 - cell.x0) < 12 && ATTENTION.test(below.text),
  ) === true;

/** Whether a cell stands in the column below one of the labels, with no gap. */
export function isBelow(cell: Cell, labels: ReadonlySet<Cell>, lines = 4): boolean {
  for (const label of labels) {
    const height = Math.max(8, label.y1 - label.y0);
    if (label === cell) return true;
    if (label.page === cell.page && label.line === cell.line && cell.x0 > label.x1 && cell.x0 - label.x1 < 80) return true;
    if (label.page !== cell.page || cell.y0 < label.y0 || cell.y0 - label.y1 > height * lines * 1.5) continue;
    if (Math.min(cell.x1, label.x1 + 60) - Math.max(cell.x0, label.x0 - 10) > 0 && cell.line > label.line) return true;
  }
  return false;
}
