/**
 * A big collection from beginning to end: files of ten kinds in three languages, 5 % of them broken, indexed by the
 * headless server, which is killed on the way. What is promised of it is counted against the generator's own list.
 * Linux only, since memory and reads are taken from /proc.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { Coverage } from "../../src/shared/contract/knowledge.ts";
import { modelsFolder } from "../../tests/helpers/models.ts";
import { seeded } from "../../tests/helpers/random-text.ts";
import { missing } from "../bench/lib/needs.ts";
import { withFolder } from "../bench/lib/open-core.ts";
import { programs } from "../bench/lib/server-process.ts";
import type { Figure, Measurement, Skipped } from "../bench/row.ts";
import { disagreements, fileRows, misfit } from "./lib/big/agreement.ts";
import { findFacts } from "./lib/big/find-facts.ts";
import { indexWithKills, type Killed } from "./lib/big/killed-run.ts";
import { planCollection, type PlannedFile } from "./lib/big/plan.ts";
import { type SecondSync, syncAgain } from "./lib/big/second-sync.ts";
import { writeCollection } from "./lib/big/write-collection.ts";

const collection = "big";
const seed = 20;
const memoryMb = 3072;
const gigabyte = 2 ** 30;

export async function measure({ quick }: { quick: boolean }): Promise<Measurement | Skipped> {
  if (process.platform !== "linux") return { skipped: "processes are looked at through /proc, which only Linux has" };
  const skipped = missing("bge-small-en-v1.5");
  if (skipped) return { skipped };
  return withFolder(async (folder) => {
    const paths = { program: programs()[0]?.path ?? "", profile: join(folder, "profile"), root: join(folder, "documents") };
    const files = planCollection(quick ? "quick" : "full", seed);
    const bytes = await writeCollection(paths.root, files);
    console.error(`${files.length} files, ${Math.round(bytes / 2 ** 20)} MB`);
    const startedAt = performance.now();
    const killed = await indexWithKills(paths, killPoints(files, quick ? 4 : 5), () => addByCommand(paths));
    const seconds = (performance.now() - startedAt) / 1000;
    console.error(`indexed in ${Math.round(seconds)} s`);
    const { server } = killed;
    try {
      const coverage = Coverage.parse(await command(paths, ["kb", "status", collection]));
      const listed = fileRows(paths.profile, paths.root);
      const misfits = files.flatMap((file) => {
        const why = misfit(file, listed.get(file.path));
        return why ? [`${file.kind} ${file.path}: ${why}`] : [];
      });
      const planned = new Set(files.map(({ path }) => path));
      for (const [path, { container, state }] of listed) {
        if (container === null && !planned.has(path)) misfits.push(`${path}: it is not in the plan`);
        if (container !== null && state !== "indexed") misfits.push(`${path}: it lies in a sound mail and is ${state}`);
      }
      const isScan = ({ kind }: PlannedFile) => kind.startsWith("scanned");
      const ask = { collection, root: paths.root, query: ({ code }: { code: string }) => code, mode: "keyword" as const, limit: 3 };
      const written = await findFacts(
        server.client,
        files.filter((file) => !isScan(file) && file.kind !== "copy"),
        ask,
      );
      const scanned = await findFacts(
        server.client,
        files.filter((file) => isScan(file)),
        ask,
      );
      const asked = files.filter(({ facts, language }) => facts.length > 0 && language === "en").filter((_, index) => index % 20 === 0);
      const hybrid = await findFacts(server.client, asked, {
        ...ask,
        mode: "hybrid",
        limit: 10,
        query: ({ code }) => `How much is the deposit for locker ${code}?`,
      });
      const again = await syncAgain(server, paths, collection);
      await server.stop();
      for (const line of [...misfits, ...written.missing, ...scanned.missing.map((path) => `scan: ${path}`)].slice(0, 40))
        console.error(line);
      return report({
        files,
        bytes,
        seconds,
        killed,
        coverage,
        misfits,
        again,
        facts: [
          ["facts in texts, found by their code", written, 1],
          ["facts in scans, found by their code", scanned, 0.97],
          ["facts asked for by a question, hybrid, among ten", hybrid, undefined],
        ],
        counts: disagreements(paths.profile),
      });
    } finally {
      server.child.kill("SIGKILL");
    }
  });
}

/** All but one among the texts, the last among the scans, which come last. */
function killPoints(files: readonly PlannedFile[], kills: number): { settled: number; delayMs: number }[] {
  const random = seeded(seed);
  const scans = files.filter(({ kind, copyOf }) => kind.startsWith("scanned") || copyOf?.includes("scanned")).length;
  const texts = files.length - scans;
  const points = Array.from({ length: kills - 1 }, () => Math.floor(texts * (0.02 + 0.93 * random()))).sort((a, b) => a - b);
  return [...points, texts + Math.floor(scans * (0.2 + 0.6 * random()))].map((settled) => ({
    settled,
    delayMs: Math.floor(400 * random()),
  }));
}

