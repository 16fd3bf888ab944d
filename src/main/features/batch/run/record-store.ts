import { z } from "zod";
import { Fields, Flag } from "../../../../shared/contract/batch.ts";
import { AppError } from "../../../../shared/errors.ts";
import { createId } from "../../../db/id.ts";
import type { Truth } from "../../../db/truth.ts";
import { inSlices } from "../../knowledge/index.ts";

/** A document as read and as it is now. */
export type StoredRecord = {
  id: string;
  key: string;
  part: number;
  fileHash: string;
  firstPage: number;
  lastPage: number;
  recipe: { name: string; version: number };
  model: string;
  textHash: string | undefined;
  /** As read by rules and model. */
  reading: Fields;
  /** With decisions and flags. */
  fields: Fields;
  flags: Flag[];
  state: "done" | "review";
  sampled: boolean;
  approved: boolean;
  identity: string | undefined;
  lowestSure: number;
  timings: Record<string, number>;
  /** When it was read. */
  createdAt: number;
};
/** A record as it is now. */
export type RecordNow = Omit<StoredRecord, "reading">;
export type NewRecord = Omit<StoredRecord, "id" | "createdAt">;
export type RecordStore = ReturnType<typeof createRecordStore>;

type RowNow = {
  id: string;
  key: string;
  part: number;
  file_hash: string;
  first_page: number;
  last_page: number;
  recipe_name: string;
  recipe_version: number;
  model: string;
  text_hash: string | null;
  fields: string;
  flags: string;
  state: "done" | "review";
  sampled: number;
  approved: number;
  identity: string | null;
  lowest_sure: number;
  timings: string;
  created_at: number;
};
type Row = RowNow & { reading: string };

/** Columns of a record as it is now, in the order in which they are written; its reading is looked up only where it is asked for. */
const NOW =
  "id, key, part, file_hash, first_page, last_page, recipe_name, recipe_version, model, text_hash, fields, flags, state, sampled, approved, identity, lowest_sure, timings, created_at";

const Flags = z.array(Flag);
const Timings = z.record(z.string(), z.number());

/** Records that are read before others may have their turn. */
const SLICE = 50;
const OF_RUN = "r.key IN (SELECT key FROM batch_items WHERE run_id = ? AND state = 'done')";

export function createRecordStore(truth: Truth) {
  const { db } = truth;
  const byId = db.prepare<[string], Row>("SELECT * FROM batch_records WHERE id = ?");
  const nowById = db.prepare<[string], RowNow>(`SELECT ${NOW} FROM batch_records WHERE id = ?`);
  const idsOf = db.prepare<[string], string>(`SELECT r.id FROM batch_records r WHERE ${OF_RUN} ORDER BY r.id`).pluck();
  const pagesOf = db.prepare<[string], { documents: number; pages: number }>(
    `SELECT count(*) AS documents, coalesce(sum(r.last_page - r.first_page + 1), 0) AS pages FROM batch_records r WHERE ${OF_RUN}`,
  );
  const byKey = db.prepare<[string], Row>("SELECT * FROM batch_records WHERE key = ? ORDER BY part");

  return {
    get(id: string): StoredRecord {
      const row = byId.get(id);
      if (!row) throw new AppError("NOT_FOUND", `There is no record ${id}.`);
      return toRecord(row);
    },
    ofKey: (key: string): StoredRecord[] => byKey.all(key).map(toRecord),
    hasKey: (key: string): boolean => byKey.get(key) !== undefined,
    /** In the transaction of the item that is done. What is there under the key already stays. */
    insert(records: readonly NewRecord[]): string[] {
      const insert = db.prepare(`INSERT OR IGNORE INTO batch_records (${NOW}, reading) VALUES (${NOW.replaceAll(/\w+/g, "?")}, ?)`);
      return records.map((record) => {
        const id = createId(truth.now());
        insert.run(
          id,
          record.key,
          record.part,
          record.fileHash,
          record.firstPage,
          record.lastPage,
          record.recipe.name,
          record.recipe.version,
          record.model,
          record.textHash ?? null,
          JSON.stringify(record.fields),
          JSON.stringify(record.flags),
          record.state,
          Number(record.sampled),
          Number(record.approved),
          record.identity ?? null,
          record.lowestSure,
          JSON.stringify(record.timings),
          truth.now(),
          JSON.stringify(record.reading),
        );
        return id;
      });
    },
    /** What decisions, cross-checks and samples make of a record. */
    update(record: RecordNow): void {
      db.prepare(
        "UPDATE batch_records SET fields = ?, flags = ?, state = ?, sampled = ?, approved = ?, identity = ?, lowest_sure = ? WHERE id = ?",
      ).run(
        JSON.stringify(record.fields),
        JSON.stringify(record.flags),
        record.state,
        Number(record.sampled),
        Number(record.approved),
        record.identity ?? null,
        record.lowestSure,
        record.id,
      );
    },
    /** Other contents that are the same business document by the recipe's identity. */
    sameIdentity: (record: Pick<StoredRecord, "identity" | "fileHash" | "part" | "recipe">): StoredRecord[] =>
      record.identity === undefined
        ? []
        : db
            .prepare<[string, string, string, number], Row>(
              "SELECT * FROM batch_records WHERE recipe_name = ? AND identity = ? AND NOT (file_hash = ? AND part = ?) ORDER BY id LIMIT 20",
            )
            .all(record.recipe.name, record.identity, record.fileHash, record.part)
            .map(toRecord),
    /** All records of a run, each once, a slice at a time: reading thousands takes seconds, in which others have their turn. @throws ABORTED */
    async eachOf(runId: string, signal: AbortSignal, visit: (record: RecordNow) => void): Promise<void> {
      const ids = idsOf.all(runId);
      await inSlices(ids, SLICE, signal, (slice) => {
        for (const id of slice) {
          const row = nowById.get(id);
          if (row) visit(toRecordNow(row));
        }
      });
    },
    /** How many documents a run has read, and how many pages they have. */
    pages: (runId: string): { documents: number; pages: number } => pagesOf.get(runId) ?? { documents: 0, pages: 0 },
    /** A path of the record's content in any run, newest first. */
    pathsOf: (record: Pick<StoredRecord, "key">): { path: string; runId: string; item: string }[] =>
      db
        .prepare<[string], { path: string; runId: string; item: string }>(
          "SELECT path, run_id AS runId, id AS item FROM batch_items WHERE key = ? ORDER BY id DESC",
        )
        .all(record.key),
  };
}

const toRecord = (row: Row): StoredRecord => ({ ...toRecordNow(row), reading: Fields.parse(JSON.parse(row.reading)) });

function toRecordNow(row: RowNow): RecordNow {
  return {
    id: row.id,
    key: row.key,
    part: row.part,
    fileHash: row.file_hash,
    firstPage: row.first_page,
    lastPage: row.last_page,
    recipe: { name: row.recipe_name, version: row.recipe_version },
    model: row.model,
    textHash: row.text_hash ?? undefined,
    fields: Fields.parse(JSON.parse(row.fields)),
    flags: Flags.parse(JSON.parse(row.flags)),
    state: row.state,
    sampled: row.sampled === 1,
    approved: row.approved === 1,
    identity: row.identity ?? undefined,
    lowestSure: row.lowest_sure,
    timings: Timings.parse(JSON.parse(row.timings)),
    createdAt: row.created_at,
  };
}
