import { join } from "node:path";
import ExcelJS from "@protobi/exceljs";
import Database from "better-sqlite3";
import { parquetReadObjects } from "hyparquet";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openParquet } from "../../../src/main/features/batch/export/parquet.ts";
import { openSqlite } from "../../../src/main/features/batch/export/sqlite-store.ts";
import type { Column, Table } from "../../../src/main/features/batch/export/tables.ts";
import type { ExportWriter } from "../../../src/main/features/batch/export/writer.ts";
import { openXlsx } from "../../../src/main/features/batch/export/xlsx.ts";
import type { Scalar } from "../../../src/shared/contract/batch.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const table = (name: string, ...columns: Column[]): Table => ({ name, columns, rowsOf: () => [] });
const number = (name: string): Column => ({ name, type: "number" });
const text = (name: string): Column => ({ name, type: "text" });
const day: Column = { name: "day", type: "date" };

/** Writes slices as an export does: each has the rows of every table. */
async function written(writer: ExportWriter, ...slices: Scalar[][][][]): Promise<void> {
  for (const rows of slices) await writer.write({ results: [], rows });
  await writer.end();
  await writer.close();
}

async function workbook(tables: readonly Table[], ...slices: Scalar[][][][]): Promise<ExcelJS.Workbook> {
  const path = join(temporaryFolder(), "out.xlsx");
  await written(openXlsx(path, tables), ...slices);
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(path);
  return book;
}
const column = (book: ExcelJS.Workbook, sheet: string, at = 1): unknown[] => {
  const { values = [] } = book.getWorksheet(sheet)?.getColumn(at) ?? {};
  return Array.isArray(values) ? values.slice(2) : [values];
};

describe("sheets of a workbook", () => {
  // Catches: a program that finds the file damaged because a recipe's field bears the name of its own sheet.
  it("do not bear the name that the program keeps for itself", async () => {
    const book = await workbook([table("documents", number("n")), table("history", number("n"))], [[[1]], [[2]]]);
    const names = book.worksheets.map(({ name }) => name);
    expect(names.map((name) => name.toLowerCase())).not.toContain("history");
    expect(column(book, names[1] ?? "")).toEqual([2]);
  });

  // Catches: names over the length that is allowed, and two sheets of one name when their ends are cut off.
  it("have names that fit, each its own, though they differ at their ends alone", async () => {
    const long = Array.from({ length: 12 }, (_, at) => table(`rows_of_the_table_that_is_long_${at}`, number("n")));
    const book = await workbook(
      long,
      long.map((_, at) => [[at]]),
    );
    const names = book.worksheets.map(({ name }) => name);
    expect(new Set(names).size).toBe(long.length);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(31);
    // Each sheet holds the rows of its own table.
    expect(names.map((name) => column(book, name)[0])).toEqual(long.map((_, at) => at));
  });

  // Catches: rows of a later slice that take the place of an earlier one's, or that land on another sheet.
  it("hold the rows of all slices in their order", async () => {
    const tables = [table("documents", number("n")), table("lines", number("n"), text("what"))];
    const slices = Array.from({ length: 30 }, (_, at) => [
      [[at]],
      [
        [at, `a${at}`],
        [at, `b${at}`],
      ],
    ]);
    const book = await workbook(tables, ...slices);
    expect(column(book, "documents")).toEqual(slices.map((_, at) => at));
    expect(column(book, "lines", 2)).toEqual(slices.flatMap((_, at) => [`a${at}`, `b${at}`]));
  });

  it("are there with their heads when nothing was exported", async () => {
    const book = await workbook([table("documents", number("n"), text("vendor")), table("lines", text("what"))]);
    expect(book.getWorksheet("documents")?.getRow(1).values).toEqual([undefined, "n", "vendor"]);
    expect(book.getWorksheet("lines")?.rowCount).toBe(1);
  });
});

describe("dates in a workbook", () => {
  // Catches: the 31st of February that is handed on as the 2nd of March, which nobody wrote.
  it.each(["2024-02-31", "2023-02-29", "2024-04-31", "2024-13-01", "soon"])(
    "stay what was written where no calendar has them: %j",
    async (wrong) => {
      const book = await workbook([table("documents", day)], [[[wrong], ["2024-02-29"]]]);
      expect(column(book, "documents")).toEqual([wrong, new Date("2024-02-29T00:00:00Z")]);
    },
  );

  // Catches: a day before spreadsheets count, of which they show nothing but hashes.
  it.each(["1850-01-01", "1900-01-01", "1900-02-28"])("are texts where spreadsheets have no number for them: %s", async (early) => {
    expect(column(await workbook([table("documents", day)], [[[early]]]), "documents")).toEqual([early]);
  });

  it("are days from the first one on that spreadsheets agree about", async () => {
    const book = await workbook([table("documents", day)], [[["1900-03-01"], ["2100-12-31"], [null]]]);
    expect(column(book, "documents").slice(0, 2)).toEqual([new Date("1900-03-01T00:00:00Z"), new Date("2100-12-31T00:00:00Z")]);
  });
});

