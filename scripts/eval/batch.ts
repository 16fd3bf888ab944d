/**
 * Batch documents as they are used: a folder of a hundred files of every sort, run by rules alone with a server that is killed
 * with -9 ten times on the way, and exported; with `--large` a thousand generated documents without kills, for the speed.
 * Linux only, since memory is taken from /proc. Each of the two writes its own section of docs/eval/batch.md.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { exportFormats, type BatchResult } from "../../src/shared/contract/batch.ts";
import { isFinished } from "../../src/main/features/batch/export/export-run.ts";
import { tablesOf } from "../../src/main/features/batch/export/tables.ts";
import { jobEnd, withFolder } from "../bench/lib/open-core.ts";
import { programs, type ServerProcess } from "../bench/lib/server-process.ts";
import { seeded } from "../../tests/helpers/random-text.ts";
import { allResults } from "./lib/batch/all-results.ts";
import { type KilledRun, runWithKills } from "./lib/batch/killed-run.ts";
import { largeFiles, mixedFiles, type MixedFile, password } from "./lib/batch/mixed-files.ts";
import { compareCells, libreOffice, openWithLibreOffice } from "./lib/batch/spreadsheet.ts";
import { judgeRun, type Verdict } from "./lib/batch/verdict.ts";
import { table } from "./report.ts";

const seed = 8;
const kills = 10;
const largeCount = 1_000;
/** So long a kill waits at most when its number of files is settled: somewhere in the middle of the next ones. */
const longestDelayMs = 400;

