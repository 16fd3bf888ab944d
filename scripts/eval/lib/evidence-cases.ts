import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Passage } from "../../../src/shared/contract/search.ts";
import type { CroftClient } from "../../../src/shared/client/create-client.ts";
import { type Evidence, findEvidence, sentencesCompared } from "../../../src/main/features/chat/evidence/evidence.ts";
import { kindOf } from "../../../src/main/features/chat/question/question-kind.ts";
import { saysSomething, sentencesOf } from "../../../src/main/features/chat/check/sentences.ts";
import type { FoundPassage } from "../../../src/main/features/knowledge/index.ts";
import { modelFolder } from "../../../tests/helpers/models.ts";
import { openEmbedder } from "../embed.ts";
import { holds } from "./answer-scores.ts";
import { indexInto, type Library } from "./library.ts";
import { everyNth, readQuestions } from "./questions.ts";

const embedderId = "bge-small-en-v1.5";
/** As many as an answer asks for, and enough that as many are left when the gold ones are taken out. */
const PASSAGES = 8;
const PASSAGES_FOUND = 24;

export type Asked = {
  text: string;
  gold: readonly string[];
  /** Whether a passage holds what answers the question. */
  isGold: (passage: Passage) => boolean;
  /** Whether a sentence does; undefined where the set does not say. */
  holdsGold: ((sentence: string) => boolean) | undefined;
};

export type EvidenceCase = {
  asked: Asked;
  /** As found. */
  found: Evidence;
  /** The same with every passage taken out that answers the question: now it cannot be answered. */
  without: Evidence;
};

type EvidenceSet = {
  tuned: string;
  language: string;
  /** Questions taken of a set that would take long, and how many places behind those that something was tuned on. */
  most?: number;
  shift?: number;
  read: (root: string) => Asked[];
  index: (library: Library, root: string) => Promise<void>;
};

/** The sets that evidence is measured on, and what of them the thresholds have seen. */
export const evidenceSets: Record<string, EvidenceSet> = {
  "xquad-en": { tuned: "weights of sentences, calibration and threshold (cross-validated)", ...xquad("en") },
  chroma: {
    tuned: "words that only ask, in sight",
    language: "en",
    read: (root) => chromaSets.flatMap((set) => readReferences(join(root, "retrieval", set, "questions.jsonl"))),
    index: ({ client }, root) => indexInto(client, "chroma", { paths: chromaSets.map((set) => join(root, "retrieval", set, "corpus.md")) }),
  },
  "product-docs": {
    tuned: "nothing",
    language: "en",
    read: (root) =>
      readQuestions(root, "product-docs").map(({ text, gold, passages }) => ({
        text,
        gold,
        isGold: ({ document }) => passages.has(document.externalId ?? ""),
        holdsGold: undefined,
      })),
    index: indexRecords("product-docs"),
  },
  "xquad-de": { tuned: "refusal by words, on other questions", ...xquad("de"), most: 300, shift: 1 },
  "xquad-zh": { tuned: "refusal by pairs of characters, on other questions", ...xquad("zh"), most: 300, shift: 1 },
};

function xquad(language: string): Pick<EvidenceSet, "language" | "read" | "index"> {
  const name = `xquad-${language}`;
  return {
    language,
    read: (root) =>
      readQuestions(root, name).map(({ text, gold, passages }) => ({
        text,
        gold,
        isGold: ({ document }) => passages.has(document.externalId ?? ""),
        holdsGold: (sentence) => holds(sentence, gold),
      })),
    index: indexRecords(name),
  };
}

function indexRecords(name: string): EvidenceSet["index"] {
  return ({ client }, root) => indexInto(client, name, { records: join(root, "retrieval", name, "corpus.jsonl") });
}

const chromaSets = ["chroma-finance", "chroma-wikitexts", "chroma-state_of_the_union"];

