import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { AppError } from "../../../../shared/errors.ts";

/** A CSV file as a list to look things up in. Values are compared without case, blanks and marks. */
export type LookupTable = {
  columns: readonly string[];
  rowsWhere(column: string, value: string): readonly Record<string, string>[];
  isSame(a: string | undefined, b: string): boolean;
};

const MOST_BYTES = 50_000_000;

/** The lists that a recipe's rules name. @throws NOT_FOUND FILE_TOO_LARGE INVALID_INPUT, before any file is processed */
export async function loadLookups(recipe: Recipe): Promise<Map<string, LookupTable>> {
  const tables = new Map<string, LookupTable>();
  for (const rule of recipe.rules) {
    if (rule.rule !== "lookup") continue;
    // Two rules may ask for other columns of one list.
    const table = tables.get(rule.file) ?? (await readTable(rule.file, recipe.name));
    for (const column of [rule.column, ...Object.values(rule.same)])
      if (!table.columns.includes(column))
        throw new AppError("INVALID_INPUT", `The list ${basename(rule.file)} has no column ${column}.`, {
          hint: `Columns: ${table.columns.join(", ")}.`,
        });
    tables.set(rule.file, table);
  }
  return tables;
}

async function readTable(file: string, recipe: string): Promise<LookupTable> {
  const size = await stat(file).then(
    (found) => found.size,
    (cause: unknown) => {
      throw new AppError("NOT_FOUND", `The list ${file} of the recipe ${recipe} is not there. Nothing was processed.`, { cause });
    },
  );
  if (size > MOST_BYTES) throw new AppError("FILE_TOO_LARGE", `The list ${basename(file)} has more than ${MOST_BYTES} bytes.`);
  const [head = [], ...rows] = parseCsv(await readFile(file, "utf8"));
  return createLookupTable(head, rows);
}

const normal = (text: string) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s.,-]+/gu, "");

function createLookupTable(head: readonly string[], rows: readonly string[][]): LookupTable {
  const records = rows.map((row) => Object.fromEntries(head.map((column, index) => [column, row[index] ?? ""])));
  const indexes = new Map<string, Map<string, Record<string, string>[]>>();
  return {
    columns: head,
    rowsWhere(column, value) {
      const index = indexes.get(column) ?? Map.groupBy(records, (record) => normal(record[column] ?? ""));
      indexes.set(column, index);
      return index.get(normal(value)) ?? [];
    },
    isSame: (a, b) => a !== undefined && normal(a) === normal(b),
  };
}

/** RFC 4180, with `;` or tab where the first line has more of them than commas. */
export function parseCsv(text: string): string[][] {
  const source = text.replace(/^\ufeff/u, "");
  const first = source.split("\n", 1)[0] ?? "";
  const [separator = ","] = [",", ";", "\t"].sort((a, b) => first.split(b).length - first.split(a).length);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at] ?? "";
    if (quoted) {
      if (character !== '"') cell += character;
      else if (source[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && cell === "") quoted = true;
    else if (character === separator) {
      row.push(cell);
      cell = "";
    } else if (character === "\n") {
      rows.push([...row, cell.replace(/\r$/u, "")]);
      row = [];
      cell = "";
    } else cell += character;
  }
  if (cell !== "" || row.length > 0) rows.push([...row, cell.replace(/\r$/u, "")]);
  return rows.filter((cells) => cells.some((text) => text.trim() !== ""));
}
