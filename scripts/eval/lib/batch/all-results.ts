import type { BatchResult, ResultCursor } from "../../../../src/shared/contract/batch.ts";
import type { CroftClient } from "../../../../src/shared/client/create-client.ts";

/** Every row of a run, a window at a time. */
export async function allResults(client: CroftClient, run: string): Promise<BatchResult[]> {
  const results: BatchResult[] = [];
  for (let after: ResultCursor | undefined; ;) {
    const window = await client.batch.results({ run, limit: 1_000, ...(after ? { after } : {}) });
    results.push(...window.results);
    after = window.next;
    if (!after) return results;
  }
}
