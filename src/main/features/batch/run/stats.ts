import type { BatchStats } from "../../../../shared/contract/batch.ts";
import type { SampleStore } from "../review/sample-store.ts";
import { wilson } from "../review/sample.ts";
import { eachValue } from "../validate/values.ts";
import type { ItemStore } from "./item-store.ts";
import type { RecordStore } from "./record-store.ts";
import type { StoredRun } from "./run-store.ts";
import { timeAtWork } from "./time-at-work.ts";

const SHOWN_MINUTES = 60;

/** The numbers of a run's page. @throws ABORTED */
export async function runStats(
  run: StoredRun,
  deps: { items: ItemStore; records: RecordStore; samples: SampleStore; now: number; left: BatchStats["left"] },
  signal: AbortSignal,
): Promise<BatchStats> {
  const stages = new Map<string, { documents: number; ms: number }>();
  const confidence = Array.from({ length: 10 }, () => 0);
  const flags = new Map<string, number>();
  const reads = new Map<string, { endedAt: number; ms: number }>();
  let pages = 0;
  await deps.records.eachOf(run.id, signal, (record) => {
    pages += record.lastPage - record.firstPage + 1;
    const read = reads.get(record.key) ?? { endedAt: record.createdAt, ms: 0 };
    for (const [stage, ms] of Object.entries(record.timings)) {
      const known = stages.get(stage) ?? { documents: 0, ms: 0 };
      stages.set(stage, { documents: known.documents + 1, ms: known.ms + ms });
      read.ms += ms;
    }
    reads.set(record.key, read);
    for (const [path, { value, sure, flags: own }] of eachValue(record.fields)) {
      if (value !== null) confidence[Math.min(9, Math.floor(sure * 10))]! += 1;
      for (const { rule } of own) count(flags, `${rule}\n${path.replace(/\.\d+/u, "")}`);
    }
    for (const { rule, field = "" } of record.flags) count(flags, `${rule}\n${field}`);
  });
  const counts = deps.items.counts(run.id);
  const minutes = timeAtWork([...reads.values()]) / 60_000;
  const { sampled, reviewed, wrong } = deps.samples.standing(run.id);
  return {
    counts: { pending: counts.pending, done: counts.done, review: counts.review, dead: counts.dead },
    stages: [...stages].map(([stage, sum]) => ({ stage, ...sum })),
    pagesPerMinute: minutes === 0 ? 0 : Math.round((pages / minutes) * 10) / 10,
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
      sampled,
      reviewed,
      wrong,
      errorRate: wilson(wrong, reviewed),
    },
  };
}

const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
