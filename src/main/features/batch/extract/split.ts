import type { Recipe } from "../../../../shared/contract/recipe.ts";
import type { ReadDocument } from "../../knowledge/index.ts";
import { findCandidates } from "./candidates.ts";
import { viewDocument } from "./document-view.ts";
import { learnHabits } from "./habits.ts";
import { findLabels } from "./labels.ts";
import { kindOf } from "./parse-value.ts";
import { findTokens } from "./tokens.ts";

export type Part = {
  firstPage: number;
  lastPage: number;
  /** It is not certain that the parts are those of the file. */ doubtful: boolean;
};

/** A value this good tells one document from another. */
const TELLING_SCORE = 0.8;
/** Longer files are books, not stacks. */
const MOST_PAGES = 1_000;

/**
 * The documents in a file. A stack of scans has several: a new one begins on the page where a field that tells them apart
 * has another value. Pages without one belong to the document before them.
 */
export function splitDocument(read: Pick<ReadDocument, "text" | "pages" | "geometry" | "language">, recipe: Recipe): Part[] {
  const whole = (doubtful: boolean): Part[] => [{ firstPage: read.pages[0]?.page ?? 1, lastPage: read.pages.at(-1)?.page ?? 1, doubtful }];
  if (recipe.split.by === "file" || read.pages.length < 2 || read.pages.length > MOST_PAGES) return whole(false);
  const parts: (Part & { sign: string })[] = [];
  for (const { page } of read.pages) {
    const sign = signOf(read, page, recipe);
    const last = parts.at(-1);
    if (!last || (sign !== "" && last.sign !== "" && sign !== last.sign))
      parts.push({ firstPage: page, lastPage: page, doubtful: false, sign });
    else {
      last.lastPage = page;
      last.sign ||= sign;
    }
  }
  const signs = parts.map(({ sign }) => sign).filter((sign) => sign !== "");
  // One that comes back later means that pages are mixed up, or that the sign is none.
  if (new Set(signs).size < signs.length) return whole(true);
  return parts.map(({ firstPage, lastPage }) => ({ firstPage, lastPage, doubtful: false }));
}

function signOf(read: Parameters<typeof splitDocument>[0], page: number, recipe: Recipe): string {
  const view = viewDocument(read, page, page);
  const pageText = view.lines.map(({ cells }) => cells.map(({ text }) => text).join("  ")).join("\n");
  const habits = learnHabits(pageText, read.language);
  const tokens = findTokens(view, habits);
  return recipe.split.fields
    .map((field) => {
      const schema = recipe.schema.properties[field];
      if (!schema || schema.type === "array") return "";
      const labels = findLabels(
        view,
        new Map([
          [field, schema["x-labels"] ?? []],
          ["", schema["x-not-labels"] ?? []],
        ]),
      );
      const [best] = findCandidates(field, kindOf(schema), schema, { view, habits, tokens, labels });
      return best && best.score >= TELLING_SCORE ? String(best.value) : "";
    })
    .join("|")
    .replace(/^\|+$/u, "");
}
