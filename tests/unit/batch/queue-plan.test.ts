import { describe, expect, it, vi } from "vitest";
import { createItemStore } from "../../../src/main/features/batch/run/item-store.ts";
import { batchRows } from "../../helpers/batch-rows.ts";

describe("what the queue of a run asks of the database", () => {
  // Catches: each claim looking through all files that wait, or sorting them, so that ten thousand cost the square of it.
  it("goes by the order of an index, and sorts at most what is in work", () => {
    const { truth } = batchRows([{ path: "/x/a" }]);
    const prepare = vi.spyOn(truth.db, "prepare");
    createItemStore(truth);
    const asked = prepare.mock.calls.map(([sql]) => sql).filter((sql) => sql.includes("ORDER BY path"));
    expect(asked).toHaveLength(3);
    const plans = asked.map((sql) =>
      truth.db
        .prepare<[string, number], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .all("run", 0)
        .map(({ detail }) => detail),
    );
    expect(plans[0]).toEqual(["SEARCH batch_items USING INDEX batch_items_waiting (run_id=?)"]);
    expect(plans[1]).toEqual(["SEARCH batch_items USING INDEX batch_items_begun (run_id=?)"]);
    expect(plans[2]?.[0]).toBe("SEARCH batch_items USING INDEX batch_items_working (run_id=? AND lease_until<?)");
  });
});
