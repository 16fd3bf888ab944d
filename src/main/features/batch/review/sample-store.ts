import { extname } from "node:path";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import type { Truth } from "../../../db/truth.ts";
import { kindOf } from "../extract/parse-value.ts";
import { inSlices } from "../../knowledge/index.ts";
import type { Candidate } from "./sample.ts";

type Row = Omit<Candidate, "type"> & { sampled: 0 | 1; type: string | number | null; path: string };
export type SampleStore = ReturnType<typeof createSampleStore>;

/** What recipes call the field that says what kind of document it is. */
const TYPE_FIELDS = ["type", "document_type", "kind"];
const SLICE = 200;
const OF_RUN = "r.key IN (SELECT key FROM batch_items WHERE run_id = @run AND state = 'done')";

/** The quality sample of a run as the database knows it. */
export function createSampleStore(truth: Truth) {
  const { db } = truth;
  const standing = db.prepare<[{ run: string }], { sampled: number; reviewed: number; wrong: number }>(
    `SELECT count(*) AS sampled, coalesce(sum(r.approved), 0) AS reviewed,
       coalesce(sum(r.approved = 1 AND EXISTS (SELECT 1 FROM batch_decisions d WHERE d.file_hash = r.file_hash AND d.recipe_name = r.recipe_name
         AND d.part = r.part AND d.undone_at IS NULL AND d.action IN ('correct', 'choose'))), 0) AS wrong
     FROM batch_records r WHERE r.sampled = 1 AND ${OF_RUN}`,
  );
  const candidateIds = db
    .prepare<[{ run: string }], string>(
      `SELECT r.id FROM batch_records r WHERE (r.state = 'done' OR r.sampled = 1) AND ${OF_RUN} ORDER BY r.id`,
    )
    .pluck();
  const candidate = db.prepare<[{ run: string; id: string; type: string }], Row>(
    `SELECT r.id, r.key, r.part, r.lowest_sure AS lowestSure, r.sampled, json_extract(r.fields, @type) AS type,
       (SELECT min(e.path) FROM batch_items e WHERE e.key = r.key AND +e.run_id = @run) AS path
     FROM batch_records r WHERE r.id = @id`,
  );
  const mark = db.prepare<[string]>(
    "UPDATE batch_records SET sampled = 1, state = CASE approved WHEN 1 THEN state ELSE 'review' END WHERE id = ? AND sampled = 0",
  );

  return {
    /** How many documents were drawn, how many of these a person approved, and in how many of those something was wrong. */
    standing: (run: string): { sampled: number; reviewed: number; wrong: number } =>
      standing.get({ run }) ?? { sampled: 0, reviewed: 0, wrong: 0 },
    /** Documents that may be drawn: those that nothing is flagged in, and those drawn before. @throws ABORTED */
    async candidates(run: string, recipe: Recipe, signal: AbortSignal): Promise<Candidate[]> {
      const field = TYPE_FIELDS.find((name) => {
        const schema = recipe.schema.properties[name];
        return schema !== undefined && schema.type !== "array" && kindOf(schema) === "choice";
      });
      const type = `$."${field ?? ""}".value`;
      const list: Candidate[] = [];
      await inSlices(candidateIds.all({ run }), SLICE, signal, (slice) => {
        for (const id of slice) {
          const row = candidate.get({ run, id, type });
          if (row)
            list.push({
              id,
              key: row.key,
              part: row.part,
              lowestSure: row.lowestSure,
              type: String(row.type ?? extname(row.path).toLowerCase()),
            });
        }
      });
      return list;
    },
    /** Shows the documents to a person, who has not seen them yet. @throws ABORTED with a part of them shown */
    mark: (ids: readonly string[], signal: AbortSignal): Promise<void> =>
      inSlices(ids, SLICE, signal, (slice) =>
        truth.transact((transaction) => {
          for (const id of slice) if (mark.run(id).changes > 0) transaction.event("batch.record", id);
        }),
      ),
  };
}
