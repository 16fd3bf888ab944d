import type { Sources } from "../../src/main/features/batch/extract/candidates.ts";
import { type DocumentView, ownText, viewDocument } from "../../src/main/features/batch/extract/document-view.ts";
import { type Habits, learnHabits } from "../../src/main/features/batch/extract/habits.ts";
import { findLabels } from "../../src/main/features/batch/extract/labels.ts";
import { findTokens } from "../../src/main/features/batch/extract/tokens.ts";

/** A page of text without geometry, as the readers give one. */
export const textView = (text: string, language?: string): DocumentView =>
  viewDocument({ text, language, pages: [{ page: 1, start: 0, end: text.length, source: "text" }], geometry: [undefined] });

/** What the finders of fields look at: tokens and labels of a document, by the labels that each field has. */
export function sourcesOf(view: DocumentView, labels: Record<string, readonly string[]> = {}, habits?: Habits): Sources {
  const known = habits ?? learnHabits(ownText(view), view.language);
  return { view, habits: known, tokens: findTokens(view, known), labels: findLabels(view, new Map(Object.entries(labels))) };
}
