import type { Database } from "better-sqlite3";
import { AppError } from "../../shared/errors.ts";

export type Migration = { version: number; name: string; sql: string };

/**
 * Brings a database to the newest schema, one transaction a migration. `snapshot` is called once before the first
 * change to a database that already holds data.
 * @throws SCHEMA_NEWER when the file was written by a newer Croft; nothing was touched.
 */
export function migrate(db: Database, migrations: readonly Migration[], snapshot: () => void): void {
  const current = db.pragma("user_version", { simple: true }) as number;
  const newest = migrations.at(-1)?.version ?? 0;
  if (current > newest) {
    throw new AppError(
      "SCHEMA_NEWER",
      `This profile was written by a newer Croft (schema ${current}, this one knows ${newest}). Nothing was changed.`,
      {
        hint: "Update Croft, or restore a backup made with this version.",
        data: { found: current, known: newest },
      },
    );
  }
  const pending = migrations.filter((migration) => migration.version > current);
  if (pending.length === 0) return;
  if (current > 0) snapshot();
  for (const migration of pending) {
    db.transaction(() => {
      db.exec(migration.sql);
      db.pragma(`user_version = ${migration.version}`);
    }).immediate();
  }
}
