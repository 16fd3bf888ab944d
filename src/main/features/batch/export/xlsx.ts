import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import ExcelJS from "@protobi/exceljs";
import type { Scalar } from "../../../../shared/contract/batch.ts";
import { type ColumnType, dayOf, type Table } from "./tables.ts";
import type { ExportWriter } from "./writer.ts";

/** Characters of a cell, and names of sheets, as spreadsheets allow them. */
const LONGEST_CELL = 32_767;
const LONGEST_NAME = 31;
/** A sheet of this name belongs to the program: it takes a file with one for damaged. */
const TAKEN_NAME = "history";
/** Spreadsheets count days from here on; an earlier one is a text. */
const FIRST_DAY = Date.UTC(1900, 2, 1);

/**
 * A sheet for each table; dates are dates, numbers are numbers, and texts are texts whatever they begin with. Rows go into the
 * file as they come: those of further sheets wait as packed text until the first is whole, since a zip holds one after the other.
 */
export function openXlsx(path: string, tables: readonly Table[]): ExportWriter {
  const stream = createWriteStream(path);
  const written = finished(stream);
  // It is told of where it is waited for; a disk that is full must not end the process.
  written.catch(() => undefined);
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream, useStyles: true, useSharedStrings: false });
  const names: string[] = [];
  const sheets = tables.map(({ name, columns }) => {
    names.push(sheetName(name, names));
    const sheet = workbook.addWorksheet(names.at(-1), { views: [{ state: "frozen", ySplit: 1 }] });
    sheet.columns = columns.map((column) => ({
      header: column.name,
      width: column.type === "text" ? 24 : 14,
      style: { numFmt: formatOf(column.type, column.name) },
    }));
    const head = sheet.getRow(1);
    head.font = { bold: true };
    head.commit();
    return { sheet, columns };
  });
  return {
    write({ rows }) {
      for (const [at, { sheet, columns }] of sheets.entries())
        for (const row of rows[at] ?? []) sheet.addRow(row.map((value, column) => toCell(value, columns[column]?.type ?? "text"))).commit();
    },
    async end() {
      for (const { sheet } of sheets) sheet.commit();
      await Promise.race([workbook.commit(), written.then(() => undefined)]);
      await written;
    },
    close: () => void stream.destroy(),
  };
}

/** Names that are alike but for what is cut off, or that are taken, are told apart by a number. */
function sheetName(name: string, taken: readonly string[]): string {
  const short = name.slice(0, LONGEST_NAME);
  return short === TAKEN_NAME || taken.includes(short) ? `${name.slice(0, LONGEST_NAME - 3)}~${taken.length}` : short;
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
  const date = type === "date" ? dayOf(value) : undefined;
  if (date && date.getTime() >= FIRST_DAY) return date;
  return typeof value === "string" ? value.slice(0, LONGEST_CELL) : value;
}
