import { parquetWriteBuffer } from "hyparquet-writer";
import type { Scalar } from "../../../../shared/contract/batch.ts";
import type { ColumnType, Table } from "./tables.ts";

/** One table as a Parquet file; every column may be null. */
export function toParquet({ columns, rows }: Table): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: columns.map(({ name, type }, at) => ({
        name,
        type: ({ text: "STRING", number: "DOUBLE", boolean: "BOOLEAN", date: "DATE" } as const)[type],
        data: rows.map((row) => toCell(row[at] ?? null, type)),
        nullable: true,
      })),
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
