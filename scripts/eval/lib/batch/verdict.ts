import { relative } from "node:path";
import { compileSchema } from "../../../../src/main/features/batch/validate/schema.ts";
import { eachValue, plainRecord } from "../../../../src/main/features/batch/validate/values.ts";
import type { BatchResult } from "../../../../src/shared/contract/batch.ts";
import type { Recipe } from "../../../../src/shared/contract/recipe.ts";
import type { MixedFile } from "./mixed-files.ts";

export type Verdict = {
  /** Files of each kind by their end. */
  ends: Map<string, { files: number; done: number; review: number; dead: number }>;
  /** What is wrong, a line each: must be empty. */
  faults: string[];
  /** Records whose values are as their schema says, and those that are not and say so in their flags. */
  valid: number;
  flaggedInvalid: number;
  /** Codes of the dead letters. */
  reasons: Map<string, number>;
  pages: number;
};

/** Holds what came of a run against the folder: each file in one state, each content read once, nothing lost, each record valid. */
export function judgeRun(
  files: readonly MixedFile[],
  folder: string,
  results: readonly BatchResult[],
  recipe: Recipe,
  acknowledged: ReadonlyMap<string, BatchResult>,
): Verdict {
  const check = compileSchema(recipe.schema);
  const verdict: Verdict = { ends: new Map(), faults: [], valid: 0, flaggedInvalid: 0, reasons: new Map(), pages: 0 };
  const { faults } = verdict;
  const rows = Map.groupBy(results, ({ document }) => relative(folder, document.path).replaceAll("\\", "/"));
  for (const { name, kind, ends } of files) {
    const own = rows.get(name) ?? [];
    const end = endOf(own);
    const counts = verdict.ends.get(kind) ?? { files: 0, done: 0, review: 0, dead: 0 };
    counts.files += 1;
    if (end === undefined)
      faults.push(`${name} (${kind}) is in no single end state: ${own.map(({ state }) => state).join(", ") || "none"}`);
    else {
      counts[end] += 1;
      if (ends !== "either" && (ends === "dead") !== (end === "dead")) faults.push(`${name} (${kind}) is ${end}, and should be ${ends}`);
    }
    verdict.ends.set(kind, counts);
    for (const { state, reason } of own) {
      if (state !== "dead") continue;
      if (!reason?.code || !reason.message) faults.push(`${name} is a dead letter without a reason`);
      verdict.reasons.set(reason?.code ?? "none", (verdict.reasons.get(reason?.code ?? "none") ?? 0) + 1);
    }
  }
  const planned = new Set(files.map(({ name }) => name));
  for (const name of rows.keys()) if (!planned.has(name)) faults.push(`${name} is in the run and not in the folder`);
  const originals = results.filter(({ id, document }) => id !== undefined && document.duplicateOf === undefined);
  const contents = Map.groupBy(originals, ({ document }) => `${document.hash} ${document.part ?? 0}`);
  for (const twice of contents.values()) if (twice.length > 1) faults.push(`${twice[0]?.document.path} was made ${twice.length} times`);
  const now = new Map(results.map((result) => [result.id, result]));
  for (const [id, told] of acknowledged) {
    const found = now.get(id);
    if (!found) faults.push(`${told.document.path} was told of and is gone`);
    else if (found.document.hash !== told.document.hash) faults.push(`${told.document.path} was told of with another content`);
  }
  for (const { document, fields, flags } of originals) {
    verdict.pages +=
      document.firstPage === undefined ? Math.max(1, document.pages) : (document.lastPage ?? document.firstPage) - document.firstPage + 1;
    const problems = check(plainRecord(fields));
    const isFlagged = flags.length > 0 || [...eachValue(fields)].some(([, value]) => value.flags.length > 0);
    if (problems.length === 0) verdict.valid += 1;
    else if (isFlagged) verdict.flaggedInvalid += 1;
    else faults.push(`${document.path} breaks its schema at ${problems[0]?.path} and says nothing of it`);
  }
  return verdict;
}

/** All documents of a file are records, or it is one dead letter; a file with one to review is to review. */
function endOf(rows: readonly BatchResult[]): "done" | "review" | "dead" | undefined {
  if (rows.length === 0) return undefined;
  if (rows.every(({ state }) => state === "dead")) return rows.length === 1 ? "dead" : undefined;
  if (!rows.every(({ state }) => state === "done" || state === "review")) return undefined;
  return rows.some(({ state }) => state === "review") ? "review" : "done";
}