describe("cells of a workbook", () => {
  // Catches: a file that no spreadsheet opens because one text is longer than a cell may be.
  it("are cut at the length that a cell may have", async () => {
    const book = await workbook([table("documents", text("note"))], [[["x".repeat(40_000)], ["y"]]]);
    const [long, short] = column(book, "documents");
    expect(String(long)).toHaveLength(32_767);
    expect(short).toBe("y");
  });

  // Catches: yes and no that become words, and numbers that can no longer be summed.
  it("keep truth and numbers as what they are", async () => {
    const book = await workbook(
      [table("documents", { name: "paid", type: "boolean" }, number("total"))],
      [
        [
          [true, 0],
          [false, -0.1],
          [null, 1e15],
        ],
      ],
    );
    expect(column(book, "documents", 1).slice(0, 2)).toEqual([true, false]);
    expect(column(book, "documents", 2)).toEqual([0, -0.1, 1e15]);
  });

  // Catches: an identifier shown as 1.2E+19, and a count of documents shown with cents.
  it("show texts as texts, money with cents, and counts without", async () => {
    const book = await workbook(
      [table("documents", number("document"), number("total"), number("quantity"), text("iban"), day)],
      [[[1, 2, 3, "12345678901234567890", "2024-03-05"]]],
    );
    const sheet = book.getWorksheet("documents");
    expect([1, 2, 3, 4, 5].map((at) => sheet?.getColumn(at).numFmt ?? sheet?.getRow(2).getCell(at).numFmt ?? "General")).toEqual([
      "General",
      "#,##0.00",
      "General",
      "@",
      "yyyy-mm-dd",
    ]);
    expect(sheet?.getRow(2).getCell(4).value).toBe("12345678901234567890");
  });
});

describe("an export that cannot be written", () => {
  // Catches: a process that ends, or an export that never does, because the file could not even be made.
  it("fails for a workbook instead of waiting", async () => {
    const writer = openXlsx(join(temporaryFolder(), "missing", "out.xlsx"), [table("documents", number("n"))]);
    await expect(Promise.resolve(writer.end())).rejects.toMatchObject({ code: "ENOENT" });
    await writer.close();
  });

  it("fails for a database before anything is read", () => {
    expect(() => openSqlite(join(temporaryFolder(), "missing", "out.sqlite"), [table("documents", number("n"))])).toThrow();
  });
});

describe("tables of a database file", () => {
  async function database(tables: readonly Table[], ...slices: Scalar[][][][]) {
    const path = join(temporaryFolder(), "out.sqlite");
    await written(openSqlite(path, tables), ...slices);
    return new Database(path, { readonly: true });
  }
  const namesOf = (db: Database.Database) =>
    db
      .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .all()
      .map(({ name }) => name);

  // Catches: a run that cannot be exported at all because a recipe's table begins like the database's own.
  it("may be called as the database's own are", async () => {
    const db = await database([table("documents", number("n")), table("sqlite_stat", text("what"))], [[[1]], [["tea"]]]);
    expect(namesOf(db)).toEqual(["documents", "_sqlite_stat"]);
    expect(db.prepare<[], { what: string }>('SELECT what FROM "_sqlite_stat"').get()?.what).toBe("tea");
    db.close();
  });

  // Catches: a name that ends the statement and begins another.
  it("are called as they are, whatever a name holds", async () => {
    const hostile = 'x" (n); DROP TABLE documents; --';
    const db = await database([table("documents", number("n")), table("select", text(hostile), text("order"))], [[[1]], [["a", "b"]]]);
    expect(namesOf(db)).toEqual(["documents", "select"]);
    expect(db.prepare('SELECT * FROM "select"').get()).toEqual({ [hostile]: "a", order: "b" });
    db.close();
  });

  // Catches: a text of digits that becomes a number and loses its noughts, and truth that cannot be stored.
  it("keep each value's kind", async () => {
    const db = await database(
      [table("documents", text("code"), number("total"), { name: "paid", type: "boolean" }, day)],
      [
        [
          ["0042", 0.1, true, "2024-03-05"],
          ["1e5", -7, false, null],
          [null, null, null, null],
        ],
      ],
    );
    expect(db.prepare("SELECT code, total, paid, day FROM documents").raw().all()).toEqual([
      ["0042", 0.1, 1, "2024-03-05"],
      ["1e5", -7, 0, null],
      [null, null, null, null],
    ]);
    db.close();
  });

  // Catches: half of an export that looks like all of it because each slice was made final by itself.
  it("hold nothing until the export is whole", async () => {
    const path = join(temporaryFolder(), "out.sqlite");
    const writer = openSqlite(path, [table("documents", number("n"))]);
    await writer.write({ results: [], rows: [[[1], [2]]] });
    await writer.close();
    const db = new Database(path, { readonly: true });
    expect(namesOf(db)).toEqual([]);
    db.close();
  });
});

describe("dates of Parquet", () => {
  // Catches: another day than the one that was read, and a column of dates that one wrong text makes unreadable.
  it("are left out where no calendar has them", async () => {
    const path = join(temporaryFolder(), "out.parquet");
    await written(await openParquet([path], [table("documents", day)]), [[["2024-02-31"], ["2024-02-29"], ["1850-01-01"]]]);
    const bytes = readFileSync(path);
    const rows = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) });
    expect(rows.map((row) => row["day"] ?? null)).toEqual([null, new Date("2024-02-29T00:00:00Z"), new Date("1850-01-01T00:00:00Z")]);
  });
});
