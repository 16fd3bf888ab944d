import { IndexResult } from "../../shared/contract/knowledge.ts";
import type { Job } from "../../shared/contract/jobs.ts";
import { AppError } from "../../shared/errors.ts";
import type { Output } from "./output.ts";
import { harmless, seconds } from "./text.ts";

/** Shows what an indexing job did. The exit code is 5 when some files failed. */
export function showIndexResult(job: Job, output: Output): number {
  const parsed = IndexResult.safeParse(job.result);
  if (!parsed.success)
    throw new AppError("INTERNAL", "The indexing job ended without a result.", { data: { job: job.id }, cause: parsed.error });
  const result = parsed.data;
  output.result(result, (paint) => {
    const { indexed, skipped, failed, removed, unavailable } = result;
    const counts = { indexed, skipped, failed, removed, unavailable };
    const told = Object.entries(counts).flatMap(([name, count]) => (count > 0 || name === "indexed" ? [`${count} ${name}`] : []));
    const failures = result.failures.map(({ path, code, message }) => `${paint("red", code)}  ${harmless(path)}: ${harmless(message)}`);
    return [`${told.join(", ")} in ${seconds(result.took)}`, ...failures].join("\n");
  });
  const { wordsOnly } = result;
  if (wordsOnly) {
    const hint = wordsOnly.hint === undefined ? "" : ` ${wordsOnly.hint};`;
    output.notice(
      harmless(
        `Only the words of ${result.collection} can be searched: ${wordsOnly.message}${hint} then: croft kb sync ${result.collection}`,
      ),
    );
  }
  return result.failed > 0 ? 5 : 0;
}