/** Searches as an answer does, once with everything and once without what answers; no language model takes part. */
export async function evidenceCases(library: Library, root: string, name: string, limit: number, offset: number): Promise<EvidenceCase[]> {
  const set = evidenceSets[name];
  const folder = modelFolder(embedderId);
  if (!set || !folder) throw new Error(`The set ${name} or the model ${embedderId} is not there.`);
  await set.index(library, root);
  const questions = everyNth(set.read(root), Math.min(limit, set.most ?? limit), offset + (set.shift ?? 0));
  const found: Passage[][] = [];
  for (const { text } of questions) found.push(await search(library.client, name, text));
  const kept = found.map((passages) => passages.slice(0, PASSAGES));
  const left = found.map((passages, index) => renumber(passages.filter((passage) => questions[index]?.isGold(passage) === false)));
  const vectors = await embedAll(
    folder,
    questions.map(({ text }) => text),
    [...kept, ...left].flat(),
  );
  const cases: EvidenceCase[] = [];
  for (const [index, asked] of questions.entries()) {
    const space = {
      embedder: embedderId,
      question: vectors.question(asked.text),
      embed: async (texts: string[]) => texts.map(vectors.sentence),
    };
    const compared = sentencesCompared("normal", kindOf(asked.text));
    cases.push({
      asked,
      found: await findEvidence(asked.text, (kept[index] ?? []).map(asFound(set.language)), space, compared),
      without: await findEvidence(asked.text, (left[index] ?? []).map(asFound(set.language)), space, compared),
    });
  }
  return cases;
}

async function search(client: CroftClient, collection: string, query: string): Promise<Passage[]> {
  const { results } = await client.knowledge.search({
    query,
    collections: [collection],
    mode: "hybrid",
    rerank: false,
    limit: PASSAGES_FOUND,
  });
  return results;
}

const renumber = (passages: readonly Passage[]) => passages.slice(0, PASSAGES).map((passage, index) => ({ ...passage, rank: index + 1 }));

const asFound =
  (language: string) =>
  (passage: Passage): FoundPassage => ({
    ...passage,
    section: { start: passage.chunk.start, end: passage.chunk.end },
    language,
  });

/** Embeds every sentence and every pair of neighbours once; the vectors are kept for the next evaluation. */
async function embedAll(folder: string, questions: string[], passages: readonly Passage[]) {
  const embedder = await openEmbedder(folder);
  const texts = [
    ...new Set(
      passages.flatMap(({ text }) => {
        const spans = sentencesOf(text).filter(({ start, end }) => saysSomething(text.slice(start, end)));
        return spans.flatMap(({ start, end }, index) => [
          text.slice(start, end),
          text.slice(spans[Math.max(0, index - 1)]?.start ?? start, end),
        ]);
      }),
    ),
  ].sort();
  const table = async (items: string[], kind: "query" | "document") => {
    const values = await embedder.embed(items, kind);
    return new Map(items.map((item, index) => [item, values.subarray(index * embedder.dimensions, (index + 1) * embedder.dimensions)]));
  };
  const [asked, said] = [await table([...new Set(questions)], "query"), await table(texts, "document")];
  const from = (map: Map<string, Float32Array>) => (text: string) => map.get(text) ?? new Float32Array(embedder.dimensions);
  return { question: from(asked), sentence: from(said) };
}

function readReferences(path: string): Asked[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const { question, references } = JSON.parse(line) as { question: string; references: { content: string }[] };
      const gold = references.map(({ content }) => content);
      const parts = gold
        .flatMap((content) => sentencesOf(content).map(({ start, end }) => content.slice(start, end)))
        .filter((part) => part.length > 25);
      const isPart = (text: string) => holds(text, parts.length > 0 ? parts : gold);
      return {
        text: question,
        gold,
        isGold: ({ text }) => isPart(text),
        holdsGold: (sentence) => isPart(sentence) || gold.some((content) => sentence.length > 25 && holds(content, [sentence])),
      };
    });
}
