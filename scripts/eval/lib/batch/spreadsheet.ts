import { execFile } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { BatchResult, Scalar } from "../../../../src/shared/contract/batch.ts";
import type { Table } from "../../../../src/main/features/batch/export/tables.ts";

const run = promisify(execFile);

/** The program's version, or undefined where it is not installed. */
export const libreOffice = (): Promise<string | undefined> =>
  run("soffice", ["--version"], { timeout: 60_000 }).then(
    ({ stdout }) => stdout.trim().split(" ").slice(0, 2).join(" "),
    () => undefined,
  );

export type Cell = { type: "float" | "date" | "boolean" | "string" | "empty"; value: string };

/** A spreadsheet as LibreOffice opens it: its sheets by name, with the type that it gives each cell. CSV is read as UTF-8 with commas. */
export async function openWithLibreOffice(file: string, folder: string): Promise<Map<string, Cell[][]>> {
  mkdirSync(folder, { recursive: true });
  const user = `-env:UserInstallation=${pathToFileURL(join(folder, "user")).href}`;
  const filter = extname(file) === ".csv" ? ["--infilter=Text - txt - csv (StarCalc):44,34,76,1"] : [];
  await run("soffice", ["--headless", user, ...filter, "--convert-to", "fods", "--outdir", folder, file], { timeout: 180_000 });
  return sheetsOf(readFileSync(join(folder, `${basename(file, extname(file))}.fods`), "utf8"));
}

/** What a flat OpenDocument spreadsheet holds (OpenDocument 1.3 part 3, 19.385 and following). */
function sheetsOf(xml: string): Map<string, Cell[][]> {
  const sheets = new Map<string, Cell[][]>();
  for (const [, name = "", body = ""] of xml.matchAll(/<table:table table:name="([^"]*)"[^>]*>(.*?)<\/table:table>/gsu)) {
    const rows = [...body.matchAll(/<table:table-row\b([^>]*)>(.*?)<\/table:table-row>/gsu)].flatMap(([, attributes = "", inner = ""]) => {
      const cells = [...inner.matchAll(/<table:table-cell\b([^>]*?)(?:\/>|>(.*?)<\/table:table-cell>)/gsu)].flatMap(
        ([, of = "", text = ""]) => Array.from({ length: times(of, "columns") }, () => cellOf(of, text)),
      );
      // Rows that repeat to the end of the sheet are empty.
      return Array.from({ length: Math.min(times(attributes, "rows"), 1_000) }, () => cells);
    });
    while (rows.at(-1)?.every(({ type }) => type === "empty")) rows.pop();
    sheets.set(decode(name), rows);
  }
  return sheets;
}

const times = (attributes: string, what: "rows" | "columns"): number =>
  Math.min(20_000, Number(new RegExp(`table:number-${what}-repeated="(\\d+)"`, "u").exec(attributes)?.[1] ?? 1));

function cellOf(attributes: string, text: string): Cell {
  const of = (name: string) => new RegExp(`office:${name}="([^"]*)"`, "u").exec(attributes)?.[1];
  const lines = [...text.matchAll(/<text:p>(.*?)<\/text:p>/gsu)].map(([, line = ""]) =>
    decode(line.replaceAll(/<text:(?:s|tab|line-break)\b[^>]*>/gu, " ").replaceAll(/<[^>]*>/gu, "")),
  );
  switch (of("value-type")) {
    case "float":
    case "percentage":
    case "currency":
      return { type: "float", value: of("value") ?? "" };
    case "date":
      return { type: "date", value: (of("date-value") ?? "").slice(0, 10) };
    case "boolean":
      return { type: "boolean", value: of("boolean-value") ?? "" };
    case "string":
      return { type: "string", value: decode(of("string-value") ?? lines.join(" ")) };
    default:
      return { type: "empty", value: "" };
  }
}

const decode = (text: string): string =>
  text
    .replaceAll(/&#(x?)([\da-f]+);/giu, (_, hex: string, digits: string) => String.fromCodePoint(Number.parseInt(digits, hex ? 16 : 10)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");

export type Comparison = {
  cells: number;
  numbers: number;
  dates: number;
  wrong: string[];
  /** Texts that LibreOffice takes for a number or a date: CSV has no types. */ retyped: number;
};

/** Holds the cells that LibreOffice shows of a table against the documents that were exported. */
export function compareCells(
  { name, columns, rowsOf }: Table,
  results: readonly BatchResult[],
  sheet: readonly Cell[][] | undefined,
  hasTypes: boolean,
): Comparison {
  const comparison: Comparison = { cells: 0, numbers: 0, dates: 0, wrong: [], retyped: 0 };
  const expected = results.flatMap((result, at) => rowsOf(result, at + 1));
  if (!sheet) return { ...comparison, wrong: [`there is no sheet ${name}`] };
  if (sheet.length !== expected.length + 1) comparison.wrong.push(`${name} has ${sheet.length - 1} rows instead of ${expected.length}`);
  for (const [row, cells] of expected.entries())
    for (const [at, value] of cells.entries()) {
      const type = columns[at]?.type ?? "text";
      const found = sheet[row + 1]?.[at] ?? { type: "empty", value: "" };
      comparison.cells += 1;
      if (found.type === "float" && type === "number") comparison.numbers += 1;
      if (found.type === "date" && type === "date") comparison.dates += 1;
      if (!hasTypes && type === "text" && found.type !== "string" && found.type !== "empty" && value !== null) comparison.retyped += 1;
      else if (!isSame(value, type, found))
        comparison.wrong.push(`${name} row ${row + 1}, ${columns[at]?.name}: ${String(value)} became ${found.type} ${found.value}`);
    }
  return comparison;
}

function isSame(value: Scalar, type: string, found: Cell): boolean {
  if (value === null || value === "") return found.type === "empty" || found.value === "";
  if (type === "number" && typeof value === "number")
    return found.type === "float" && Math.abs(Number(found.value) - value) < 1e-9 * Math.max(1, Math.abs(value));
  if (type === "date" && /^\d{4}-\d\d-\d\d$/u.test(String(value))) return found.type === "date" && found.value === value;
  if (typeof value === "boolean") return found.type === "boolean" && found.value === String(value);
  const plain = (text: string) => text.replaceAll(/\s+/gu, " ").trim();
  return found.type === "string" && [plain(String(value)), `'${plain(String(value))}`].includes(plain(found.value));
}
