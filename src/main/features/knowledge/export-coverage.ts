import type { Coverage, CoverageFormat, FileStatus } from "../../../shared/contract/knowledge.ts";

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

/** The coverage report as a file. A cell that a spreadsheet would take for a formula is text in it. */
export function exportCoverage(coverage: Coverage, format: CoverageFormat): { name: string; mime: string; text: string } {
  const name = `${fileName(coverage.collection)}-coverage`;
  if (format === "json") return { name: `${name}.json`, mime: "application/json", text: `${JSON.stringify(coverage, undefined, 2)}\n` };
  if (format === "csv") return { name: `${name}.csv`, mime: "text/csv", text: toCsv(coverage) };
  return { name: `${name}.md`, mime: "text/markdown", text: toMarkdown(coverage) };
}

/** RFC 4180, with a byte order mark: spreadsheets take UTF-8 for something else without it. */
function toCsv({ files }: Coverage): string {
  const rows = [[...columns], ...files.map(cells)];
  return `\ufeff${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

function toMarkdown({ collection, documents, chunks, files, totals }: Coverage): string {
  const { indexed, skipped, failed, pending } = totals;
  const rows = [[...columns], columns.map(() => "---"), ...files.map(cells)].map((row) => `| ${row.map(markdownCell).join(" | ")} |`);
  const sums = `${indexed} indexed, ${skipped} skipped, ${failed} failed, ${pending} pending; ${documents} documents, ${chunks} passages.`;
  return `# Coverage of ${markdownCell(collection)}\n\n${sums}\n\n${rows.join("\n")}\n`;
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
