import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { type BatchResult, Fields, Flag, type ResultCursor } from "../../../../shared/contract/batch.ts";
import { Reason } from "../../../../shared/contract/define.ts";
import type { Truth } from "../../../db/truth.ts";

type Subject = { id: string; recipe: BatchResult["recipe"]; model: string };
type Wish = { states?: readonly string[] | undefined; order: "path" | "review"; search?: string | undefined };
type Window = Wish & { offset: number; after?: ResultCursor | undefined; limit: number };
export type ResultList = ReturnType<typeof createResultList>;

type Place = ResultCursor & { item: string; record: string | null };
type Row = {
  item: string;
  path: string;
  item_state: string;
  item_hash: string | null;
  item_pages: number | null;
  reason: string | null;
  original: string | null;
  parts: number;
  part: number | null;
  id: string | null;
  file_hash: string | null;
  first_page: number | null;
  last_page: number | null;
  recipe_name: string | null;
  recipe_version: number | null;
  model: string | null;
  fields: string | null;
  flags: string | null;
  state: "done" | "review" | null;
  sampled: number | null;
  timings: string | null;
};

const Flags = z.array(Flag);
const StoredReason = Reason.extend({ page: z.number().int().optional() });
const Timings = z.record(z.string(), z.number());
/** Rows that are read before others may have their turn: some ten milliseconds. */
const SLICE = 50;

/** Rows of a run: one for each document of a finished file, one for each other file. */
const ROWS = "FROM batch_items i LEFT JOIN batch_records r ON r.key = i.key AND i.state = 'done' WHERE i.run_id = @run";
const STATE = "CASE WHEN i.state = 'dead' THEN 'dead' WHEN r.id IS NULL THEN 'pending' ELSE r.state END";
// The signs before columns make SQLite look for the few files of a key, and not through all files of the run.
const IS_FIRST =
  "(r.id IS NULL OR NOT EXISTS (SELECT 1 FROM batch_items e WHERE e.key = i.key AND +e.run_id = @run AND +e.state = 'done' AND +e.path < i.path))";
const SURE = "coalesce(r.lowest_sure, -1)";
const PART = "coalesce(r.part, -1)";
const ORDERS = {
  path: { order: `i.path, ${PART}`, beyond: `i.path >= @path AND (i.path, ${PART}) > (@path, @part)` },
  review: { order: `${SURE}, i.path, ${PART}`, beyond: `(${SURE}, i.path, ${PART}) > (@sure, @path, @part)` },
} as const;

/** The documents of runs as lists show them. */
export function createResultList({ db }: Truth) {
  const row = db.prepare<[{ run: string; item: string; record: string | null }], Row>(
    `SELECT i.id AS item, i.path, i.state AS item_state, i.file_hash AS item_hash, i.pages AS item_pages, i.reason,
       (SELECT min(e.path) FROM batch_items e WHERE e.key = i.key AND +e.run_id = @run) AS original,
       (SELECT count(*) FROM batch_records p WHERE p.key = r.key) AS parts,
       r.id, r.part, r.file_hash, r.first_page, r.last_page, r.recipe_name, r.recipe_version, r.model, r.fields, r.flags, r.state, r.sampled, r.timings
     FROM batch_items i LEFT JOIN batch_records r ON r.id = @record WHERE i.id = @item`,
  );

  /** Which rows are meant is asked of indexes alone, so that a window far down is as quick as the first. */
  function find(run: Subject, wish: Wish, { after, offset, limit }: { after?: ResultCursor | undefined; offset: number; limit: number }) {
    const { where, parameters } = conditions(run, wish);
    const { order, beyond } = ORDERS[wish.order];
    const asked = { ...parameters, ...after, limit, offset: after ? 0 : offset };
    return db
      .prepare<[typeof asked], Place>(
        `SELECT i.id AS item, r.id AS record, ${SURE} AS sure, i.path AS path, ${PART} AS part
         ${where}${after ? ` AND ${beyond}` : ""} ORDER BY ${order} LIMIT @limit OFFSET @offset`,
      )
      .all(asked);
  }

  /** Reads the rows whole, a slice at a time. What is gone by then is left out. */
  async function* slices(run: Subject, places: readonly Place[], signal: AbortSignal): AsyncGenerator<BatchResult[], void> {
    for (let first = 0; first < places.length; first += SLICE) {
      signal.throwIfAborted();
      yield places.slice(first, first + SLICE).flatMap(({ item, record }) => {
        const found = row.get({ run: run.id, item, record });
        return found ? [toResult(found, run)] : [];
      });
      await setImmediate();
    }
  }

  return {
    /** A window of the list and how many rows there are in all; `next` is where the one after it begins. @throws ABORTED */
    async window(
      run: Subject,
      { after, offset, limit, ...wish }: Window,
      signal: AbortSignal,
    ): Promise<{ total: number; results: BatchResult[]; next?: ResultCursor }> {
      const { where, parameters } = conditions(run, wish);
      const total = db.prepare<[typeof parameters], { n: number }>(`SELECT count(*) AS n ${where}`).get(parameters)?.n ?? 0;
      const places = find(run, wish, { after, offset, limit });
      const last = places.length === limit ? places.at(-1) : undefined;
      const next = last && { sure: last.sure, path: last.path, part: last.part };
      return { total, results: (await Array.fromAsync(slices(run, places, signal))).flat(), ...(next ? { next } : {}) };
    },
    /** Everything of a run in the order of paths, a few documents at a time: only their places are held. @throws ABORTED */
    all: (run: Subject, signal: AbortSignal): AsyncGenerator<BatchResult[], void> =>
      slices(run, find(run, { order: "path" }, { offset: 0, limit: -1 }), signal),
  };
}

function conditions(run: Subject, { states = [], order, search }: Wish) {
  const asked = states.length > 0 ? ` AND ${STATE} IN (${states.map((state) => `'${state.replaceAll(/\W/gu, "")}'`).join(", ")})` : "";
  // Copies are rows only where everything is listed by path.
  const unique = order === "review" || states.length > 0 ? ` AND ${IS_FIRST}` : "";
  const found = search ? " AND (i.path LIKE @search ESCAPE '\\' OR r.fields LIKE @search ESCAPE '\\')" : "";
  return {
    where: `${ROWS}${asked}${unique}${found}`,
    parameters: { run: run.id, ...(search ? { search: `%${search.replaceAll(/[\\%_]/gu, "\\$&")}%` } : {}) },
  };
}

function toResult(row: Row, run: Subject): BatchResult {
  const reason = row.reason === null ? undefined : StoredReason.parse(JSON.parse(row.reason));
  const isPart = row.parts > 1;
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
    state: row.item_state === "dead" ? "dead" : (row.state ?? "pending"),
    ...(reason && row.id === null ? { reason } : {}),
    recipe: row.recipe_name !== null && row.recipe_version !== null ? { name: row.recipe_name, version: row.recipe_version } : run.recipe,
    model: row.model ?? run.model,
    fields: row.fields === null ? {} : Fields.parse(JSON.parse(row.fields)),
    flags: row.flags === null ? [] : Flags.parse(JSON.parse(row.flags)),
    sampled: row.sampled === 1,
    timings: row.timings === null ? {} : Timings.parse(JSON.parse(row.timings)),
  };
}
