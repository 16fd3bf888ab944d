import { open } from "node:fs/promises";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { Scalar } from "../../../../shared/contract/batch.ts";
import { type ColumnType, dayOf, type Table } from "./tables.ts";
import type { ExportWriter } from "./writer.ts";

const FORMS = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  number: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
  date: { type: "INT32", converted_type: "DATE" },
} as const;

/** Rows of a group: as many as are held in the file's form at once. */
const GROUP = 1_000;

/** A Parquet file for each table, written a group of rows at a time; every column may be null. */
export async function openParquet(paths: readonly string[], tables: readonly Table[]): Promise<ExportWriter> {
  const files = await Promise.all(tables.map((table, at) => openFile(paths[at] ?? "", table)));
  return {
    async write({ rows }) {
      for (const [at, file] of files.entries()) await file.add(rows[at] ?? []);
    },
    async end() {
      for (const file of files) await file.end();
    },
    close: async () => void (await Promise.all(files.map((file) => file.close()))),
  };
}

async function openFile(path: string, { columns }: Pick<Table, "columns">) {
  const file = await open(path, "w");
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
  let waiting: Scalar[][] = [];
  let isEmpty = true;
  const writeGroup = async () => {
    const group = waiting.slice(0, GROUP);
    waiting = waiting.slice(GROUP);
    isEmpty = false;
    await parquet.write({
      columnData: columns.map(({ name, type }, at) => ({ name, data: group.map((row) => toCell(row[at] ?? null, type)) })),
      rowGroupSize: GROUP,
    });
  };
  return {
    async add(rows: readonly Scalar[][]): Promise<void> {
      waiting.push(...rows);
      while (waiting.length >= GROUP) await writeGroup();
    },
    async end(): Promise<void> {
      if (isEmpty || waiting.length > 0) await writeGroup();
      await parquet.finish();
    },
    close: () => file.close(),
  };
}

function toCell(value: Scalar, type: ColumnType): string | number | boolean | Date | null {
  if (value === null) return null;
  if (type === "date") return dayOf(value) ?? null;
  if (type === "number") return typeof value === "number" ? value : null;
  if (type === "boolean") return value === true;
  return String(value);
}
