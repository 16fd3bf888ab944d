import Database from "better-sqlite3";
import type { ColumnType, Table } from "./tables.ts";
import type { ExportWriter } from "./writer.ts";

const TYPES: Readonly<Record<ColumnType, string>> = { text: "TEXT", number: "REAL", date: "TEXT", boolean: "INTEGER" };
/** Tables that begin so are SQLite's own. */
const RESERVED = "sqlite_";

/** The tables as a new database file. Names of columns come from a recipe: they are quoted, whatever they are. */
export function openSqlite(path: string, tables: readonly Table[]): ExportWriter {
  const db = new Database(path);
  try {
    db.exec("BEGIN");
    const inserts = tables.map(({ name: wanted, columns }) => {
      // No field begins with an underscore, so the name is nobody else's.
      const name = wanted.startsWith(RESERVED) ? `_${wanted}` : wanted;
      db.exec(`CREATE TABLE ${quote(name)} (${columns.map((column) => `${quote(column.name)} ${TYPES[column.type]}`).join(", ")})`);
      return db.prepare(`INSERT INTO ${quote(name)} VALUES (${columns.map(() => "?").join(", ")})`);
    });
    return {
      write({ rows }) {
        for (const [at, insert] of inserts.entries())
          for (const row of rows[at] ?? []) insert.run(row.map((value) => (typeof value === "boolean" ? Number(value) : value)));
      },
      end: () => void db.exec("COMMIT"),
      close: () => void db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
