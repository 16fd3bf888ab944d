/**
 * Quality tables: `node scripts/eval/run.ts [--quick] [--large] [name…]`. Each evaluation is a module beside this one that
 * exports `evaluate(data)`, which returns the Markdown of docs/eval/<name>.md (docs/eval/told/<name>.md is put behind it), or `measure()`, whose result goes to
 * docs/benchmarks/<name>.json beside the speeds. The test data lie beside the checkout, or where CROFT_TEST_DATA
 * says. With `--quick`, sizes are small and results go to out/eval; a target that is missed fails the run. With
 * `--large`, those that have a larger form take that.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { missingData, testData } from "../../tests/helpers/test-data.ts";
import { describeMachine } from "../bench/lib/machine.ts";
import { type Result, summaryLines } from "../bench/lib/page.ts";
import { isMet, type Row } from "../bench/row.ts";
import { filesOf, type Report } from "./report.ts";

/** A page alone, or with its figures and a picture of them in files beside it. */
type Evaluation = { evaluate(dataFolder: string, size: { quick: boolean; large: boolean }): Promise<string | Report> };

const evaluations: Record<string, () => Promise<Evaluation>> = {
  answers: () => import("./answers.ts"),
  batch: () => import("./batch.ts"),
  documents: () => import("./documents.ts"),
  broad: () => import("./broad.ts"),
  claims: () => import("./claims.ts"),
  extraction: () => import("./extraction.ts"),
  evidence: () => import("./evidence.ts"),
  injection: () => import("./injection.ts"),
  retrieval: () => import("./retrieval.ts"),
};
/** They make their data themselves, and take long: only by name. */
const measurements: Record<string, () => Promise<Row>> = { big: () => import("./big.ts") };

const root = join(import.meta.dirname, "../..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, large: { type: "boolean", default: false } },
});

for (const name of positionals.length > 0 ? positionals : Object.keys(evaluations)) {
  const evaluation = evaluations[name];
  const measurement = measurements[name];
  if (evaluation) await evaluate(name, evaluation);
  else if (measurement) await measure(name, measurement);
  else throw new Error(`There is no evaluation ${name}; there are ${Object.keys({ ...evaluations, ...measurements }).join(", ")}.`);
}

async function evaluate(name: string, load: () => Promise<Evaluation>): Promise<void> {
  const absent = missingData("documents");
  if (absent !== undefined) return console.log(`${name} was not evaluated: ${absent}.`);
  const report = await (await load()).evaluate(testData("."), values);
  const files = typeof report === "string" ? { [`${name}.md`]: report } : filesOf(name, report, toldOf(name));
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folderOf("docs/eval"), file), content);
  console.log(files[`${name}.md`]);
}

async function measure(name: string, load: () => Promise<Row>): Promise<void> {
  const machine = await describeMachine();
  const startedAt = performance.now();
  const measured = await (await load()).measure({ quick: values.quick });
  const result: Result = {
    row: name,
    command: `npm run eval -- ${name}${values.quick ? " --quick" : ""}`,
    date: new Date().toISOString().slice(0, 10),
    machine,
    seconds: Math.round((performance.now() - startedAt) / 1000),
    ...("skipped" in measured ? measured : { measurement: measured }),
  };
  console.log(summaryLines(result).join("\n"));
  if ("skipped" in measured) return;
  writeFileSync(join(folderOf("docs/benchmarks"), `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
  if (measured.figures?.some((figure) => isMet(figure) === false)) process.exitCode = 1;
}

/** What people wrote about the figures: what was tried where a target is missed. */
function toldOf(name: string): string | undefined {
  const path = join(root, "docs/eval/told", `${name}.md`);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** Small sizes prove the evaluation, not the number: their results stay out of docs. */
function folderOf(folder: string): string {
  const path = values.quick ? join(root, "out/eval") : join(root, folder);
  mkdirSync(path, { recursive: true });
  return path;
}
