/**
 * Speed tables: `node scripts/bench/run.ts [--quick] [row…]`. Each row is a module beside this one that exports
 * `measure()`, run in a process of its own; the result goes to docs/benchmarks/<row>.json, and docs/benchmarks.md and
 * pictures beside the results are made of all that are there, with what docs/benchmarks/<row>.md says of a row. With `--quick` sizes are tiny and both go to out/bench, since the numbers mean little.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine } from "./lib/machine.ts";
import { makePage, pictureOf, type Result, summaryLines } from "./lib/page.ts";
import { openPeer } from "./lib/peer.ts";
import type { Measurement, Skipped } from "./row.ts";
import { rowNames } from "./rows.ts";

const root = join(import.meta.dirname, "../..");
/** A row that takes longer hangs. */
const limitMs = 6 * 60_000;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: "boolean", default: false } } });
const unknown = positionals.find((name) => !rowNames.includes(name));
if (unknown !== undefined) {
  console.error(`There is no row ${unknown}; there are ${rowNames.join(", ")}.`);
  process.exit(2);
}
const page = values.quick ? join(root, "out/bench/benchmarks.md") : join(root, "docs/benchmarks.md");
const folder = values.quick ? join(root, "out/bench/results") : join(root, "docs/benchmarks");
mkdirSync(folder, { recursive: true });

for (const name of positionals.length > 0 ? positionals : rowNames) {
  console.log(`\n${name} …`);
  const machine = await describeMachine();
  const startedAt = performance.now();
  const outcome = await measureApart(name);
  const result: Result = {
    row: name,
    command: `npm run bench -- ${values.quick ? "--quick " : ""}${name}`,
    date: new Date().toISOString().slice(0, 10),
    machine,
    seconds: Math.round((performance.now() - startedAt) / 1000),
    ...outcome,
  };
  // A row that could not run takes no former result away.
  if ("measurement" in result) writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
  else process.exitCode = "failed" in result ? 1 : process.exitCode;
  console.log(summaryLines(result).join("\n"));
  const results = readResults();
  writeFileSync(page, makePage(results, basename(folder)));
  for (const { row, ...more } of results) {
    const picture = "measurement" in more ? pictureOf(more.measurement) : undefined;
    if (picture) writeFileSync(join(folder, `${row}.svg`), picture);
  }
}
console.log(`\n${page}`);

async function measureApart(name: string): Promise<{ measurement: Measurement } | { skipped: string } | { failed: string }> {
  const peer = openPeer<{ name: string; quick: boolean }, Measurement | Skipped>(new URL("./run-row.ts", import.meta.url));
  const timer = setTimeout(() => peer.end(), limitMs);
  try {
    const measured = await peer.call({ name, quick: values.quick });
    return "skipped" in measured ? measured : { measurement: measured };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
    peer.end();
  }
}

function readResults(): Result[] {
  const files = new Set(readdirSync(folder));
  // What an evaluation measured stands on the same page.
  return [...rowNames, "big"]
    .filter((name) => files.has(`${name}.json`))
    .map((name) => ({
      ...(JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Result),
      ...(files.has(`${name}.md`) ? { told: readFileSync(join(folder, `${name}.md`), "utf8") } : {}),
    }));
}
