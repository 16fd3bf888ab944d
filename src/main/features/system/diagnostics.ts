import { readFile } from "node:fs/promises";
import { availableParallelism, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { JobStore } from "../../jobs/job-store.ts";
import { runDoctor, type SystemDeps } from "./doctor.ts";
import { measureStorage } from "./storage.ts";
import { VERSION } from "./version.ts";

export type DiagnosticsDeps = SystemDeps & { jobStore: Pick<JobStore, "list"> };

const LOG_LINES = 500;
/** Names of events and parts are words of Croft's own code. */
const Word = z.string().regex(/^[a-z][\w.:-]{0,80}$/i);
const Line = z.object({ level: z.enum(["debug", "info", "warn", "error"]), at: z.number(), scope: Word, event: Word });
const ErrorName = z.object({ error: z.object({ name: z.string().regex(/^[A-Z]\w{0,60}$/), code: Word.optional() }) });

/**
 * A report of how Croft fares here, for somebody who helps. It is made of an allow-list, never by taking secrets out of
 * more: numbers, states, codes and Croft's own words. No document text, no names of files, collections or people.
 */
export async function makeDiagnostics(deps: DiagnosticsDeps): Promise<{ name: string; text: string }> {
  const { host, settings, models, engines, jobStore } = deps;
  const [checks, storage, known, log] = await Promise.all([
    runDoctor(deps),
    measureStorage(host.paths.profile, host.paths.models),
    models.list(),
    readLog(join(host.paths.profile, "logs", "croft.log")),
  ]);
  const report = {
    croft: VERSION,
    host: host.kind,
    system: `${platform()} ${release()}`,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.versions.node,
    // Messages of checks may hold paths, and paths hold names.
    checks: checks.map(({ id, state }) => ({ id, state })),
    engines: engines.map(({ name, state, generation }) => ({ name, state, generation })),
    storage: storage.parts,
    freeBytes: storage.free,
    // A model of somebody's own is called as its file is.
    models: known
      .filter(({ origin }) => origin === undefined || origin === "fetched")
      .map(({ id, state, probed, speed }) => ({ id, state, probed, speed })),
    modelsOfOneself: known.filter(({ origin }) => origin === "imported" || origin === "linked").length,
    settingsChanged: settings
      .list()
      .filter(({ value, default: standard }) => JSON.stringify(value) !== JSON.stringify(standard))
      .map(({ key, value }) => ({ key, ...(typeof value === "number" || typeof value === "boolean" ? { value } : {}) })),
    jobs: jobStore.list(undefined, 100).map(({ kind, state, attempts, progress, error }) => ({
      kind,
      state,
      attempts,
      done: progress.done,
      total: progress.total,
      code: error?.code,
    })),
    log,
  };
  return { name: "croft-diagnostics.json", text: `${JSON.stringify(report, null, 2)}\n` };
}

/** The last lines of the log: level, time, part, event, and the class of an error. Every other field stays here. */
async function readLog(path: string): Promise<unknown[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text
    .split("\n")
    .slice(-LOG_LINES - 1)
    .flatMap((line) => logLine(line) ?? []);
}

function logLine(line: string): unknown {
  try {
    const raw: unknown = JSON.parse(line);
    const parsed = Line.safeParse(raw);
    if (!parsed.success) return undefined;
    return { ...parsed.data, ...ErrorName.safeParse(raw).data };
  } catch {
    return undefined;
  }
}
