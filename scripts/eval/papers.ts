/**
 * Fields of papers of five kinds in six languages whose words the recipes do not know: rules alone, the model alone and
 * both, on the text, so that neither reading nor recognition counts. `CROFT_EVAL_PAPERS` (default 300) by rules,
 * `CROFT_EVAL_PAPERS_MODEL` (default 15) of them by the model too, `CROFT_EVAL_SEED` from which seed, `CROFT_EVAL_MODEL`
 * which model (`none` leaves it out), `CROFT_EVAL_MISTAKES=1` lists what was wrong.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { viewDocument } from "../../src/main/features/batch/extract/document-view.ts";
import { extract } from "../../src/main/features/batch/extract/extract.ts";
import { readByModel } from "../../src/main/features/batch/extract/model/read-by-model.ts";
import { parseRecipe } from "../../src/main/features/batch/recipes/parse-recipe.ts";
import { localProvider } from "../../src/main/providers/local-provider.ts";
import type { ChatModel } from "../../src/main/providers/chat-model.ts";
import type { Fields } from "../../src/shared/contract/batch.ts";
import type { Recipe } from "../../src/shared/contract/recipe.ts";
import { modelFolder } from "../../tests/helpers/models.ts";
import { openGeneration } from "./lib/open-generation.ts";
import { makePaper, type Paper, type PaperKind, paperKinds } from "./lib/make-papers.ts";
import { emptyScore, type Score, scoreRecord, summary } from "./lib/score-fields.ts";

const byRules = Number(process.env["CROFT_EVAL_PAPERS"] ?? 300);
const byModel = Number(process.env["CROFT_EVAL_PAPERS_MODEL"] ?? 15);
const firstSeed = Number(process.env["CROFT_EVAL_SEED"] ?? 50_000);
const modelId = process.env["CROFT_EVAL_MODEL"] ?? "qwen2.5-coder-1.5b-instruct";

type Way = (paper: Paper, recipe: Recipe) => Promise<Fields>;

/** The section on papers, for the page on extraction. */
export async function evaluatePapers(): Promise<string> {
  const recipes = new Map(paperKinds.map((kind) => [kind, recipeOf(kind)]));
  const rules: Way = async (paper, recipe) => extract(viewDocument(paper.read), recipe).fields;
  const all = await score(byRules, recipes, rules);
  const rows = [row("rules alone", byRules, all)];
  const few: string[] = [];
  await withModel(async (model) => {
    const signal = new AbortController().signal;
    const ways: [string, Way][] = [
      ["rules alone", rules],
      ["rules and model", (paper, recipe) => readByModel(extract(viewDocument(paper.read), recipe), recipe, model, signal)],
      ["model alone", (paper, recipe) => readByModel(extract(viewDocument(paper.read), recipe), recipe, model, signal, "all")],
    ];
    for (const [name, way] of ways) {
      few.push(row(name, byModel, await score(byModel, recipes, way)));
      console.error(few.at(-1));
    }
  });
  if (process.env["CROFT_EVAL_MISTAKES"]) console.error(all.score.mistakes.join("\n"));
  return [
    `## Papers in words that the recipes do not know\n\nInvoices, receipts, contracts, minutes and résumés in six languages and four layouts, everyday and odd labels mixed, seeds from ${firstSeed}; fields of one value. Written for measuring, and not looked at while the rules were made.`,
    `| way | papers | precision | recall | F1 | wrong but sure, of all values | right, of the sure | papers a minute |\n|---|---|---|---|---|---|---|---|`,
    [...rows, ...few].join("\n"),
    "",
    `| kind | right / wrong / missing, by rules |\n|---|---|`,
    [...all.byKind].map(([kind, { right, wrong, missing }]) => `| ${kind} | ${right} / ${wrong} / ${missing} |`).join("\n"),
    "",
    "| sure | values | right |\n|---|---|---|",
    all.score.bands
      .flatMap(({ right, all: count }, band) =>
        count > 0 ? [`| ${band / 10}–${(band + 1) / 10} | ${count} | ${(right / count).toFixed(3)} |`] : [],
      )
      .join("\n"),
  ].join("\n");
}

/** What recipes ask to be written freely has no right answer. */
function recipeOf(kind: PaperKind): Recipe {
  const { recipe } = parseRecipe(readFileSync(join(import.meta.dirname, `../../resources/recipes/${kind}.json`), "utf8"));
  if (!recipe) throw new Error(`The recipe ${kind} is broken.`);
  const properties = Object.fromEntries(Object.entries(recipe.schema.properties).filter(([, schema]) => schema["x-kind"] !== "free"));
  return { ...recipe, schema: { ...recipe.schema, properties, required: Object.keys(properties) } };
}

async function score(count: number, recipes: ReadonlyMap<PaperKind, Recipe>, way: Way) {
  const score = emptyScore();
  const byKind = new Map<PaperKind, Score>();
  const startedAt = performance.now();
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const paper = makePaper(seed);
    const recipe = recipes.get(paper.kind);
    if (!recipe) continue;
    const fields = await way(paper, recipe);
    const expected = Object.fromEntries(Object.entries(paper.truth).map(([name, value]) => [name, value === null ? null : [value]]));
    const own = byKind.get(paper.kind) ?? emptyScore();
    byKind.set(paper.kind, own);
    for (const each of [score, own]) scoreRecord(each, paper.name, expected, [], fields);
  }
  return { score, byKind, minutes: (performance.now() - startedAt) / 60_000 };
}

function row(way: string, count: number, { score, minutes }: { score: Score; minutes: number }): string {
  const { precision, recall, f1, wrongButSure, sureRight } = summary(score);
  const numbers = [precision, recall, f1, wrongButSure, sureRight].map((number) => number.toFixed(3));
  return `| ${[way, count, ...numbers, (count / minutes).toFixed(1)].join(" | ")} |`;
}

async function withModel(use: (model: ChatModel) => Promise<void>): Promise<void> {
  const path = modelId === "none" ? undefined : modelFolder(modelId);
  const gguf = path && readdirSync(path).find((name) => name.endsWith(".gguf"));
  if (!path || !gguf) return;
  const generation = openGeneration();
  try {
    const provider = localProvider({
      host: generation.host,
      resolveGguf: async () => ({ path: join(path, gguf), trainContextTokens: 0 }),
      threads: () => 2,
      sequences: 1,
      contextTokens: () => 4096,
    });
    await use(await provider(modelId));
  } finally {
    await generation.close();
  }
}
