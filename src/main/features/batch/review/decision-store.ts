import { z } from "zod";
import type { Decision } from "../../../../shared/contract/batch.ts";
import { AppError } from "../../../../shared/errors.ts";
import { createId } from "../../../db/id.ts";
import type { Truth } from "../../../db/truth.ts";

/** Which document a decision is about: a content read with a recipe of that name, in whatever version. */
export type Subject = { fileHash: string; part: number; recipe: { name: string } };
export type NewDecision = Pick<Decision, "field" | "action" | "before" | "after">;
type Row = {
  id: string;
  act: string;
  field: string;
  action: Decision["action"];
  before: string;
  after: string;
  who: string;
  at: number;
  undone_at: number | null;
};
export type DecisionStore = ReturnType<typeof createDecisionStore>;

/** What people decided, in order; nothing is ever taken away, an undone decision says so. */
export function createDecisionStore(truth: Truth) {
  const { db } = truth;
  const of = db.prepare<[string, string, number], Row>(
    "SELECT id, act, field, action, before, after, who, at, undone_at FROM batch_decisions WHERE file_hash = ? AND recipe_name = ? AND part = ? ORDER BY id",
  );
  const list = ({ fileHash, part, recipe }: Subject): Decision[] => of.all(fileHash, recipe.name, part).map(toDecision);
  return {
    list,
    /** Adds decisions as one act. In the transaction of the record that they change. */
    add({ fileHash, part, recipe }: Subject, decisions: readonly NewDecision[], who: string): void {
      const act = createId(truth.now());
      const insert = db.prepare(
        "INSERT INTO batch_decisions (id, act, file_hash, part, recipe_name, field, action, before, after, who, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      );
      for (const { field, action, before, after } of decisions)
        insert.run(
          createId(truth.now()),
          act,
          fileHash,
          part,
          recipe.name,
          field,
          action,
          JSON.stringify(before ?? null),
          JSON.stringify(after ?? null),
          who,
          truth.now(),
        );
    },
    /** @throws NOT_FOUND when there is nothing (more) to undo */
    undo(subject: Subject, act: string | undefined): void {
      const standing = list(subject).filter(({ undoneAt }) => undoneAt === undefined);
      const wanted = act ?? standing.at(-1)?.act;
      if (wanted === undefined || !standing.some((decision) => decision.act === wanted))
        throw new AppError("NOT_FOUND", "There is no decision about this document that could be undone.");
      db.prepare("UPDATE batch_decisions SET undone_at = ? WHERE act = ? AND undone_at IS NULL").run(truth.now(), wanted);
    },
  };
}

const Stored = z.unknown();
const toDecision = (row: Row): Decision => ({
  id: row.id,
  act: row.act,
  field: row.field,
  action: row.action,
  before: Stored.parse(JSON.parse(row.before)),
  after: Stored.parse(JSON.parse(row.after)),
  who: row.who,
  at: row.at,
  ...(row.undone_at === null ? {} : { undoneAt: row.undone_at }),
});