export async function evaluate(dataFolder: string, { large, quick }: { large: boolean; quick: boolean }): Promise<string> {
  const page = join(import.meta.dirname, "../../docs/eval/batch.md");
  const before = existsSync(page) ? readFileSync(page, "utf8") : "";
  const sections = new Map(
    before
      .split(/^## /mu)
      .slice(1)
      .map((section) => [section.split("\n")[0] ?? "", `## ${section.trim()}`]),
  );
  const files = large ? largeFiles(quick ? 60 : largeCount) : mixedFiles;
  const title = large ? "A thousand documents" : "A hundred files and ten kills";
  const text =
    process.platform === "linux"
      ? await measure(dataFolder, files, large)
      : "Not run: processes are looked at through /proc, which only Linux has.";
  sections.set(title, `## ${title}\n\n${text}`);
  const head =
    "# Batch documents\n\nMade by `npm run eval -- batch` and `npm run eval -- batch --large`: the recipe of invoices by rules alone, on every file.";
  return `${[head, ...sections.values()].join("\n\n")}\n`;
}

function measure(dataFolder: string, files: readonly MixedFile[], large: boolean): Promise<string> {
  return withFolder(async (root) => {
    const paths = { program: programs()[0]?.path ?? "", profile: join(root, "profile"), folder: join(root, "documents") };
    for (const { name, make } of files) {
      const path = join(paths.folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, await make(dataFolder));
    }
    console.error(`${files.length} files are written`);
    const killed = await runWithKills(paths, large ? [] : killPoints(files.length));
    const { server, run } = killed;
    try {
      if (!large) await retryWithPasswords(server, run);
      const { client } = server;
      const recipe = await client.batch.getRecipe({ name: "invoice" });
      const results = await allResults(client, run);
      const verdict = judgeRun(files, paths.folder, results, recipe, killed.acknowledged);
      const tables = tablesOf(recipe);
      const exported = await exportAll(server, run, join(root, "exports"), { tables, results: results.filter(isFinished) });
      const { counts } = await client.batch.showRun({ run });
      if (counts.pending > 0) verdict.faults.push(`${counts.pending} files still wait`);
      return report(files, killed, verdict, [...exported], large);
    } finally {
      await server.stop();
    }
  });
}

/** Ten numbers of settled files, drawn from a seed. */
function killPoints(files: number): { settled: number; delayMs: number }[] {
  const random = seeded(seed);
  return Array.from({ length: kills }, () => Math.floor(files * 0.9 * random()))
    .sort((a, b) => a - b)
    .map((settled) => ({ settled, delayMs: Math.floor(longestDelayMs * random()) }));
}

/** Passwords are kept in memory alone: after a kill they are given again. The others are tried again, and end as they did. */
async function retryWithPasswords(server: ServerProcess, run: string): Promise<void> {
  const { jobId } = await server.client.batch.retry({ run, passwords: ["another", password] });
  await jobEnd(server.client, jobId);
}

async function exportAll(
  { client }: ServerProcess,
  run: string,
  folder: string,
  { tables, results }: { tables: ReturnType<typeof tablesOf>; results: readonly BatchResult[] },
): Promise<string[]> {
  const lines: string[] = [];
  mkdirSync(folder, { recursive: true });
  for (const format of exportFormats) {
    const startedAt = performance.now();
    const { manifest } = await client.batch.export({ run, format, out: join(folder, `out.${format}`), force: true });
    const bytes = manifest.outputs.reduce((sum, output) => sum + output.bytes, 0);
    lines.push(
      `${format}: ${manifest.counts.documents} documents and ${manifest.counts.rows} lines, ${(bytes / 1024).toFixed(0)} kB in ${Math.round(performance.now() - startedAt)} ms.`,
    );
  }
  const version = await libreOffice();
  if (version === undefined) {
    const skipped = "**The exports were not opened in LibreOffice: there is no `soffice` here.**";
    console.error(skipped);
    return [...lines, skipped];
  }
  for (const format of ["csv", "xlsx"] as const) {
    const sums = { cells: 0, numbers: 0, dates: 0, retyped: 0, wrong: [] as string[] };
    const open = async (file: string) => openWithLibreOffice(join(folder, file), join(folder, `opened-${file}`));
    const book = format === "xlsx" ? await open("out.xlsx") : undefined;
    for (const [at, one] of tables.entries()) {
      const sheet = book ? book.get(one.name) : [...(await open(at === 0 ? "out.csv" : `out.${one.name}.csv`)).values()][0];
      const { cells, numbers, dates, retyped, wrong } = compareCells(one, results, sheet, format === "xlsx");
      sums.cells += cells;
      sums.numbers += numbers;
      sums.dates += dates;
      sums.retyped += retyped;
      sums.wrong.push(...wrong);
    }
    for (const line of sums.wrong.slice(0, 20)) console.error(line);
    lines.push(
      `${format} opened in ${version}: ${sums.cells} cells compared, ${sums.numbers} are numbers and ${sums.dates} dates, ${sums.wrong.length} differ${sums.wrong.length > 0 ? ` (${sums.wrong.slice(0, 3).join("; ")})` : ""}${format === "csv" ? `; ${sums.retyped} texts, such as numbers of invoices, it takes for numbers or dates, since CSV has no types` : ""}.`,
    );
  }
  return lines;
}

function report(files: readonly MixedFile[], killed: KilledRun, verdict: Verdict, exported: readonly string[], large: boolean): string {
  for (const fault of verdict.faults) console.error(`FAULT ${fault}`);
  if (verdict.faults.length > 0) process.exitCode = 1;
  const { ends, faults } = verdict;
  const total = { files: 0, done: 0, review: 0, dead: 0 };
  for (const one of ends.values()) for (const key of ["files", "done", "review", "dead"] as const) total[key] += one[key];
  const minutes = killed.ms / 60_000;
  const reasons = [...verdict.reasons].sort((a, b) => b[1] - a[1]).map(([code, count]) => `${count} ${code}`);
  const sound = killed.kills.every((kill) => kill.sound);
  const orphans = killed.kills.reduce((sum, kill) => sum + kill.orphans, 0);
  return [
    table(
      ["Files", "how many", "done", "to review", "dead letter"],
      [...ends, ["all", total] as const].map(([kind, of]) => [kind, of.files, of.done, of.review, of.dead]),
    ),
    `- ${faults.length === 0 ? `All ${files.length} files ended in exactly one state, each that should be read with a record and each that cannot be with a reason.` : `**${faults.length} faults:** ${faults.slice(0, 10).join("; ")}.`}`,
    `- Reasons: ${reasons.join(", ") || "none"}.`,
    large
      ? ""
      : `- ${killed.kills.length} kills, at ${killed.kills.map(({ settled }) => settled).join(", ")} settled files: ${killed.acknowledged.size} documents had been told of before, and all are there, each content once. The database was ${sound ? "sound" : "**damaged**"} after each; ${orphans} processes lived on for more than 10 s after their server.`,
    `- ${verdict.valid} records are valid by their schema, ${verdict.flaggedInvalid} are not and are flagged.`,
    `- ${(killed.ms / 1000).toFixed(0)} s${large ? "" : " with all new starts"}: ${(files.length / minutes).toFixed(0)} files and ${(verdict.pages / minutes).toFixed(0)} pages a minute; memory of all processes together at most ${(killed.peakBytes / 2 ** 20).toFixed(0)} MB. ${availableParallelism()} cores, other work beside it.`,
    ...exported.map((line) => `- ${line}`),
  ]
    .filter((line) => line !== "")
    .join("\n")
    .replace("\n- ", "\n\n- ");
}
