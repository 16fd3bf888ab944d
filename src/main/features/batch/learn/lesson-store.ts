import type { Recipe } from "../../../../shared/contract/recipe.ts";
import type { Truth } from "../../../db/truth.ts";
import { viewDocument, type DocumentView } from "../extract/document-view.ts";
import { type DecisionStore, type Subject } from "../review/decision-store.ts";
import { standing } from "../review/overlay.ts";
import type { TextStore } from "../run/text-store.ts";
import { type Lesson, toLesson } from "./lesson.ts";

type Row = { file_hash: string; part: number; text_hash: string; first_page: number; last_page: number };
/** A document that people decided about, with the decisions that stand. */
export type Case = { subject: Subject; textHash: string; view: DocumentView; decided: ReturnType<typeof standing> };
export type LessonStore = ReturnType<typeof createLessonStore>;

/** Documents that lessons are drawn from, the newest first. */
const MOST_DOCUMENTS = 200;

/** What people's decisions teach: examples for the next documents, and cases that a recipe is measured by. */
export function createLessonStore(truth: Truth, decisions: DecisionStore, texts: TextStore) {
  const documents = truth.db.prepare<[string, number], Row>(
    `SELECT r.file_hash, r.part, r.text_hash, r.first_page, r.last_page
       FROM (SELECT file_hash, part, recipe_name, max(id) AS newest FROM batch_decisions
              WHERE recipe_name = ? AND undone_at IS NULL AND field != '' AND action != 'flag'
              GROUP BY file_hash, part ORDER BY newest DESC LIMIT ?) d
       JOIN batch_records r ON r.id = (SELECT max(id) FROM batch_records
              WHERE file_hash = d.file_hash AND part = d.part AND recipe_name = d.recipe_name AND text_hash IS NOT NULL)
      ORDER BY d.newest DESC`,
  );

  function cases(recipeName: string): Case[] {
    return documents.all(recipeName, MOST_DOCUMENTS).flatMap((row): Case[] => {
      const text = texts.get(row.text_hash);
      if (!text) return [];
      const subject = { fileHash: row.file_hash, part: row.part, recipe: { name: recipeName } };
      const view = viewDocument({ ...text, language: undefined }, row.first_page, row.last_page);
      return [{ subject, textHash: row.text_hash, view, decided: standing(decisions.list(subject)) }];
    });
  }

  return {
    cases,
    /** The lessons of a recipe, the newest document's first. */
    of: (recipe: Recipe): Lesson[] =>
      cases(recipe.name).flatMap(({ decided, view, textHash }) =>
        [...decided.values()].flatMap((decision) => {
          const lesson = decision.action === "flag" ? undefined : toLesson(decision, view, textHash, recipe);
          return lesson ? [lesson] : [];
        }),
      ),
  };
}
