import { join } from "node:path";
import type { Figure } from "../bench/row.ts";
import { openReading } from "../../tests/helpers/reading-engines.ts";
import { evaluateMail } from "./lib/mail.ts";
import { evaluateOcr } from "./lib/ocr.ts";
import { evaluatePdfs } from "./lib/pdf-facts.ts";
import { outcomeHead, outcomeRow, readerOf, type Outcome } from "./lib/read-sets.ts";
import { evaluateTexts } from "./lib/text-sets.ts";
import { outcomeFigures, verdictTable } from "./lib/verdicts.ts";

/** What one evaluation read, by set, its tables, and what is held to a target. */
export type Part = { outcomes: Map<string, Outcome[]>; tables: string; figures: Figure[] };

/** Reads every document of the test data through the real engines and scores it as the notices of the sets say. */
export async function evaluate(dataFolder: string): Promise<string> {
  const engines = openReading();
  try {
    const read = readerOf(engines);
    const documents = join(dataFolder, "documents");
    const texts = await evaluateTexts(documents, read);
    const pdfs = await evaluatePdfs(documents, read);
    const mail = await evaluateMail(join(documents, "mail"), read);
    const ocr = await evaluateOcr(join(dataFolder, "ocr"), read);
    const parts = [texts, pdfs, mail, ocr];
    const all = parts.flatMap(({ outcomes }) => [...outcomes.values()].flat());
    const figures = [...outcomeFigures(all), ...parts.flatMap((part) => part.figures)];
    const rows = parts.flatMap(({ outcomes }) => [...outcomes].map(([name, found]) => outcomeRow(name, found)));
    return [
      "# Reading documents",
      "`node scripts/eval/run.ts documents`, with the test data beside the checkout or in `CROFT_TEST_DATA`. Every file goes through the readers' process and, where pages hold no text, through recognition.",
      "## Verdicts",
      verdictTable(figures),
      "## Outcomes",
      "A refusal is an answer with a code: of damaged, empty and locked files it is the right one. A crash is a readers' process that ended under a file; a time-out is a file that was given up.",
      `${outcomeHead}\n${rows.join("\n")}`,
      texts.tables,
      pdfs.tables,
      mail.tables,
      ocr.tables,
      "",
    ].join("\n\n");
  } finally {
    await engines.close();
  }
}
