/**
 * Quality tables: `node scripts/eval/run.ts [name…]`. Each evaluation is a module beside this one that exports
 * `evaluate(data)`, which returns the Markdown of docs/eval/<name>.md. The data folder is CROFT_DATA.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Evaluation = { evaluate(dataFolder: string): Promise<string> };

const evaluations: Record<string, () => Promise<Evaluation>> = {
  answers: () => import("./answers.ts"),
  claims: () => import("./claims.ts"),
  retrieval: () => import("./retrieval.ts"),
};

const data = process.env["CROFT_DATA"];
if (!data) throw new Error("Set CROFT_DATA to the folder of the test data.");
const wanted = process.argv.slice(2);
const folder = join(import.meta.dirname, "../../docs/eval");
mkdirSync(folder, { recursive: true });
for (const name of wanted.length > 0 ? wanted : Object.keys(evaluations)) {
  const load = evaluations[name];
  if (!load) throw new Error(`There is no evaluation ${name}; there are ${Object.keys(evaluations).join(", ")}.`);
  const markdown = await (await load()).evaluate(data);
  writeFileSync(join(folder, `${name}.md`), markdown);
  console.log(markdown);
}
