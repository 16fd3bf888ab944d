import { z } from "zod";
import { type BatchResult, Fields, Flag } from "../../../../shared/contract/batch.ts";
import { Reason } from "../../../../shared/contract/define.ts";
import { AppError } from "../../../../shared/errors.ts";
import { createId } from "../../../db/id.ts";
import type { Truth } from "../../../db/truth.ts";

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
};
export type NewRecord = Omit<StoredRecord, "id">;
export type RecordStore = ReturnType<typeof createRecordStore>;

type Row = {
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
  reading: string;
  fields: string;
  flags: string;
  state: "done" | "review";
  sampled: number;
  approved: number;
  identity: string | null;
  lowest_sure: number;
  timings: string;
};
type JoinedRow = {
  item: string;
  path: string;
  item_state: string;
  item_hash: string | null;
  reason: string | null;
  item_pages: number | null;
  original: string | null;
  parts: number | null;
} & {
  [Key in keyof Row]: Row[Key] | null;
};

const Flags = z.array(Flag);
const StoredReason = Reason.extend({ page: z.number().int().optional() });
const Timings = z.record(z.string(), z.number());

/** Rows of a run: one for each document of a finished file, one for each other file. */
const JOINED = `
  FROM batch_items i LEFT JOIN batch_records r ON r.key = i.key AND i.state = 'done'
  LEFT JOIN (SELECT key, min(path) AS path FROM batch_items WHERE run_id = @run AND key IS NOT NULL GROUP BY key) f ON f.key = i.key
  WHERE i.run_id = @run`;
const STATE = "CASE WHEN i.state = 'dead' THEN 'dead' WHEN r.id IS NULL THEN 'pending' ELSE r.state END";

export function createRecordStore(truth: Truth) {
  const { db } = truth;
  const byId = db.prepare<[string], Row>("SELECT * FROM batch_records WHERE id = ?");
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
      const insert = db.prepare(
        `INSERT OR IGNORE INTO batch_records (id, key, part, file_hash, first_page, last_page, recipe_name, recipe_version, model, text_hash, reading, fields, flags, state, sampled, approved, identity, lowest_sure, timings, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      );
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
          JSON.stringify(record.reading),
          JSON.stringify(record.fields),
          JSON.stringify(record.flags),
          record.state,
          Number(record.sampled),
          Number(record.approved),
          record.identity ?? null,
          record.lowestSure,
          JSON.stringify(record.timings),
          truth.now(),
        );
        return id;
      });
    },
    /** What decisions, cross-checks and samples make of a record. */
    update(record: StoredRecord): void {
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
    /** All records of a run, each once, in the order of their files. */
    ofRun: (runId: string): StoredRecord[] =>
      db
        .prepare<[string], Row>(
          "SELECT r.* FROM batch_records r WHERE r.key IN (SELECT key FROM batch_items WHERE run_id = ? AND state = 'done') ORDER BY r.id",
        )
        .all(runId)
        .map(toRecord),

    results(
      run: { id: string; recipe: BatchResult["recipe"]; model: string },
      window: {
        states?: readonly string[] | undefined;
        order: "path" | "review";
        search?: string | undefined;
        offset: number;
        limit: number;
      },
    ) {
      const states =
        window.states && window.states.length > 0
          ? ` AND ${STATE} IN (${window.states.map((state) => `'${state.replaceAll(/\W/gu, "")}'`).join(", ")})`
          : "";
      const unique = window.order === "review" ? " AND (r.id IS NULL OR f.path = i.path)" : "";
      const search = window.search ? " AND (i.path LIKE @search ESCAPE '\\' OR r.fields LIKE @search ESCAPE '\\')" : "";
      const parameters = { run: run.id, ...(window.search ? { search: `%${window.search.replaceAll(/[\\%_]/gu, "\\$&")}%` } : {}) };
      const order = window.order === "path" ? "i.path, r.part" : "r.lowest_sure, i.path, r.part";
      const where = `${JOINED}${states}${unique}${search}`;
      const total = db.prepare<[typeof parameters], { n: number }>(`SELECT count(*) AS n ${where}`).get(parameters)?.n ?? 0;
      const rows = db
        .prepare<[typeof parameters & { limit: number; offset: number }], JoinedRow>(
          `SELECT i.id AS item, i.path, i.state AS item_state, i.file_hash AS item_hash, i.reason, i.pages AS item_pages, f.path AS original,
             (SELECT count(*) FROM batch_records p WHERE p.key = r.key) AS parts, r.* ${where} ORDER BY ${order} LIMIT @limit OFFSET @offset`,
        )
        .all({ ...parameters, limit: window.limit, offset: window.offset });
      return { total, results: rows.map((row) => toResult(row, run)) };
    },
    /** A path of the record's content in any run, newest first. */
    pathsOf: (record: Pick<StoredRecord, "key">): { path: string; runId: string; item: string }[] =>
      db
        .prepare<[string], { path: string; runId: string; item: string }>(
          "SELECT path, run_id AS runId, id AS item FROM batch_items WHERE key = ? ORDER BY id DESC",
        )
        .all(record.key),
  };
}

function toRecord(row: Row): StoredRecord {
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
    reading: Fields.parse(JSON.parse(row.reading)),
    fields: Fields.parse(JSON.parse(row.fields)),
    flags: Flags.parse(JSON.parse(row.flags)),
    state: row.state,
    sampled: row.sampled === 1,
    approved: row.approved === 1,
    identity: row.identity ?? undefined,
    lowestSure: row.lowest_sure,
    timings: Timings.parse(JSON.parse(row.timings)),
  };
}

function toResult(row: JoinedRow, run: { recipe: BatchResult["recipe"]; model: string }): BatchResult {
  const isDead = row.item_state === "dead";
  const reason = row.reason === null ? undefined : StoredReason.parse(JSON.parse(row.reason));
  const isPart = (row.parts ?? 1) > 1;
  return {
    ...(row.id === null ? {} : { id: row.id }),
    item: row.item,
    document: {
      path: row.path,
      hash: row.item_hash ?? row.file_hash ?? "",
      pages: row.item_pages ?? 0,
      ...(isPart && row.first_page !== null && row.last_page !== null && row.part !== null
        ? { firstPage: row.first_page, lastPage: row.last_page, part: row.part }
        : {}),
      ...(row.original !== null && row.original !== row.path ? { duplicateOf: row.original } : {}),
    },
    state: isDead ? "dead" : (row.state ?? "pending"),
    ...(reason && row.id === null ? { reason } : {}),
    recipe: row.recipe_name !== null && row.recipe_version !== null ? { name: row.recipe_name, version: row.recipe_version } : run.recipe,
    model: row.model ?? run.model,
    fields: row.fields === null ? {} : Fields.parse(JSON.parse(row.fields)),
    flags: row.flags === null ? [] : Flags.parse(JSON.parse(row.flags)),
    sampled: row.sampled === 1,
    timings: row.timings === null ? {} : Timings.parse(JSON.parse(row.timings)),
  };
}
