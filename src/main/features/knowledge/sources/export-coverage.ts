import type { Coverage, CoverageFormat, FileStatus } from "../../../../shared/contract/knowledge.ts";
import { inSlices } from "../slices.ts";

/** Columns of the table, in their order. */
const columns = [
  "path",
  "state",
  "code",
  "reason",
  "pages",
  "ocrPages",
  "waitingPages",
  "chunks",
  "language",
  "unavailable",
  "hint",
] as const;

/** Files of one turn of the event loop: a millisecond or two. */
const FILES_A_SLICE = 500;

/** The coverage report as a file. A cell that a spreadsheet would take for a formula is text in it. */
export async function exportCoverage(
  coverage: Coverage,
  format: CoverageFormat,
  signal: AbortSignal,
): Promise<{ name: string; mime: string; text: string }> {
  const name = `${fileName(coverage.collection)}-coverage`;
  if (format === "json") return { name: `${name}.json`, mime: "application/json", text: `${JSON.stringify(coverage, undefined, 2)}\n` };
  if (format === "csv") return { name: `${name}.csv`, mime: "text/csv", text: await toCsv(coverage, signal) };
  return { name: `${name}.md`, mime: "text/markdown", text: await toMarkdown(coverage, signal) };
}

/** RFC 4180, with a byte order mark: spreadsheets take UTF-8 for something else without it. */
async function toCsv({ files }: Coverage, signal: AbortSignal): Promise<string> {
  const line = (row: readonly string[]) => `${row.map(csvCell).join(",")}\r\n`;
  return `\ufeff${line(columns)}${await linesOf(files, line, signal)}`;
}

async function toMarkdown({ collection, documents, chunks, files, totals }: Coverage, signal: AbortSignal): Promise<string> {
  const { indexed, skipped, failed, pending } = totals;
  const line = (row: readonly string[]) => `| ${row.map(markdownCell).join(" | ")} |\n`;
  const head = line(columns) + line(columns.map(() => "---"));
  const sums = `${indexed} indexed, ${skipped} skipped, ${failed} failed, ${pending} pending; ${documents} documents, ${chunks} passages.`;
  return `# Coverage of ${markdownCell(collection)}\n\n${sums}\n\n${head}${await linesOf(files, line, signal)}`;
}

/** A line for each file, with turns of the event loop in between: there may be a hundred thousand. */
async function linesOf(files: readonly FileStatus[], line: (row: readonly string[]) => string, signal: AbortSignal): Promise<string> {
  let text = "";
  await inSlices(files, FILES_A_SLICE, signal, (slice) => {
    text += slice.map((file) => line(cells(file))).join("");
  });
  return text;
}

function cells({ path, state, reason, pages, ocrPages, waitingPages, chunks, language, unavailable }: FileStatus): string[] {
  const number = (value: number | undefined) => (value === undefined ? "" : String(value));
  return [
    path,
    state,
    reason?.code ?? "",
    reason?.message ?? "",
    number(pages),
    number(ocrPages),
    number(waitingPages),
    number(chunks),
    language ?? "",
    unavailable ? "yes" : "",
    reason?.hint ?? "",
  ];
}

function csvCell(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** File names are hostile: on one line, and neither markup nor a link. */
function markdownCell(value: string): string {
  if (value === "---") return value;
  const text = value.replace(/\s+/g, " ").replace(/[\\`*_[\]<>|#!~@]/g, "\\$&");
  // Addresses become links by themselves in many programs.
  return text.replace(/\bwww\./gi, (found) => `${found.slice(0, -1)}\\.`).replaceAll("://", "\\://");
}

const fileName = (name: string) =>
  name
    .replace(/[^\p{L}\p{N} ._-]/gu, "_")
    .replace(/^\.+/, "_")
    .slice(0, 100) || "collection";
