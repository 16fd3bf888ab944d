import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { ReadDocument } from "../../../src/main/features/knowledge/reading/index.ts";
import type { openReading } from "../../../tests/helpers/reading-engines.ts";

export type Outcome = {
  path: string;
  /** `read`, or the code of the error. */
  code: string;
  document: ReadDocument | undefined;
  ms: number;
  peakBytes: number;
  /** The readers' process ended under it. */
  crashed: boolean;
};

export type Reader = (
  path: string,
  options?: { password?: string; ocr?: "auto" | "never" | "always"; languages?: string[] },
) => Promise<Outcome>;

/** Reads one file through the real engines and notes what it cost. */
export function readerOf(engines: ReturnType<typeof openReading>): Reader {
  return async (path, { ocr = "never", languages = ["eng"], password } = {}) => {
    engines.takePeakBytes();
    const starts = engines.starts();
    const started = performance.now();
    let document: ReadDocument | undefined;
    let code = "read";
    try {
      const control = { signal: new AbortController().signal, priority: "interactive" as const };
      document = await engines.reading.readDocument(path, { ocr, languages, ...(password === undefined ? {} : { password }) }, control);
    } catch (error) {
      code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    }
    const ms = performance.now() - started;
    // The first start is no crash; neither is an idle stop, which counts only when the next call starts it again.
    return {
      path,
      code,
      document,
      ms,
      peakBytes: engines.takePeakBytes(),
      crashed: code === "FILE_HOSTILE" && engines.starts() > Math.max(1, starts),
    };
  };
}

/** Every source file below a folder, sorted, without licences, notices, truths and references. */
export function filesIn(folder: string, pattern = /\.(?:pdf|html|docx|pptx|xlsx|csv|odt|rtf|epub|eml|msg|png|tif)$/): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => pattern.test(name) && !/(?:^|[/\\])reference[/\\]/.test(name))
    .map((name) => join(folder, name))
    .sort();
}

const megabytes = (bytes: number) => (bytes === 0 ? "–" : `${Math.round(bytes / 1024 / 1024)}`);

/** One row: how the files of a set came out, and the costliest of them. */
export function outcomeRow(name: string, outcomes: readonly Outcome[]): string {
  const codes = new Map<string, number>();
  for (const { code } of outcomes) codes.set(code, (codes.get(code) ?? 0) + 1);
  const slowest = [...outcomes].sort((a, b) => b.ms - a.ms)[0];
  const largest = outcomes.reduce((most, { peakBytes }) => Math.max(most, peakBytes), 0);
  const refused = [...codes].filter(([code]) => code !== "read").map(([code, count]) => `${code} ${count}`);
  const late = codes.get("TIMEOUT") ?? 0;
  return `| ${name} | ${outcomes.length} | ${codes.get("read") ?? 0} | ${refused.join(", ") || "–"} | ${outcomes.filter(({ crashed }) => crashed).length} | ${late} | ${slowest ? `${basename(slowest.path)}, ${(slowest.ms / 1000).toFixed(1)} s` : "–"} | ${megabytes(largest)} |`;
}

export const outcomeHead =
  "| set | files | read | refused, by code | crashes | time-outs | slowest | peak MB |\n|---|---:|---:|---|---:|---:|---|---:|";
export const percent = (part: number, whole = 1) => `${((100 * part) / whole).toFixed(1)} %`;
