/**
 * Quality tables: `node scripts/eval/run.ts [name…]`. Each evaluation is a module beside this one that exports
 * `evaluate(data)`, which returns the Markdown of docs/eval/<name>.md. The test data lie beside the checkout, or where CROFT_TEST_DATA says.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { missingData, testData } from "../../tests/helpers/test-data.ts";

type Evaluation = { evaluate(dataFolder: string): Promise<string> };

const evaluations: Record<string, () => Promise<Evaluation>> = {
  answers: () => import("./answers.ts"),
  documents: () => import("./documents.ts"),
  claims: () => import("./claims.ts"),
  retrieval: () => import("./retrieval.ts"),
};

const absent = missingData("documents");
if (absent !== undefined) {
  console.log(`Nothing was evaluated: ${absent}.`);
  process.exit(0);
}
const wanted = process.argv.slice(2);
const folder = join(import.meta.dirname, "../../docs/eval");
mkdirSync(folder, { recursive: true });
for (const name of wanted.length > 0 ? wanted : Object.keys(evaluations)) {
  const load = evaluations[name];
  if (!load) throw new Error(`There is no evaluation ${name}; there are ${Object.keys(evaluations).join(", ")}.`);
  const markdown = await (await load()).evaluate(testData("."));
  writeFileSync(join(folder, `${name}.md`), markdown);
  console.log(markdown);
}
