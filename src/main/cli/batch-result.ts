import { type BatchResult, BatchRunResult } from "../../shared/contract/batch.ts";
import type { Job } from "../../shared/contract/jobs.ts";
import { AppError } from "../../shared/errors.ts";
import type { Output, Paint } from "./output.ts";
import { harmless, oneLine, seconds } from "./text.ts";

/** Shows what a pass over a run did. The exit code is 5 where files went to dead letters. */
export function showBatchResult(job: Job, output: Output): number {
  const parsed = BatchRunResult.safeParse(job.result);
  if (!parsed.success)
    throw new AppError("INTERNAL", "The batch job ended without a result.", { data: { job: job.id }, cause: parsed.error });
  const { run, processed, skipped, review, dead, took } = parsed.data;
  output.result(parsed.data, (paint) => {
    const counts = [
      `${processed} processed`,
      `${skipped} skipped`,
      `${review} to review`,
      ...(dead > 0 ? [paint("red", `${dead} dead`)] : []),
    ];
    const next = dead > 0 ? [`croft batch results ${harmless(run)} --state dead  tells why`] : [];
    return [`${harmless(run)}: ${counts.join(", ")} in ${seconds(took)}`, ...next].join("\n");
  });
  return dead > 0 ? 5 : 0;
}

/** Documents with their fields, for reading. */
export function showRecords(results: readonly BatchResult[], paint: Paint): string {
  return results
    .map(({ document, state, reason, fields, flags }) => {
      const pages = document.firstPage === undefined ? "" : ` pages ${document.firstPage}–${document.lastPage}`;
      const head = `${paint(state === "dead" ? "red" : state === "review" ? "yellow" : "green", state)}  ${harmless(document.path)}${pages}${document.duplicateOf ? ` = ${harmless(document.duplicateOf)}` : ""}`;
      if (reason) return `${head}\n    ${reason.code}: ${harmless(reason.message)}`;
      const rows = Object.entries(fields).map(([name, field]) => {
        if (Array.isArray(field)) return `    ${name}: ${field.length} ${field.length === 1 ? "row" : "rows"}`;
        const told = field.flags.map(({ rule }) => rule).join(", ");
        return `    ${name}: ${field.value === null ? paint("dim", "none") : oneLine(String(field.value), 80)}${told === "" ? "" : paint("yellow", `  (${told})`)}`;
      });
      return [head, ...rows, ...flags.map(({ message }) => `    ${paint("yellow", harmless(message))}`)].join("\n");
    })
    .join("\n");
}
