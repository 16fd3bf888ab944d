import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { Part } from "../documents.ts";
import { filesIn, type Outcome, percent, type Reader } from "./read-sets.ts";
import { strictXlsx } from "./strict-xlsx.ts";
import type { Figure } from "../../bench/row.ts";
import { markdownTables, scoreCells, scoreRows, textSimilarity } from "./text-scores.ts";
import { shareOf } from "./verdicts.ts";

type Scored = { set: string; name: string; similarity: number | undefined; cells: { right: number; all: number } | undefined };

const poor = 0.9;

/** Sets with a text or tables to compare with: web pages, Office files, books, and PDFs with their Markdown. */
export async function evaluateTexts(documents: string, read: Reader): Promise<Part> {
  const outcomes = new Map<string, Outcome[]>();
  const scored: Scored[] = [];
  for (const folder of ["html", "office", "epub", "markdown-truth"]) {
    for (const path of filesIn(join(documents, folder))) {
      const set = folder === "office" ? `office, ${extname(path).slice(1)}` : folder;
      const outcome = await read(path);
      outcomes.set(set, [...(outcomes.get(set) ?? []), outcome]);
      const score = scoreOf(outcome);
      if (score) scored.push({ set, name: basename(path), ...score });
    }
  }
  return {
    outcomes,
    figures: figuresOf(scored),
    tables: [`## Text and tables`, explanation, summary(scored), `### Files under ${poor}`, worst(scored)].join("\n\n"),
  };
}

/** Cells are facts; the texts to compare with are another program's, so their similarity is told and judges nobody. */
function figuresOf(scored: readonly Scored[]): Figure[] {
  const cells = scored.flatMap((score) => score.cells ?? []);
  const similar = scored.flatMap(({ similarity }) => similarity ?? []);
  return [
    shareOf(
      "cells of tables right",
      cells.reduce((sum, { right }) => sum + right, 0),
      cells.reduce((sum, { all }) => sum + all, 0),
      0.95,
    ),
    { name: "similarity of texts, mean", value: similar.reduce((sum, value) => sum + value, 0) / similar.length, unit: "" },
  ];
}

const explanation =
  "Similarity: 1 − edit distance / longer length over characters, without Markdown marks, against the Markdown beside each file; for html, office and epub that is another program's output and no human truth. It leaves out the comments of Word files and the notes of slides, which Croft reads, and the descriptions of some pictures. Cells: filled cells of the true tables that stand at their row and column, of PDFs those that stand in one row together; of workbooks the stored values of rows that are not empty, of which dates and rounded numbers are written by their format.";

function scoreOf({ path, document }: Outcome): { similarity: number | undefined; cells: Scored["cells"] } | undefined {
  if (!document) return undefined;
  const rows = document.tables.map((table) => table.rows);
  if (path.endsWith(".xlsx")) return { similarity: undefined, cells: scoreCells(rows, strictXlsx(readFileSync(path))) };
  const reference = [join(dirname(path), "reference", `${basename(path)}.md`), path.replace(/\.pdf$/, ".md")].find(
    (file) => file !== path && existsSync(file),
  );
  if (reference === undefined) return undefined;
  const truth = readFileSync(reference, "utf8");
  const tables = markdownTables(truth);
  return {
    similarity: textSimilarity(document.text, truth),
    cells: tables.length > 0 ? (path.endsWith(".pdf") ? scoreRows : scoreCells)(rows, tables) : undefined,
  };
}

function summary(scored: readonly Scored[]): string {
  const rows = [...new Set(scored.map(({ set }) => set))].map((set) => {
    const of = scored.filter((score) => score.set === set);
    const similar = of.flatMap(({ similarity }) => (similarity === undefined ? [] : [similarity]));
    const mean = similar.reduce((sum, value) => sum + value, 0) / similar.length;
    const cells = of.reduce((sum, score) => ({ right: sum.right + (score.cells?.right ?? 0), all: sum.all + (score.cells?.all ?? 0) }), {
      right: 0,
      all: 0,
    });
    const texts =
      similar.length > 0
        ? `${similar.length} | ${mean.toFixed(3)} | ${Math.min(...similar).toFixed(3)} | ${similar.filter((value) => value < poor).length}`
        : "– | – | – | –";
    return `| ${set} | ${texts} | ${cells.all > 0 ? `${percent(cells.right, cells.all)} of ${cells.all}` : "–"} |`;
  });
  return `| set | texts compared | mean similarity | lowest | under ${poor} | cells right |\n|---|---:|---:|---:|---:|---:|\n${rows.join("\n")}`;
}

function worst(scored: readonly Scored[]): string {
  const found = scored.filter(
    ({ similarity, cells }) => (similarity ?? 1) < poor || (cells !== undefined && cells.right < poor * cells.all),
  );
  const rows = found
    .sort((a, b) => (a.similarity ?? 1) - (b.similarity ?? 1))
    .map(
      ({ name, similarity, cells }) => `| ${name} | ${similarity?.toFixed(3) ?? "–"} | ${cells ? `${cells.right} of ${cells.all}` : "–"} |`,
    );
  return rows.length === 0 ? "None." : `| file | similarity | cells right |\n|---|---:|---:|\n${rows.join("\n")}`;
}
