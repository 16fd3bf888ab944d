import type { Fields } from "../../../../shared/contract/batch.ts";
import type { OcrMode } from "../../../../shared/contract/reading.ts";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { AppError } from "../../../../shared/errors.ts";
import type { ChatModel } from "../../../providers/chat-model.ts";
import type { ReadDocument, Reading } from "../../knowledge/index.ts";
import type { Lesson } from "../learn/lesson.ts";
import type { Judge } from "../review/judge-record.ts";
import { mergeReadings } from "../extract/merge-readings.ts";
import { CONTRADICTION } from "../extract/reconcile.ts";
import { eachValue } from "../validate/values.ts";
import type { CostStore } from "../scan/cost-store.ts";
import { viewDocument } from "../extract/document-view.ts";
import { extract, type Reading as Extraction } from "../extract/extract.ts";
import { readByModel } from "../extract/model/read-by-model.ts";
import { splitDocument } from "../extract/split.ts";
import { tryPasswords } from "./try-passwords.ts";

/** How a recipe is to be used: the model is undefined for rules alone. */
export type Way = {
  recipe: Recipe;
  model: ChatModel | undefined;
  passwords: readonly string[];
  judge: Judge;
  /** What people taught with their decisions. */ lessons?: readonly Lesson[];
};
export type ReadPart = {
  /** The reading whose text the offsets belong to. */
  document: ReadDocument;
  firstPage: number;
  lastPage: number;
  fields: Fields;
  doubtful: boolean;
  timings: Record<string, number>;
};
export type ReadFile = { document: ReadDocument; parts: ReadPart[] };

export type ProcessFile = ReturnType<typeof createProcessFile>;

/** Reads files and takes out of them what a recipe asks for. */
export function createProcessFile({
  reading,
  costs,
  now,
}: {
  reading: Pick<Reading, "readDocument">;
  costs: CostStore;
  now: () => number;
}) {
  const read = (path: string, { recipe, passwords }: Way, ocr: OcrMode, signal: AbortSignal): Promise<ReadDocument> =>
    tryPasswords(passwords, (password) =>
      reading.readDocument(path, { ocr, languages: recipe.ocr.languages, ...password }, { signal, priority: "background" }),
    );

  /** What the rules left undecided, by the model where there is one; it comes last, since it is the least certain. */
  async function decide(reading: Extraction, pages: number, way: Way, signal: AbortSignal) {
    if (way.model === undefined) return { fields: reading.fields, timings: {} };
    const beganAt = now();
    const fields = await readByModel(reading, way.recipe, way.model, signal);
    costs.learn("model", pages, now() - beganAt);
    return { fields, timings: { model: now() - beganAt } };
  }

  /** All pages by their picture; undefined where that gives no text. */
  async function recogniseAll(path: string, way: Way, signal: AbortSignal): Promise<ReadDocument | undefined> {
    try {
      const other = await read(path, way, "always", signal);
      return other.text.trim() === "" ? undefined : other;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }

  return async (path: string, way: Way, signal: AbortSignal): Promise<ReadFile> => {
    const startedAt = now();
    const document = await read(path, way, way.recipe.ocr.mode, signal);
    const readMs = now() - startedAt;
    const recognised = document.pages.filter(({ source }) => source === "ocr").length;
    costs.learn(recognised > 0 ? "ocr" : "text", recognised > 0 ? recognised : Math.max(1, document.pages.length), readMs);
    if (document.text.trim() === "") {
      throw new AppError("FILE_UNREADABLE", "No text was found in the file.", {
        hint: "Install the language it is written in for text recognition, or leave it out.",
      });
    }
    let recognition: Promise<ReadDocument | undefined> | undefined;
    const parts: ReadPart[] = [];
    for (const part of splitDocument(document, way.recipe)) {
      signal.throwIfAborted();
      const beganAt = now();
      const read = (from: ReadDocument) =>
        extract(viewDocument(from, part.firstPage, part.lastPage), way.recipe, { lessons: way.lessons ?? [], textHash: from.textHash });
      const byText = read(document);
      const timings: Record<string, number> = { read: parts.length === 0 ? readMs : 0, rules: now() - beganAt };
      const againAt = now();
      // Where something does not fit: what the text of the file hides, the picture of the page may show.
      const isFaulty = canReadAgain(document, way) && countFaults(way, byText.fields) > 0;
      if (isFaulty) recognition ??= recogniseAll(path, way, signal);
      const other = isFaulty ? await recognition : undefined;
      const basis = other ? better(byText, read(other), way) : { reading: byText, isFirst: true };
      if (isFaulty) timings["again"] = now() - againAt;
      const decided = await decide(basis.reading, part.lastPage - part.firstPage + 1, way, signal);
      parts.push({
        ...part,
        document: basis.isFirst ? document : (other ?? document),
        fields: decided.fields,
        timings: { ...timings, ...decided.timings },
      });
    }
    return { document, parts };
  };
}

/** Recognition takes seconds a page. */
const MOST_PAGES_AGAIN = 4;

const canReadAgain = ({ head, pages }: ReadDocument, { recipe }: Way): boolean =>
  recipe.ocr.mode === "auto" && head.type === "pdf" && pages.length <= MOST_PAGES_AGAIN && pages.every(({ source }) => source === "text");

/** The text of a file that lacks so much more than the picture of its pages shows is not what the pages say. */
const TELLS_NOTHING = 2;

/** The reading with fewer faults, and what the other adds to it. One thing that it lacks is added, and no reason to take all of the other. */
function better(first: Extraction, second: Extraction, way: Way): { reading: Extraction; isFirst: boolean } {
  const wrong = (reading: Extraction) => countFaults(way, reading.fields, (rule) => rule !== "required");
  const lacking = (reading: Extraction) => countFaults(way, reading.fields, (rule) => rule === "required");
  const [more, lacks] = [wrong(first) - wrong(second), lacking(first) - lacking(second)];
  const isFirst = more === 0 ? lacks < TELLS_NOTHING : more < 0;
  const [basis, other] = isFirst ? [first, second] : [second, first];
  return { reading: { ...basis, fields: mergeReadings(basis.fields, other.fields) }, isFirst };
}

/** Broken rules, not doubts: of the fields and of the whole. */
function countFaults({ judge }: Way, reading: Fields, counts: (rule: string) => boolean = () => true): number {
  const { fields, flags } = judge(reading, [], false);
  return [...flags, ...[...eachValue(fields)].flatMap(([, value]) => value.flags)].filter(
    ({ rule }) => rule !== "unsure" && rule !== CONTRADICTION && counts(rule),
  ).length;
}
