import { onTestFinished } from "vitest";
import type { Fields, FieldValue } from "../../src/shared/contract/batch.ts";
import { openDatabase } from "../../src/main/db/open.ts";
import { createTruth } from "../../src/main/db/truth.ts";
import { createItemStore } from "../../src/main/features/batch/run/item-store.ts";
import { createRecordStore, type NewRecord } from "../../src/main/features/batch/run/record-store.ts";
import { createResultList } from "../../src/main/features/batch/run/result-list-store.ts";
import { createRunStore } from "../../src/main/features/batch/run/run-store.ts";
import { createDecisionStore } from "../../src/main/features/batch/review/decision-store.ts";
import { createSampleStore } from "../../src/main/features/batch/review/sample-store.ts";
import { temporaryFolder } from "./profile.ts";

/** A file of a run and what was read in it; files with one `content` share their record. */
export type BatchRow = { path: string; content?: string; documents?: Partial<NewRecord>[]; state?: "done" | "pending" };

const value = (of: FieldValue["value"], sure = 0.95): FieldValue => ({ value: of, sure, origin: "rule", flags: [] });
export const fieldsOf = (values: Record<string, FieldValue["value"]>): Fields =>
  Object.fromEntries(Object.entries(values).map(([name, one]) => [name, value(one)]));

/** A database with one run, as if its files had been read; the clock stands where the test puts it. */
export function batchRows(rows: readonly BatchRow[], recipe = "invoice") {
  let time = Date.UTC(2026, 0, 1);
  const profile = temporaryFolder();
  const truth = createTruth(
    openDatabase(profile, () => time),
    profile,
    () => time,
  );
  onTestFinished(() => truth.close());
  const stores = {
    runs: createRunStore(truth),
    items: createItemStore(truth),
    records: createRecordStore(truth),
    results: createResultList(truth),
    decisions: createDecisionStore(truth),
    samples: createSampleStore(truth),
  };
  const run = stores.runs.put({
    name: "r",
    paths: ["/x"],
    recipe: { name: recipe, version: 1 },
    model: "none",
    watch: false,
    options: { concurrency: 2, sampleShare: 0.05 },
  });
  function add(more: readonly BatchRow[]): void {
    stores.items.note(
      run.id,
      more.map(({ path }) => ({ path, size: 1, modifiedAt: 1 })),
      () => true,
    );
    const byPath = new Map(more.map((row) => [row.path, row]));
    truth.transact(() => {
      for (let item = stores.items.claim(run.id, "w"); item; item = stores.items.claim(run.id, "w")) {
        const { content = item.path, documents = [{}], state = "done" } = byPath.get(item.path) ?? {};
        if (state === "pending") continue;
        stores.records.insert(documents.map((document, part) => newRecord(content, part, recipe, document)));
        stores.items.done(item.id, content, documents.length);
      }
    });
  }
  add(rows);
  return { truth, run, add, ...stores, setTime: (at: number) => void (time = at), now: () => time };
}

const newRecord = (content: string, part: number, recipe: string, more: Partial<NewRecord>): NewRecord => ({
  key: content,
  part,
  fileHash: content,
  firstPage: part + 1,
  lastPage: part + 1,
  recipe: { name: recipe, version: 1 },
  model: "none",
  textHash: undefined,
  reading: {},
  fields: fieldsOf({ total: 12 }),
  flags: [],
  state: "done",
  sampled: false,
  approved: false,
  identity: undefined,
  lowestSure: 0.95,
  timings: { read: 1_000 },
  ...more,
});
