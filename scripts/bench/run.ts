/**
 * Speed tables: `node scripts/bench/run.ts [row…]`. Each row is a module beside this one that exports `measure()`;
 * the result goes to docs/benchmarks/<row>.md with the command and the machine.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, platform, arch, totalmem } from "node:os";
import { join } from "node:path";
import type { Measurement } from "./row.ts";

const rows: Record<string, () => Promise<{ measure(): Promise<Measurement> }>> = {
  "vector-search": () => import("./vector-search.ts"),
  "hybrid-search": () => import("./hybrid-search.ts"),
};

const wanted = process.argv.slice(2);
const folder = join(import.meta.dirname, "../../docs/benchmarks");
mkdirSync(folder, { recursive: true });
for (const name of wanted.length > 0 ? wanted : Object.keys(rows)) {
  const load = rows[name];
  if (!load) throw new Error(`There is no row ${name}; there are ${Object.keys(rows).join(", ")}.`);
  const { title, notes, columns, lines } = await (await load()).measure();
  const machine = `${cpus()[0]?.model ?? "unknown"}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${arch()}, Node ${process.versions.node}`;
  const table = [columns, columns.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  const markdown = `# ${title}\n\n${table}\n\n${notes}\n\nMade by \`npm run bench -- ${name}\` on ${machine}.\n`;
  writeFileSync(join(folder, `${name}.md`), markdown);
  console.log(markdown);
}