type Paths = { program: string; profile: string; root: string };

/** What a command prints as JSON; it joins the server that has the profile open. */
async function command({ program, profile }: Paths, line: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...line, "--json", "--profile", profile], {
    env: { ...process.env, CROFT_MODELS: modelsFolder() },
    maxBuffer: 64 * 2 ** 20,
  });
  return JSON.parse(stdout);
}

async function addByCommand(paths: Paths): Promise<string> {
  const added = await command(paths, ["kb", "add", paths.root, "--to", collection, "--detach"]);
  if (typeof added !== "object" || added === null || !("job" in added)) throw new Error("The command names no job.");
  return String(added.job);
}

type Outcome = {
  files: PlannedFile[];
  bytes: number;
  seconds: number;
  killed: Killed;
  coverage: Coverage;
  misfits: string[];
  again: SecondSync;
  facts: [name: string, score: { asked: number; found: number }, atLeast: number | undefined][];
  counts: { what: string; found: number }[];
};

function report({ files, bytes, seconds, killed, coverage, misfits, again, facts, counts }: Outcome): Measurement {
  const none = (name: string, value: number): Figure => ({ name, value, unit: "", target: { atMost: 0 } });
  const { totals } = coverage;
  const ended = [...new Set(files.map(({ kind }) => kind))].map((kind) => {
    const of = files.filter((file) => file.kind === kind);
    return [kind, String(of.length), String(of.reduce((sum, { pages }) => sum + pages, 0))];
  });
  const pages = files.filter(({ kind }) => kind.startsWith("scanned")).reduce((sum, file) => sum + file.pages, 0);
  const times = killed.kills.map(({ settled, againMs }) => `${settled} files (${Math.round(againMs)} ms)`).join(", ");
  return {
    title: `A collection of ${files.length.toLocaleString("en")} files, killed ${killed.kills.length} times on the way`,
    columns: ["kind", "files", "pages"],
    lines: ended,
    notes: `${(bytes / gigabyte).toFixed(2)} GB in English, German and Chinese, ${pages} pages to recognise, in ${Math.round(seconds)} s with ${killed.kills.length} kills, after ${times} until it listened again. ${totals.indexed} indexed, ${totals.failed} failed, ${totals.skipped} skipped, each with its reason; ${coverage.chunks} chunks. A second sync after every content was exchanged under its size and time took ${Math.round(again.ms)} ms and read ${(again.bytesRead / 2 ** 20).toFixed(1)} MB by system calls in all, the databases among it, of ${(again.bytes / 2 ** 20).toFixed(0)} MB.${misfits.length > 0 ? ` Not as planned: ${misfits.slice(0, 10).join("; ")}.` : ""}`,
    figures: [
      none("files that ended otherwise than the plan allows, or not at all", misfits.length),
      none(
        "indexed files that a kill lost or made anew",
        killed.kills.reduce((sum, { lost }) => sum + lost, 0),
      ),
      none("databases that a kill damaged", killed.kills.filter(({ sound }) => !sound).length),
      none(
        "processes that outlived their killed server",
        killed.kills.reduce((sum, { orphans }) => sum + orphans, 0),
      ),
      { name: "memory of all processes together, peak", value: killed.peakBytes / 2 ** 20, unit: "MB", target: { atMost: memoryMb } },
      ...facts.map(([name, { asked, found }, atLeast]): Figure => ({
        name: `${name}, of ${asked}`,
        value: found / Math.max(1, asked),
        unit: "",
        ...(atLeast === undefined ? {} : { target: { atLeast } }),
      })),
      none("unchanged files that a second sync opened", again.read),
      { name: "files read again after one was touched", value: again.afterTouch, unit: "", target: { atLeast: 1 } },
      ...counts.map(({ what, found }) => none(what, found)),
    ],
  };
}
