import type { BatchResult } from "../../../../shared/contract/batch.ts";
import { type AppError, toWire } from "../../../../shared/errors.ts";
import { createId } from "../../../db/id.ts";
import type { Truth } from "../../../db/truth.ts";

export type ItemState = "pending" | "working" | "done" | "dead";
export type Item = {
  id: string;
  runId: string;
  path: string;
  size: number;
  modifiedAt: number;
  fileHash: string | undefined;
  key: string | undefined;
  state: ItemState;
  /** How often a worker took it, with this time. */
  attempts: number;
  /** How many of them ended by a fault that may pass. */
  faults: number;
};
type Row = {
  id: string;
  run_id: string;
  path: string;
  size: number;
  modified_at: number;
  file_hash: string | null;
  key: string | null;
  state: ItemState;
  attempts: number;
  faults: number;
};
export type ItemStore = ReturnType<typeof createItemStore>;

/** How long a worker may be silent before its file is given to another. */
export const LEASE_MS = 60_000;

/** The files of runs: a queue that survives whatever ends a process, each file leased to one worker at a time. */
export function createItemStore(truth: Truth) {
  const { db } = truth;
  // Apart, each by an index of its own: together they would be looked for among all files of the run, and sorted.
  const waiting = db.prepare<[string, number], Row>(
    "SELECT * FROM batch_items INDEXED BY batch_items_waiting WHERE run_id = ? AND state = 'pending' AND run_after <= ? ORDER BY path LIMIT 1",
  );
  const begun = db.prepare<[string, number], Row>(
    "SELECT * FROM batch_items INDEXED BY batch_items_begun WHERE run_id = ? AND state = 'pending' AND attempts > 0 AND run_after <= ? ORDER BY path LIMIT 1",
  );
  const left = db.prepare<[string, number], Row>(
    "SELECT * FROM batch_items INDEXED BY batch_items_working WHERE run_id = ? AND state = 'working' AND lease_until < ? ORDER BY path LIMIT 1",
  );
  const byPath = db.prepare<[string, string], Row>("SELECT * FROM batch_items WHERE run_id = ? AND path = ?");
  const itemStates = db.prepare<[string], { state: ItemState; n: number }>(
    "SELECT state, count(*) AS n FROM batch_items WHERE run_id = ? GROUP BY state",
  );
  const recordStates = db.prepare<[string], { state: "done" | "review"; n: number; files: number }>(
    `SELECT r.state, count(*) AS n, sum(f.files) AS files
     FROM (SELECT key, count(*) AS files FROM batch_items WHERE run_id = ? AND state = 'done' GROUP BY key) f
     JOIN batch_records r ON r.key = f.key GROUP BY r.state`,
  );

  return {
    /** Notes the files that a walk found. New and changed ones are to be read; @returns how many are as they were and done. */
    note(runId: string, files: readonly { path: string; size: number; modifiedAt: number }[], isCurrent: (item: Item) => boolean): number {
      return truth.transact(() => {
        let settled = 0;
        const insert = db.prepare("INSERT INTO batch_items (id, run_id, path, size, modified_at, state) VALUES (?, ?, ?, ?, ?, 'pending')");
        const again = db.prepare(
          "UPDATE batch_items SET size = ?, modified_at = ?, file_hash = ?, key = NULL, state = 'pending', reason = NULL, attempts = 0, faults = 0, run_after = 0 WHERE id = ?",
        );
        for (const { path, size, modifiedAt } of files) {
          const row = byPath.get(runId, path);
          if (!row) insert.run(createId(truth.now()), runId, path, size, modifiedAt);
          else if (row.size !== size || row.modified_at !== modifiedAt) again.run(size, modifiedAt, null, row.id);
          else if (row.state === "done" && !isCurrent(toItem(row))) again.run(size, modifiedAt, row.file_hash, row.id);
          else if (row.state === "done") settled += 1;
        }
        return settled;
      });
    },
    /**
     * Takes the next file that is due, or undefined. First come those that a worker left behind and those that were begun: what
     * was beside them when Croft ended is read to its end before it ends again, or is blamed for ends that were not its doing.
     */
    claim(runId: string, owner: string): Item | undefined {
      return truth.transact(() => {
        const now = truth.now();
        const row = left.get(runId, now) ?? begun.get(runId, now) ?? waiting.get(runId, now);
        if (!row) return undefined;
        db.prepare("UPDATE batch_items SET state = 'working', attempts = attempts + 1, lease_owner = ?, lease_until = ? WHERE id = ?").run(
          owner,
          now + LEASE_MS,
          row.id,
        );
        return toItem({ ...row, state: "working", attempts: row.attempts + 1 });
      });
    },
    /** Says that the owner is still at work. */
    beat(owner: string): void {
      db.prepare("UPDATE batch_items INDEXED BY batch_items_working SET lease_until = ? WHERE lease_owner = ? AND state = 'working'").run(
        truth.now() + LEASE_MS,
        owner,
      );
    },
    /** One process has a profile: what others left is free when a job begins. The attempt counts, since the file may be what ended them. */
    reclaim(runId: string, owner: string): number {
      return db
        .prepare(
          "UPDATE batch_items SET state = 'pending', lease_owner = NULL, lease_until = 0 WHERE run_id = ? AND state = 'working' AND lease_owner IS NOT ?",
        )
        .run(runId, owner).changes;
    },
    setHash(id: string, fileHash: string): void {
      db.prepare("UPDATE batch_items SET file_hash = ? WHERE id = ?").run(fileHash, id);
    },
    /** In the transaction of its records, or alone where they are there already. */
    done(id: string, key: string, pages: number): void {
      db.prepare(
        "UPDATE batch_items SET state = 'done', key = ?, pages = ?, reason = NULL, lease_owner = NULL, lease_until = 0, finished_at = ? WHERE id = ?",
      ).run(key, pages, truth.now(), id);
    },
    /** Given back untouched: the attempt does not count. */
    release(id: string): void {
      db.prepare(
        "UPDATE batch_items SET state = 'pending', attempts = attempts - 1, lease_owner = NULL, lease_until = 0 WHERE id = ? AND state = 'working'",
      ).run(id);
    },
    postpone(id: string, runAfter: number, error: unknown): void {
      db.prepare(
        "UPDATE batch_items SET state = 'pending', faults = faults + 1, run_after = ?, reason = ?, lease_owner = NULL, lease_until = 0 WHERE id = ?",
      ).run(runAfter, JSON.stringify(toWire(error)), id);
    },
    bury(id: string, error: AppError): void {
      const page = error.data?.["page"];
      const reason = { ...toWire(error), ...(typeof page === "number" ? { page } : {}) };
      db.prepare(
        "UPDATE batch_items SET state = 'dead', reason = ?, lease_owner = NULL, lease_until = 0, finished_at = ? WHERE id = ?",
      ).run(JSON.stringify(reason), truth.now(), id);
    },
    /** Dead letters that are tried again: all, those named, or those with one of the codes. */
    revive(runId: string, which: { ids?: readonly string[] | undefined; codes?: readonly string[] }): number {
      return truth.transact((transaction) => {
        const rows = db
          .prepare<[string], { id: string; reason: string | null }>(
            "SELECT id, reason FROM batch_items WHERE run_id = ? AND state = 'dead'",
          )
          .all(runId);
        const wanted = rows.filter(({ id, reason }) =>
          which.ids ? which.ids.includes(id) : which.codes ? which.codes.includes(codeOf(reason)) : true,
        );
        const update = db.prepare(
          "UPDATE batch_items SET state = 'pending', attempts = 0, faults = 0, run_after = 0, reason = NULL WHERE id = ?",
        );
        for (const { id } of wanted) update.run(id);
        if (wanted.length > 0) transaction.event("batch.run", runId);
        return wanted.length;
      });
    },
    nextDue: (runId: string): number | undefined =>
      db
        .prepare<[string], { at: number | null }>("SELECT min(run_after) AS at FROM batch_items WHERE run_id = ? AND state = 'pending'")
        .get(runId)?.at ?? undefined,
    /** Files in all and those that wait: less to look at than `counts`, and asked after each file. */
    progress(runId: string): { done: number; total: number } {
      const states = itemStates.all(runId);
      const sum = (rows: typeof states) => rows.reduce((total, { n }) => total + n, 0);
      return { done: sum(states.filter(({ state }) => state === "done" || state === "dead")), total: sum(states) };
    },
    /** What was read counts once however many files hold it, as lists and exports show it; `copies` are the rows of the other files. */
    counts(runId: string): Record<BatchResult["state"] | "files" | "copies", number> {
      const states = itemStates.all(runId);
      const of = (...names: ItemState[]) => states.reduce((sum, { state, n }) => sum + (names.includes(state) ? n : 0), 0);
      const records = recordStates.all(runId);
      const count = (name: string) => records.find(({ state }) => state === name)?.n ?? 0;
      return {
        pending: of("pending", "working"),
        dead: of("dead"),
        done: count("done"),
        review: count("review"),
        files: of("pending", "working", "done", "dead"),
        copies: records.reduce((sum, { n, files }) => sum + files - n, 0),
      };
    },
    reasons(runId: string): { code: string; count: number }[] {
      const rows = db
        .prepare<[string], { reason: string | null }>("SELECT reason FROM batch_items WHERE run_id = ? AND state = 'dead'")
        .all(runId);
      return [...Map.groupBy(rows, ({ reason }) => codeOf(reason))]
        .map(([code, list]) => ({ code, count: list.length }))
        .sort((a, b) => b.count - a.count);
    },
    throughput: (runId: string, since: number): { at: number; documents: number }[] =>
      db
        .prepare<[string, number], { at: number; documents: number }>(
          "SELECT finished_at / 60000 * 60000 AS at, count(*) AS documents FROM batch_items WHERE run_id = ? AND finished_at >= ? GROUP BY 1 ORDER BY 1",
        )
        .all(runId, since),
  };
}

function codeOf(reason: string | null): string {
  const value: unknown = reason === null ? undefined : JSON.parse(reason);
  return typeof value === "object" && value !== null && "code" in value ? String(value.code) : "";
}

const toItem = (row: Row): Item => ({
  id: row.id,
  runId: row.run_id,
  path: row.path,
  size: row.size,
  modifiedAt: row.modified_at,
  fileHash: row.file_hash ?? undefined,
  key: row.key ?? undefined,
  state: row.state,
  attempts: row.attempts,
  faults: row.faults,
});
