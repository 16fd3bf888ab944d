import { open } from "node:fs/promises";
import type { Scalar } from "../../../../shared/contract/batch.ts";
import type { Column, Table } from "./tables.ts";
import type { ExportWriter } from "./writer.ts";

/** What spreadsheets take for a formula when it begins a cell (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n|%]/u;
const END = "\r\n";

/** RFC 4180 with a byte order mark, so that spreadsheets read it as UTF-8. A file for each table. */
export async function openCsv(paths: readonly string[], tables: readonly Table[]): Promise<ExportWriter> {
  const files = await Promise.all(paths.map((path) => open(path, "w")));
  for (const [at, { columns }] of tables.entries()) await files[at]?.writeFile(`\ufeff${headOf(columns)}${END}`);
  return {
    async write({ rows }) {
      for (const [at, { columns }] of tables.entries())
        await files[at]?.writeFile((rows[at] ?? []).map((row) => `${lineOf(row, columns)}${END}`).join(""));
    },
    end: () => undefined,
    close: async () => void (await Promise.all(files.map((file) => file.close()))),
  };
}

const headOf = (columns: readonly Column[]): string => columns.map(({ name }) => quote(name)).join(",");

/** A text that looks like a formula gets an apostrophe. */
export const lineOf = (row: readonly Scalar[], columns: readonly Column[]): string =>
  row.map((value, at) => cell(value, columns[at]?.type === "text")).join(",");

function cell(value: Scalar, isText: boolean): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  return quote(isText && FORMULA.test(value) ? `'${value}` : value);
}

const quote = (text: string): string => (/[",\r\n;]/u.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text);
