import type {
  BatchRecord,
  BatchResult,
  BatchRun,
  BatchStats,
  ExportManifest,
  FieldValue,
  ScanReport,
} from "../../src/shared/contract/batch.ts";
import { wordsOf } from "./markup.tsx";

/** A finished run, with what a test changes of it. */
export const runOf = (more: Partial<BatchRun> = {}): BatchRun => ({
  id: "r1",
  name: "in: invoice",
  paths: ["/home/ada/in"],
  recipe: { name: "invoice", version: 2 },
  model: "none",
  watch: false,
  concurrency: 2,
  state: "done",
  counts: { pending: 0, done: 3, review: 0, dead: 0 },
  files: 3,
  copies: 0,
  createdAt: 0,
  updatedAt: 0,
  ...more,
});

/** A value that rules read, with what a test changes of it. */
export const valueOf = (more: Partial<FieldValue> = {}): FieldValue => ({ value: 12.5, sure: 0.875, origin: "rule", flags: [], ...more });

/** A document to review, with what a test changes of it. */
export const resultOf = (more: Partial<BatchResult> = {}): BatchResult => ({
  id: "d1",
  item: "i1",
  document: { path: "/home/ada/in/bill.pdf", hash: "h", pages: 1 },
  state: "review",
  recipe: { name: "invoice", version: 2 },
  fields: { total: valueOf() },
  flags: [],
  sampled: false,
  timings: {},
  ...more,
});

/** A document at the desk, with what a test changes of it. */
export const recordOf = (more: Partial<BatchRecord> = {}): BatchRecord => ({ ...resultOf(), pageSizes: [], history: [], ...more });

/** The numbers of a run that did nothing, with what a test changes of it. */
export const statsOf = (more: Partial<BatchStats> = {}): BatchStats => ({
  counts: runOf().counts,
  stages: [],
  pagesPerMinute: 0,
  confidence: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  flags: [],
  reasons: [],
  throughput: [],
  sample: { share: 0.05, sampled: 0, reviewed: 0, wrong: 0, errorRate: { low: 0, high: 1 } },
  ...more,
});

/** What a look at a folder found, with what a test changes of it. */
export const reportOf = (more: Partial<ScanReport> = {}): ScanReport => ({
  paths: ["/in"],
  files: 5,
  bytes: 2e6,
  pages: 12,
  pagesToRecognise: 0,
  types: [{ type: "application/pdf", files: 5, pages: 12, bytes: 2e6 }],
  duplicates: [],
  unreadable: [],
  samples: [],
  known: 0,
  estimate: { low: 1000, high: 4000, learnedFrom: 0 },
  took: 1,
  ...more,
});

/** What an export wrote, with what a test changes of it. */
export const manifestOf = (more: Partial<ExportManifest> = {}): ExportManifest => ({
  format: "croft.export/1",
  run: "r1",
  recipe: { name: "invoice", version: 2, hash: "f".repeat(64) },
  model: "none",
  pipeline: "3",
  exportedAt: "2026-01-01",
  forced: false,
  unreviewed: 0,
  counts: { documents: 3, rows: 1234, review: 1, dead: 2 },
  outputs: [
    { file: "in.csv", sha256: "a".repeat(64), bytes: 1000 },
    { file: "main.csv", sha256: "b".repeat(64), bytes: 2000 },
  ],
  documents: [],
  ...more,
});

/** The text as it is read on screen: elements in a line add no space of their own. */
export const inLine = (markup: string): string => markup.replace(/<[^>]*>/g, "");
/** The words on the buttons, in their order; buttons of an icon alone are left out. */
export const buttonNames = (markup: string): string[] =>
  [...markup.matchAll(/<button[^>]*>(.*?)<\/button>/gs)].map(([, inside]) => wordsOf(inside ?? "")).filter(Boolean);
/** Whether the button that begins with a word is locked. */
export const disabledButton = (markup: string, name: string): boolean => {
  const found = [...markup.matchAll(/<button([^>]*)>(.*?)<\/button>/gs)].find(([, , inside]) => wordsOf(inside ?? "").startsWith(name));
  if (!found) throw new Error(`there is no button ${name}`);
  return found[1]?.includes('disabled=""') === true;
};
