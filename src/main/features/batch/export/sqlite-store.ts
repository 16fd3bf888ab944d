import Database from "better-sqlite3";
import type { ColumnType, Table } from "./tables.ts";

const TYPES: Readonly<Record<ColumnType, string>> = { text: "TEXT", number: "REAL", date: "TEXT", boolean: "INTEGER" };

/** Writes the tables as a new database file. Names of columns come from a recipe: they are quoted, whatever they are. */
export function writeSqlite(path: string, tables: readonly Table[]): void {
  const db = new Database(path);
  try {
    db.transaction(() => {
      for (const { name, columns, rows } of tables) {
        db.exec(`CREATE TABLE ${quote(name)} (${columns.map((column) => `${quote(column.name)} ${TYPES[column.type]}`).join(", ")})`);
        const insert = db.prepare(`INSERT INTO ${quote(name)} VALUES (${columns.map(() => "?").join(", ")})`);
        for (const row of rows) insert.run(row.map((value) => (typeof value === "boolean" ? Number(value) : value)));
      }
    })();
  } finally {
    db.close();
  }
}

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
