import { plainWords } from "../../../tests/helpers/similarity.ts";
import { editDistance } from "./edit-distance.ts";

/** 1 − edit distance / longer length, over characters, after NFC and without white space runs and Markdown marks. */
export function textSimilarity(read: string, truth: string): number {
  const [a, b] = [plainWords(read).join(" "), plainWords(truth).join(" ")];
  const longer = Math.max(a.length, b.length);
  return longer === 0 ? 1 : 1 - editDistance(a, b) / longer;
}

/** Edit distance over the length of the true text, of characters and of words, after NFC and collapsing white space. */
export function errorRates(read: string, truth: string): { characters: number; words: number } {
  const plain = (text: string) => text.normalize("NFC").replace(/\s+/g, " ").trim();
  const [a, b] = [plain(read), plain(truth)];
  return { characters: editDistance(a, b) / b.length, words: editDistance(a.split(" "), b.split(" ")) / b.split(" ").length };
}

type Rows = readonly (readonly string[])[];

/** Tables of Markdown with bars, their rule lines left out. */
export function markdownTables(source: string): string[][][] {
  const tables: string[][][] = [];
  let open: string[][] | undefined;
  for (const line of source.split("\n")) {
    if (!/^\s*\|.*\|\s*$/.test(line)) {
      open = undefined;
      continue;
    }
    if (open === undefined) tables.push((open = []));
    if (!/^[\s|:-]+$/.test(line) || !line.includes("-"))
      open.push(
        line
          .trim()
          .slice(1, -1)
          .split(/(?<!\\)\|/)
          .map((cell) => cell.replaceAll("\\|", "|")),
      );
  }
  return tables.filter((table) => table.length > 0);
}

const cell = (text: string | undefined) => plainWords(text ?? "").join(" ");

/** How many filled cells of the true tables stand in one row together, for layouts whose empty columns differ. */
export function scoreRows(read: readonly Rows[], truth: readonly Rows[]): { right: number; all: number } {
  const filled = (tables: readonly Rows[]) => tables.flat().map((row) => row.map(cell).filter((text) => text !== ""));
  const left = new Set(filled(read));
  let right = 0;
  let all = 0;
  for (const row of filled(truth)) {
    all += row.length;
    const ranked = [...left]
      .map((found) => ({ found, hits: row.filter((text) => found.includes(text)).length }))
      .sort((a, b) => b.hits - a.hits);
    const [best] = ranked;
    if (!best || best.hits === 0) continue;
    left.delete(best.found);
    right += best.hits;
  }
  return { right, all };
}

/** How many filled cells of the true tables stand at their row and column in the read table that fits each best. */
export function scoreCells(read: readonly Rows[], truth: readonly Rows[]): { right: number; all: number } {
  let right = 0;
  let all = 0;
  const left = new Set(read);
  for (const table of truth) {
    const expected = table.flatMap((row, y) => row.map((text, x) => ({ y, x, text: cell(text) }))).filter(({ text }) => text !== "");
    all += expected.length;
    let best: { rows: Rows; hits: number } | undefined;
    for (const rows of left) {
      const hits = expected.filter(({ y, x, text }) => cell(rows[y]?.[x]) === text).length;
      if (!best || hits > best.hits) best = { rows, hits };
    }
    if (best) left.delete(best.rows);
    right += best?.hits ?? 0;
  }
  return { right, all };
}
