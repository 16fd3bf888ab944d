import { open } from "node:fs/promises";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { Scalar } from "../../../../shared/contract/batch.ts";
import type { ColumnType, Table } from "./tables.ts";

const FORMS = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  number: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
  date: { type: "INT32", converted_type: "DATE" },
} as const;

/** Rows of a group: as many as are held in the file's form at once. */
const GROUP = 1_000;

/** Writes one table as a Parquet file, a group of rows at a time; every column may be null. */
export async function writeParquet(path: string, { columns, rows }: Table): Promise<void> {
  const file = await open(path, "w");
  try {
    const bytes = new ByteWriter();
    const flush = async () => {
      await file.writeFile(bytes.getBytes());
      bytes.index = 0;
    };
    const parquet = new ParquetWriter({
      writer: Object.assign(bytes, { flush, finish: flush }),
      schema: [
        { name: "root", num_children: columns.length },
        ...columns.map(({ name, type }) => ({ name, repetition_type: "OPTIONAL" as const, ...FORMS[type] })),
      ],
    });
    for (let first = 0; first === 0 || first < rows.length; first += GROUP) {
      const group = rows.slice(first, first + GROUP);
      await parquet.write({
        columnData: columns.map(({ name, type }, at) => ({ name, data: group.map((row) => toCell(row[at] ?? null, type)) })),
        rowGroupSize: GROUP,
      });
    }
    await parquet.finish();
  } finally {
    await file.close();
  }
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
