import { toAppError, toWire } from "../../shared/errors.ts";
import type { Output } from "./output.ts";
import { type QueryLine, readQueries } from "./query-file.ts";

/**
 * Answers the queries of a file one after another, each on a line of its own, in order. One that fails is a line
 * `{"query","queryId","error"}` and the rest goes on. The exit code is 5 when some failed.
 */
export async function eachQuery(
  file: string,
  options: { output: Output; signal: AbortSignal },
  answer: (query: QueryLine) => Promise<unknown>,
): Promise<number> {
  let done = 0;
  let failed = 0;
  for await (const query of readQueries(file)) {
    options.signal.throwIfAborted();
    try {
      options.output.line(await answer(query));
    } catch (error) {
      options.signal.throwIfAborted();
      failed += 1;
      options.output.line({
        query: query.text,
        ...(query.queryId === undefined ? {} : { queryId: query.queryId }),
        error: toWire(toAppError(error)),
      });
    }
    options.output.progress({ done: ++done, total: 0, unit: "queries" });
  }
  options.output.progressEnd();
  return failed > 0 ? 5 : 0;
}
