import type { BatchResult, FieldResult, Scalar } from "../../../../shared/contract/batch.ts";
import type { FieldKind, Recipe } from "../../../../shared/contract/recipe.ts";
import { kindOf } from "../extract/parse-value.ts";
import { isCellRow, isValue } from "../validate/values.ts";

export type ColumnType = "text" | "number" | "date" | "boolean";
export type Column = { name: string; type: ColumnType };
/**
 * A flat table of records: one row a document in the first, one a line in each further one, joined by `document`, the
 * document's number (1-based) in the export.
 */
export type Table = { name: string; columns: Column[]; rowsOf: (result: BatchResult, document: number) => Scalar[][] };

const HEAD: readonly Column[] = [
  { name: "document", type: "number" },
  { name: "path", type: "text" },
  { name: "pages", type: "text" },
  { name: "state", type: "text" },
];
const typeOf = (kind: FieldKind): ColumnType =>
  kind === "amount" || kind === "number" ? "number" : kind === "date" ? "date" : kind === "boolean" ? "boolean" : "text";

/** The documents and, for each list of rows in the schema, its lines. */
export function tablesOf({ schema }: Recipe): Table[] {
  const columns = [...HEAD];
  const fields: string[] = [];
  const tables: Table[] = [
    {
      name: "documents",
      columns,
      rowsOf: (result, document) => [
        [document, result.document.path, pagesOf(result), result.state, ...fields.map((name) => toCell(result.fields[name]))],
      ],
    },
  ];
  for (const [name, field] of Object.entries(schema.properties)) {
    if (field.type === "array" && field.items.type === "object") {
      tables.push(
        linesTable(
          name,
          free(name, tables),
          Object.entries(field.items.properties).map(([column, inner]) => ({ name: column, type: typeOf(kindOf(inner)) })),
        ),
      );
      continue;
    }
    // A field called like a column of ours gets a mark.
    columns.push({ name: free(name, columns), type: field.type === "array" ? "text" : typeOf(kindOf(field)) });
    fields.push(name);
  }
  return tables;
}

function linesTable(field: string, name: string, inner: readonly Column[]): Table {
  const columns: Column[] = [
    { name: "document", type: "number" },
    { name: "line", type: "number" },
  ];
  for (const column of inner) columns.push({ ...column, name: free(column.name, columns) });
  return {
    name,
    columns,
    rowsOf: ({ fields }, document) => {
      const list = fields[field];
      if (list === undefined || isValue(list)) return [];
      return list.flatMap((row, line): Scalar[][] =>
        isCellRow(row) ? [[document, line + 1, ...inner.map((column) => row[column.name]?.value ?? null)]] : [],
      );
    },
  };
}

function toCell(field: FieldResult | undefined): Scalar {
  if (field === undefined) return null;
  if (isValue(field)) return field.value;
  return field.flatMap((row) => (isCellRow(row) || row.value === null ? [] : [String(row.value)])).join("; ") || null;
}

/** Midnight UTC of a date as ISO 8601 writes it; undefined for what no calendar has, which `Date` would take for another day. */
export function dayOf(value: Scalar): Date | undefined {
  const date = new Date(`${String(value)}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === value ? date : undefined;
}

/** The name with so many marks behind it that no other has it. */
function free(name: string, taken: readonly { name: string }[]): string {
  return taken.some((other) => other.name === name) ? free(`${name}_`, taken) : name;
}

const pagesOf = ({ document: { firstPage, lastPage, pages } }: BatchResult): string =>
  firstPage === undefined ? `1-${Math.max(1, pages)}` : `${firstPage}-${lastPage ?? firstPage}`;
