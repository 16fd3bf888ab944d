import type { BatchStats } from "../../../../shared/contract/batch.ts";
import { wilson } from "../review/sample.ts";
import { eachValue } from "../validate/values.ts";
import type { Decision } from "../../../../shared/contract/batch.ts";
import type { ItemStore } from "./item-store.ts";
import type { RecordStore, StoredRecord } from "./record-store.ts";
import type { StoredRun } from "./run-store.ts";

const SHOWN_MINUTES = 60;

/** The numbers of a run's page. */
export function runStats(
  run: StoredRun,
  deps: {
    items: ItemStore;
    records: RecordStore;
    decisionsOf: (record: StoredRecord) => readonly Decision[];
    now: number;
    left: BatchStats["left"];
  },
): BatchStats {
  const records = deps.records.ofRun(run.id);
  const counts = deps.items.counts(run.id);
  const stages = new Map<string, { documents: number; ms: number }>();
  const confidence = Array.from({ length: 10 }, () => 0);
  const flags = new Map<string, number>();
  let [pages, readMs] = [0, 0];
  for (const record of records) {
    pages += record.lastPage - record.firstPage + 1;
    for (const [stage, ms] of Object.entries(record.timings)) {
      const known = stages.get(stage) ?? { documents: 0, ms: 0 };
      stages.set(stage, { documents: known.documents + 1, ms: known.ms + ms });
      readMs += ms;
    }
    for (const [path, { value, sure, flags: own }] of eachValue(record.fields)) {
      if (value !== null) confidence[Math.min(9, Math.floor(sure * 10))]! += 1;
      for (const { rule } of own) count(flags, `${rule}\n${path.replace(/\.\d+/u, "")}`);
    }
    for (const { rule, field = "" } of record.flags) count(flags, `${rule}\n${field}`);
  }
  const sampled = records.filter((record) => record.sampled);
  const reviewed = sampled.filter((record) => record.approved);
  const wrong = reviewed.filter((record) =>
    deps.decisionsOf(record).some(({ action, undoneAt }) => undoneAt === undefined && (action === "correct" || action === "choose")),
  ).length;
  return {
    counts: { pending: counts.pending, done: counts.done, review: counts.review, dead: counts.dead },
    stages: [...stages].map(([stage, sum]) => ({ stage, ...sum })),
    pagesPerMinute: readMs === 0 ? 0 : Math.round((pages / readMs) * 60_000 * 10) / 10,
    ...(deps.left ? { left: deps.left } : {}),
    confidence,
    flags: [...flags]
      .map(([key, times]) => {
        const [rule = "", field = ""] = key.split("\n");
        return { rule, field, count: times };
      })
      .sort((a, b) => b.count - a.count),
    reasons: deps.items.reasons(run.id),
    throughput: deps.items.throughput(run.id, deps.now - SHOWN_MINUTES * 60_000),
    sample: {
      share: run.options.sampleShare,
      sampled: sampled.length,
      reviewed: reviewed.length,
      wrong,
      errorRate: wilson(wrong, reviewed.length),
    },
  };
}

const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
