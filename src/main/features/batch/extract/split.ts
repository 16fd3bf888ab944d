import type { Recipe } from "../../../../shared/contract/recipe.ts";
import type { ReadDocument } from "../../knowledge/index.ts";
import { type Layout, layoutOf, similarity } from "../learn/layout.ts";
import { findCandidates } from "./candidates.ts";
import { type DocumentView, ownText, viewDocument } from "./document-view.ts";
import { learnHabits } from "./habits.ts";
import { findLabels } from "./labels.ts";
import { type PageNumber, pageNumberOf } from "./page-number.ts";
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
/** A page that looks so much like the first of a document may be the first of another. */
const LIKE_A_FIRST_PAGE = 0.6;

type Read = Pick<ReadDocument, "text" | "pages" | "geometry" | "language">;
type Page = { page: number; sign: string; number: PageNumber | undefined; layout: Layout; isEmpty: boolean };
type Open = Part & { sign: string; pages: Page[] };

/**
 * The documents in a file. A stack of scans has several: a new one begins on the page where a field that tells them apart
 * has another value, or that calls itself the first. Other pages belong to the document before them. Where signs and page
 * numbers contradict each other, or a page without a sign looks like the first of another document, that is doubtful.
 */
export function splitDocument(read: Read, recipe: Recipe): Part[] {
  const whole = (doubtful: boolean): Part[] => [{ firstPage: read.pages[0]?.page ?? 1, lastPage: read.pages.at(-1)?.page ?? 1, doubtful }];
  if (recipe.split.by === "file" || read.pages.length < 2 || read.pages.length > MOST_PAGES) return whole(false);
  const parts: Open[] = [];
  for (const { page } of read.pages) {
    const next = lookAt(read, page, recipe);
    const last = parts.at(-1);
    const verdict = last ? follows(last, next) : "new";
    if (!last || verdict === "new") parts.push({ firstPage: page, lastPage: page, doubtful: false, sign: next.sign, pages: [next] });
    else {
      last.lastPage = page;
      last.sign ||= next.sign;
      last.doubtful ||= verdict === "doubtful";
      last.pages.push(next);
    }
  }
  const signs = parts.map(({ sign }) => sign).filter((sign) => sign !== "");
  // One that comes back later means that pages are mixed up, or that the sign is none.
  if (new Set(signs).size < signs.length) return whole(true);
  return parts.map(({ firstPage, lastPage, doubtful, pages }) => ({ firstPage, lastPage, doubtful: doubtful || lacksPages(pages) }));
}

/** Whether a page goes on with a document: it does, it begins another, or neither is certain. */
function follows({ sign, pages }: Open, next: Page): "same" | "new" | "doubtful" {
  const last = pages.at(-1);
  const first = pages[0];
  const goesOn = last?.number !== undefined && next.number?.page === last.number.page + 1 && next.number.of === last.number.of;
  if (next.sign !== "" && sign !== "") {
    if (next.sign === sign) return "same";
    // "Page 2 of 2" with another number: of this document, or a stack whose pages were counted on.
    return goesOn && next.number?.of !== undefined ? "doubtful" : "new";
  }
  if (goesOn || next.isEmpty) return "same";
  if (next.number?.page === 1 && next.number.of !== undefined) return "new";
  if (next.sign === "" && sign !== "" && first && similarity(first.layout, next.layout) >= LIKE_A_FIRST_PAGE) return "doubtful";
  return "same";
}

/** A document that says how many pages it has, and has others. */
function lacksPages(pages: readonly Page[]): boolean {
  const of = pages.find(({ number }) => number?.of !== undefined)?.number?.of;
  return of !== undefined && of !== pages.filter(({ isEmpty }) => !isEmpty).length;
}

function lookAt(read: Read, page: number, recipe: Recipe): Page {
  const view = viewDocument(read, page, page);
  const text = ownText(view);
  return { page, sign: signOf(view, text, recipe), number: pageNumberOf(text), layout: layoutOf(view), isEmpty: text.trim() === "" };
}

function signOf(view: DocumentView, text: string, recipe: Recipe): string {
  const habits = learnHabits(text, view.language);
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
