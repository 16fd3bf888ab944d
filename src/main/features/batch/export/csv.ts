import type { Scalar } from "../../../../shared/contract/batch.ts";
import type { Table } from "./tables.ts";

/** What spreadsheets take for a formula when it begins a cell (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n|%]/u;

/** RFC 4180 with a byte order mark, so that spreadsheets read it as UTF-8. A text that looks like a formula gets an apostrophe. */
export function toCsv({ columns, rows }: Table): string {
  const lines = [
    columns.map(({ name }) => quote(name)),
    ...rows.map((row) => row.map((value, at) => cell(value, columns[at]?.type === "text"))),
  ];
  return `\ufeff${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}

function cell(value: Scalar, isText: boolean): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  return quote(isText && FORMULA.test(value) ? `'${value}` : value);
}

const quote = (text: string): string => (/[",\r\n;]/u.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text);
