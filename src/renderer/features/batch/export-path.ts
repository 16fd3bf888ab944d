import type { BatchRun } from "../../../shared/contract/batch.ts";

export const exportFormats = [
  { id: "xlsx", title: "Excel", note: "Typed cells: dates are dates, amounts are numbers. Line items on a second sheet." },
  {
    id: "csv",
    title: "CSV",
    note: "Plain text with commas. Line items in a second file; nothing that a spreadsheet would take for a formula.",
  },
  { id: "jsonl", title: "JSON lines", note: "A document a line, with the place of every value." },
  { id: "parquet", title: "Parquet", note: "Columns for data tools." },
  { id: "sqlite", title: "SQLite", note: "A database with a table of documents and one of line items." },
] as const;

export type ExportFormat = (typeof exportFormats)[number]["id"];

const extensions: Record<ExportFormat, string> = { xlsx: ".xlsx", csv: ".csv", jsonl: ".jsonl", parquet: ".parquet", sqlite: ".sqlite" };

/** The path with the ending of another format. */
export const withExtension = (path: string, format: ExportFormat): string =>
  path.replace(/\.(xlsx|csv|jsonl|parquet|sqlite)$/i, "") + extensions[format];

/** A file beside the folder that was read, never inside it, where the next run would read it too. */
export function proposedPath({ paths, name }: Pick<BatchRun, "paths" | "name">, format: ExportFormat): string {
  const [first = ""] = paths;
  const cut = Math.max(first.lastIndexOf("/"), first.lastIndexOf("\\"));
  return first.slice(0, cut + 1) + name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-") + extensions[format];
}
