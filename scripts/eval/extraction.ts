/**
 * Fields of invoices: the development set with rules alone, with the model alone and with both; and generated invoices that
 * nothing was written for, with and without faults. `CROFT_EVAL_INVOICES` (default 100) says how many are generated,
 * `CROFT_EVAL_SEED` from which seed, `CROFT_EVAL_MODEL=none` leaves the model out, `CROFT_EVAL_MISTAKES=1` lists what was wrong.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProcessFile, type ReadFile } from "../../src/main/features/batch/run/process-file.ts";
import { readByModel } from "../../src/main/features/batch/extract/model/read-by-model.ts";
import { viewDocument } from "../../src/main/features/batch/extract/document-view.ts";
import { extract } from "../../src/main/features/batch/extract/extract.ts";
import { parseRecipe } from "../../src/main/features/batch/recipes/parse-recipe.ts";
import { createJudge, type Judge } from "../../src/main/features/batch/review/judge-record.ts";
import { compileSchema } from "../../src/main/features/batch/validate/schema.ts";
import { eachValue, plainRecord } from "../../src/main/features/batch/validate/values.ts";
import { createCostStore } from "../../src/main/features/batch/scan/cost-store.ts";
import { localProvider } from "../../src/main/providers/local-provider.ts";
import type { ChatModel } from "../../src/main/providers/chat-model.ts";
import { createTruth } from "../../src/main/db/truth.ts";
import { openDatabase } from "../../src/main/db/open.ts";
import type { Fields } from "../../src/shared/contract/batch.ts";
import type { Recipe } from "../../src/shared/contract/recipe.ts";
import { openReading } from "../../tests/helpers/reading-engines.ts";
import { modelFolder } from "../../tests/helpers/models.ts";
import { openGeneration } from "./lib/open-generation.ts";
import { errorKinds, makeInvoice } from "./lib/make-invoices.ts";
import { evaluatePapers } from "./papers.ts";
import { emptyScore, type Expected, type Score, scoreRecord, summary } from "./lib/score-fields.ts";

const MODEL = "qwen2.5-coder-1.5b-instruct";
const generated = Number(process.env["CROFT_EVAL_INVOICES"] ?? 100);
const withoutModel = process.env["CROFT_EVAL_MODEL"] === "none";
const firstSeed = Number(process.env["CROFT_EVAL_SEED"] ?? 1);

export async function evaluate(dataFolder: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "croft-eval-"));
  const engines = openReading();
  const generation = openGeneration();
  const truth = createTruth(openDatabase(folder, Date.now), folder, Date.now);
  try {
    const { recipe } = parseRecipe(readFileSync(join(import.meta.dirname, "../../resources/recipes/invoice.json"), "utf8"));
    if (!recipe) throw new Error("The recipe of invoices is broken.");
    const withLanguages: Recipe = { ...recipe, ocr: { mode: "auto", languages: ["eng", "deu"] } };
    const judge = await createJudge(withLanguages);
    const readFile = createProcessFile({ reading: engines.reading, costs: createCostStore(truth), now: () => performance.now() });
    const path = withoutModel ? undefined : modelFolder(MODEL);
    const gguf = path && readdirSync(path).find((name) => name.endsWith(".gguf"));
    const model =
      path && gguf
        ? await localProvider({
            host: generation.host,
            resolveGguf: async () => ({ path: join(path, gguf), trainContextTokens: 0 }),
            threads: () => 2,
            sequences: 1,
            contextTokens: () => 4096,
          })(MODEL)
        : undefined;
    const read = (file: string, with_: ChatModel | undefined) =>
      readFile(file, { recipe: withLanguages, judge, model: with_, passwords: [] }, new AbortController().signal);
    return [
      "# Extraction",
      "Made by `npm run eval -- extraction`. Values are compared as the notice of the set says; line items cell by cell, matched by description. Sure means `sure` ≥ 0.9. Reading and recognition count into the time.",
      await developmentSet(join(dataFolder, "extraction", "invoices"), withLanguages, judge, read, model),
      await unseen(folder, judge, read),
      await evaluatePapers(),
      "",
    ].join("\n\n");
  } finally {
    truth.close();
    await Promise.all([engines.close(), generation.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

type Read = (file: string, model: ChatModel | undefined) => Promise<ReadFile>;

async function developmentSet(folder: string, recipe: Recipe, judge: Judge, read: Read, model: ChatModel | undefined): Promise<string> {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".pdf"))
    .map((name) => name.slice(0, -4));
  const ways: [string, (file: string) => Promise<Fields>][] = [
    ["rules alone", async (file) => first(await read(file, undefined))],
    ...(model
      ? ([
          [
            "model alone",
            async (file) => {
              const { document } = await read(file, undefined);
              return readByModel(extract(viewDocument(document), recipe), recipe, model, new AbortController().signal, "all");
            },
          ],
          ["rules and model", async (file) => first(await read(file, model))],
        ] as [string, (file: string) => Promise<Fields>][])
      : []),
  ];
  const check = compileSchema(recipe.schema);
  const rows: string[] = [];
  const fields: string[] = [];
  const mistakes: string[] = [];
  for (const [way, readFields] of ways) {
    const score = emptyScore();
    let valid = 0;
    const startedAt = performance.now();
    for (const name of names) {
      const found = await readFields(join(folder, `${name}.pdf`));
      const { expected, lines } = expectedOf(readFileSync(join(folder, `${name}.json`), "utf8"));
      const own = way === "model alone" ? Object.fromEntries(Object.entries(found).filter(([field]) => field !== "lines")) : found;
      scoreRecord(score, name, expected, way === "model alone" ? [] : lines, judge(own, [], false).fields);
      if (check(plainRecord(judge(found, [], false).fields)).length === 0) valid += 1;
    }
    const seconds = (performance.now() - startedAt) / 1000;
    rows.push(row(way, score, `${valid} of ${names.length}`, seconds / names.length));
    if (way !== "model alone")
      fields.push(
        `| ${way} | ${[...score.byField].map(([field, { right, wrong, missing }]) => `${field} ${right}/${wrong}/${missing}`).join(", ")} |`,
      );
    mistakes.push(...score.mistakes.map((text) => `${way}: ${text}`));
  }
  if (process.env["CROFT_EVAL_MISTAKES"]) console.error(mistakes.join("\n"));
  return [
    `## Development set\n\n${names.length} invoices in English, French, German and Dutch. ${model ? `Model: ${MODEL}. The model alone is asked for the fields, not for lines.` : "Rules alone: the model was left out or is not installed."}`,
    head,
    rows.join("\n"),
    "",
    "| way | fields: right/wrong/missing |\n|---|---|",
    fields.join("\n"),
  ].join("\n");
}

async function unseen(folder: string, judge: Judge, read: Read): Promise<string> {
  const score = emptyScore();
  let [flaggedGood, flaggedBad] = [0, 0];
  const missedKinds: string[] = [];
  const startedAt = performance.now();
  for (let index = 0; index < generated; index += 1) {
    for (const error of [undefined, errorKinds[index % errorKinds.length]]) {
      const made = makeInvoice(firstSeed + index + (error ? 100_000 : 0), error);
      const path = join(folder, made.name);
      writeFileSync(path, made.pdf);
      const fields = first(await read(path, undefined));
      const stood = judge(fields, [], false);
      const isFlagged = stood.flags.length > 0 || [...eachValue(stood.fields)].some(([, { flags }]) => flags.length > 0);
      rmSync(path);
      if (error !== undefined) {
        flaggedBad += Number(isFlagged);
        if (!isFlagged) missedKinds.push(`${error} (${made.name})`);
        continue;
      }
      flaggedGood += Number(isFlagged);
      const { lines, ...scalarTruth } = made.truth;
      const expected: Expected = Object.fromEntries(
        Object.entries(scalarTruth).map(([name, value]) => [name, value === null ? null : [value]]),
      );
      scoreRecord(score, made.name, expected, lines, stood.fields);
    }
  }
  const seconds = (performance.now() - startedAt) / 1000;
  if (process.env["CROFT_EVAL_MISTAKES"]) console.error(score.mistakes.join("\n"));
  return [
    `## Generated invoices\n\n${generated} correct ones and ${generated} with a seeded fault (wrong sum, swapped dates, broken IBAN, broken VAT number, wrong line), seven languages, three layouts, seeds from ${firstSeed}; rules alone. They are easier than real ones: the layouts are clean.`,
    head,
    row("rules alone", score, "", seconds / generated / 2),
    "",
    `Faults flagged: ${flaggedBad} of ${generated}${missedKinds.length > 0 ? ` (missed: ${missedKinds.slice(0, 10).join(", ")})` : ""}. Correct documents flagged: ${flaggedGood} of ${generated}.`,
    "",
    "| sure | values | right |\n|---|---|---|",
    score.bands
      .flatMap(({ right, all }, band) => (all > 0 ? [`| ${band / 10}–${(band + 1) / 10} | ${all} | ${(right / all).toFixed(3)} |`] : []))
      .join("\n"),
  ].join("\n");
}

const head =
  "| way | precision | recall | F1 | wrong but sure, of all values | right, of the sure | valid by schema | s a document |\n|---|---|---|---|---|---|---|---|";

function row(way: string, score: Score, valid: string, seconds: number): string {
  const { precision, recall, f1, wrongButSure, sureRight } = summary(score);
  return `| ${[way, precision.toFixed(3), recall.toFixed(3), f1.toFixed(3), wrongButSure.toFixed(3), sureRight.toFixed(3), valid, seconds.toFixed(2)].join(" | ")} |`;
}

const first = ({ parts }: ReadFile): Fields => parts[0]?.fields ?? {};

/** The core fields that the notice of the set names, in the recipe's names. What a template did not look for is not held against anybody. */
function expectedOf(text: string): { expected: Expected; lines: Record<string, string | number>[] } {
  const [truth] = JSON.parse(text) as Record<string, unknown>[];
  if (!truth) throw new Error("The expected values are missing.");
  const some = (...names: string[]) => {
    const found = names.flatMap((name) =>
      typeof truth[name] === "string" || typeof truth[name] === "number" ? [truth[name] as string | number] : [],
    );
    return found.length > 0 ? found : undefined;
  };
  const fields: Record<string, (string | number)[] | undefined> = {
    vendor: some("issuer", "partner_name"),
    invoice_number: some("invoice_number"),
    date: some("date"),
    due_date: some("date_due"),
    currency: some("currency"),
    net: some("amount_untaxed"),
    tax: some("amount_tax"),
    total: some("amount"),
    vat_id: some("vat", "static_vat"),
    iban: some("iban"),
  };
  const lines = (Array.isArray(truth["lines"]) ? (truth["lines"] as Record<string, unknown>[]) : []).flatMap((line) => {
    const name = line["name"] ?? line["desc"];
    if (typeof name !== "string") return [];
    const numbers = { quantity: line["qty"], unit_price: line["price_unit"] ?? line["price"], amount: line["price_subtotal"] };
    return [
      {
        description: name,
        ...Object.fromEntries(Object.entries(numbers).flatMap(([key, value]) => (value === undefined ? [] : [[key, Number(value)]]))),
      },
    ];
  });
  return { expected: Object.fromEntries(Object.entries(fields).flatMap(([name, values]) => (values ? [[name, values]] : []))), lines };
}
