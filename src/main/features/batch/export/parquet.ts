import { parquetWriteBuffer } from "hyparquet-writer";
import type { Scalar } from "../../../../shared/contract/batch.ts";
import type { ColumnType, Table } from "./tables.ts";

const FORMS = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  number: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
  date: { type: "INT32", converted_type: "DATE" },
} as const;

/** One table as a Parquet file; every column may be null. */
export function toParquet({ columns, rows }: Table): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      schema: [
        { name: "root", num_children: columns.length },
        ...columns.map(({ name, type }) => ({ name, repetition_type: "OPTIONAL" as const, ...FORMS[type] })),
      ],
      columnData: columns.map(({ name, type }, at) => ({ name, data: rows.map((row) => toCell(row[at] ?? null, type)) })),
    }),
  );
}

function toCell(value: Scalar, type: ColumnType): string | number | boolean | Date | null {
  if (value === null) return null;
  if (type === "date") {
    const date = new Date(`${String(value)}T00:00:00Z`);
    return Number.isNaN(date.getTime()) ? null : date;
  }
  if (type === "number") return typeof value === "number" ? value : null;
  if (type === "boolean") return value === true;
  return String(value);
}
