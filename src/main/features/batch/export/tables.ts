import type { BatchResult, Scalar } from "../../../../shared/contract/batch.ts";
import type { FieldKind, Recipe } from "../../../../shared/contract/recipe.ts";
import { kindOf } from "../extract/parse-value.ts";
import { isCellRow, isValue } from "../validate/values.ts";

export type ColumnType = "text" | "number" | "date" | "boolean";
export type Column = { name: string; type: ColumnType };
/** Records as flat tables: one row a document in the first, one a line in each further one, joined by `document`. */
export type Table = { name: string; columns: Column[]; rows: Scalar[][] };

const HEAD: readonly Column[] = [
  { name: "document", type: "number" },
  { name: "path", type: "text" },
  { name: "pages", type: "text" },
  { name: "state", type: "text" },
];
const typeOf = (kind: FieldKind): ColumnType =>
  kind === "amount" || kind === "number" ? "number" : kind === "date" ? "date" : kind === "boolean" ? "boolean" : "text";

/** The documents and, for each list of rows in the schema, its lines. */
export function toTables(results: readonly BatchResult[], { schema }: Recipe): Table[] {
  const documents: Table = {
    name: "documents",
    columns: [...HEAD],
    rows: results.map((result, index) => [index + 1, result.document.path, pagesOf(result), result.state]),
  };
  const tables: Table[] = [documents];
  for (const [name, field] of Object.entries(schema.properties)) {
    if (field.type === "array" && field.items.type === "object") {
      const columns = Object.entries(field.items.properties).map(([column, inner]): Column => ({
        name: column,
        type: typeOf(kindOf(inner)),
      }));
      const rows = results.flatMap(({ fields }, index) => {
        const list = fields[name];
        if (list === undefined || isValue(list)) return [];
        return list.flatMap((row, line): Scalar[][] =>
          isCellRow(row) ? [[index + 1, line + 1, ...columns.map((column) => row[column.name]?.value ?? null)]] : [],
        );
      });
      const shown: Column[] = [
        { name: "document", type: "number" },
        { name: "line", type: "number" },
      ];
      for (const column of columns) shown.push({ ...column, name: free(column.name, shown) });
      tables.push({ name: free(name, tables), columns: shown, rows });
      continue;
    }
    const type = field.type === "array" ? "text" : typeOf(kindOf(field));
    // A field called like a column of ours gets a mark.
    documents.columns.push({ name: free(name, documents.columns), type });
    for (const [index, { fields }] of results.entries()) {
      const value = fields[name];
      const cell: Scalar =
        value === undefined
          ? null
          : isValue(value)
            ? value.value
            : value.flatMap((row) => (isCellRow(row) || row.value === null ? [] : [String(row.value)])).join("; ") || null;
      documents.rows[index]?.push(cell);
    }
  }
  return tables;
}

/** The name with so many marks behind it that no other has it. */
function free(name: string, taken: readonly { name: string }[]): string {
  return taken.some((other) => other.name === name) ? free(`${name}_`, taken) : name;
}

const pagesOf = ({ document: { firstPage, lastPage, pages } }: BatchResult): string =>
  firstPage === undefined ? `1-${Math.max(1, pages)}` : `${firstPage}-${lastPage ?? firstPage}`;
