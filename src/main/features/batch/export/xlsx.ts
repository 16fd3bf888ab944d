import ExcelJS from "@protobi/exceljs";
import type { Scalar } from "../../../../shared/contract/batch.ts";
import type { ColumnType, Table } from "./tables.ts";

/** Characters of a cell, and names of sheets, as spreadsheets allow them. */
const LONGEST_CELL = 32_767;
const LONGEST_NAME = 31;

/** A sheet for each table; dates are dates, numbers are numbers, and texts are texts whatever they begin with. */
export async function toXlsx(tables: readonly Table[]): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  for (const { name, columns, rows } of tables) {
    const sheet = workbook.addWorksheet(sheetName(name, workbook), { views: [{ state: "frozen", ySplit: 1 }] });
    sheet.columns = columns.map((column) => ({
      header: column.name,
      width: column.type === "text" ? 24 : 14,
      style: { numFmt: formatOf(column.type, column.name) },
    }));
    for (const row of rows) sheet.addRow(row.map((value, at) => toCell(value, columns[at]?.type ?? "text")));
    sheet.getRow(1).font = { bold: true };
  }
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}

/** Names that are alike but for what is cut off are told apart by a number. */
function sheetName(name: string, workbook: ExcelJS.Workbook): string {
  const isTaken = (one: string) => workbook.worksheets.some((sheet) => sheet.name === one);
  const short = name.slice(0, LONGEST_NAME);
  return isTaken(short) ? `${name.slice(0, LONGEST_NAME - 3)}~${workbook.worksheets.length}` : short;
}

const formatOf = (type: ColumnType, name: string): string =>
  type === "date"
    ? "yyyy-mm-dd"
    : type === "number" && !["document", "line", "quantity"].includes(name)
      ? "#,##0.00"
      : type === "text"
        ? "@"
        : "General";

function toCell(value: Scalar, type: ColumnType): string | number | boolean | Date | null {
  if (value === null) return null;
  const date = type === "date" ? new Date(`${String(value)}T00:00:00Z`) : undefined;
  if (date && !Number.isNaN(date.getTime())) return date;
  return typeof value === "string" ? value.slice(0, LONGEST_CELL) : value;
}
