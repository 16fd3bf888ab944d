/**
 * Questions that one sentence cannot answer (lists, procedures, comparisons, explanations) over product-docs, against
 * the same model given whole sections in the same run: how much of the gold answer is told, how much of what is told
 * stands in the documents, and after what time. `CROFT_EVAL_QUESTIONS` and `CROFT_EVAL_OFFSET` choose some.
 */
import { join } from "node:path";
import type { CroftClient } from "../../src/shared/client/create-client.ts";
import { createMatcher } from "../../src/main/features/chat/check/matching.ts";
import { kindOf } from "../../src/main/features/chat/question/question-kind.ts";
import { saysSomething, sentencesOf } from "../../src/main/features/chat/check/sentences.ts";
import { contentTokens, share as shareOf } from "../../src/main/features/chat/check/words.ts";
import type { FoundPassage } from "../../src/main/features/knowledge/index.ts";
import { tokens } from "../../src/main/text/analyse.ts";
import { type Language, loadLanguage } from "../../src/main/text/languages.ts";
import type { Passage } from "../../src/shared/contract/search.ts";
import { median } from "../bench/row.ts";
import { askOnce } from "./lib/ask.ts";
import { mean } from "./lib/answer-scores.ts";
import { indexInto, withLibrary } from "./lib/library.ts";
import { everyNth, type Question, readQuestions, wanted } from "./lib/questions.ts";
import { type Report, table } from "./report.ts";
import { readSet } from "./sets.ts";

/** Sections that the model alone is given, and how much of them: what its context holds beside question and answer. */
const SECTIONS = 3;
const UNITS = 9000;
const who = ["croft", "whole sections"] as const;
type Who = (typeof who)[number];
type Told = {
  coverage: number;
  unsupported: number;
  sentences: number;
  refused: boolean;
  firstMs: number;
  totalMs: number;
  passages: number;
  matched: number;
};

export async function evaluate(dataFolder: string): Promise<Report> {
  const { count, offset } = wanted(50);
  const broad = readQuestions(dataFolder, "product-docs").filter(({ text }) => kindOf(text) === "broad");
  const questions = everyNth(broad, count, offset);
  const texts = new Map(readSet(dataFolder, "product-docs").documents.map(({ id, text }) => [id, text]));
  const language = await loadLanguage("en");
  const told: Record<Who, Told[]> = { croft: [], "whole sections": [] };
  await withLibrary(async ({ client }) => {
    await indexInto(client, "docs", { records: join(dataFolder, "retrieval/product-docs/corpus.jsonl") });
    for (const [done, question] of questions.entries()) {
      const { answer, passages } = await askOnce(client, { question: question.text, collections: ["docs"], effort: "normal" });
      const documents = [...new Set(passages.map(({ document }) => document.externalId ?? ""))];
      const score = scorer(
        question,
        [...new Set([...documents, ...question.passages])].map((id) => texts.get(id) ?? ""),
        language,
      );
      told.croft.push(score(answer));
      told["whole sections"].push(
        score(
          await askWithSections(
            client,
            question.text,
            documents.slice(0, SECTIONS).map((id) => texts.get(id) ?? ""),
          ),
        ),
      );
      console.error(`${done + 1} of ${questions.length}: ${who.map((name) => told[name].at(-1)?.coverage.toFixed(2)).join(" · ")}`);
    }
  });
  return report(told, questions.length, offset);
}

async function askWithSections(client: CroftClient, question: string, sections: readonly string[]) {
  const text = sections.join("\n\n").slice(0, UNITS);
  const { answer } = await askOnce(client, {
    question: `Answer from these sections only.\n\n${text}\n\nQuestion: ${question}`,
    collections: [],
    effort: "normal",
  });
  return answer;
}

/** Scores an answer against the gold one, and its sentences against everything that could have been read. */
function scorer(question: Question, texts: readonly string[], language: Language) {
  const asked = new Set(tokens(question.text, language));
  const gold = new Set([...contentTokens(question.gold.join(" "), language)].filter((token) => !asked.has(token)));
  const match = createMatcher(texts.flatMap(asEvidence), language, asked);
  return (answer: Awaited<ReturnType<typeof askOnce>>["answer"]): Told => {
    const sentences = sentencesOf(answer.answer)
      .map(({ start, end }) => answer.answer.slice(start, end).replace(/^\s*(?:[-*•]|\d{1,3}[.)])\s+/u, ""))
      .filter(saysSomething);
    return {
      coverage: answer.refused ? 0 : shareOf(gold, new Set(tokens(answer.answer, language))),
      unsupported: sentences.filter((sentence) => match(sentence) === undefined).length,
      sentences: sentences.length,
      refused: answer.refused,
      firstMs: answer.timings.firstToken,
      totalMs: answer.timings.total,
      passages: answer.read.passages,
      matched: answer.read.matched,
    };
  };
}

function asEvidence(text: string) {
  const id = "00000000-0000-7000-8000-000000000000";
  const passage: FoundPassage = {
    rank: 1,
    score: 1,
    text,
    document: { id, title: "" },
    chunk: { id, textHash: "0".repeat(64), start: 0, end: text.length },
    section: { start: 0, end: text.length },
    language: "en",
  } satisfies Passage & Pick<FoundPassage, "section" | "language">;
  const unscored = { score: 0, cosine: 0, jointCosine: 0, coverage: 0, passageCoverage: 0 };
  return sentencesOf(text).map(({ start, end }) => ({ ...unscored, passage, start, end, text: text.slice(start, end) }));
}

function report(told: Record<Who, Told[]>, questions: number, offset: number): Report {
  const rows = who.map((name) => {
    const all = told[name];
    const sentences = all.reduce((sum, one) => sum + one.sentences, 0);
    return {
      name,
      coverage: mean(all.map(({ coverage }) => coverage)),
      unsupported: all.reduce((sum, { unsupported }) => sum + unsupported, 0) / Math.max(1, sentences),
      sentences: sentences / Math.max(1, all.length),
      refused: all.filter(({ refused }) => refused).length,
      passages: mean(all.map(({ passages }) => passages)),
      firstP50: median(all.map(({ firstMs }) => firstMs)),
      totalP50: median(all.map(({ totalMs }) => totalMs)),
    };
  });
  const [croft, whole] = rows;
  return {
    markdown: `# Broad questions

Made by \`npm run eval -- broad\`. ${questions} questions of product-docs that are asked for a list, a procedure, a comparison or an explanation, from ${offset}; the starter chat model and embedder. "Whole sections": the same model without retrieval of sentences, told the ${SECTIONS} best documents whole, up to ${UNITS.toLocaleString("en")} characters. "Of the gold answer told": share of its words that are not in the question, stemmed, in the answer. A sentence is unsupported when no sentence of all documents found or gold holds a third of its words. The budget of evidence for broad questions was set on these documents by the words of the gold answers in it, without a language model.

${table(
  ["", "of the gold answer told", "unsupported sentences", "sentences", "refused", "passages read", "first word p50", "whole answer p50"],
  rows.map((row) => [
    row.name,
    row.coverage.toFixed(3),
    row.unsupported.toFixed(3),
    row.sentences.toFixed(1),
    row.refused,
    row.name === "croft" ? row.passages.toFixed(1) : `${SECTIONS} documents`,
    `${(row.firstP50 / 1000).toFixed(1)} s`,
    `${(row.totalP50 / 1000).toFixed(1)} s`,
  ]),
)}
`,
    data: { questions, offset, rows, told },
    chart: {
      title: `Broad questions, ${questions} of product-docs`,
      bars: [
        { name: "of the gold answer told, Croft", value: croft?.coverage ?? Number.NaN },
        { name: "of the gold answer told, whole sections", value: whole?.coverage ?? Number.NaN },
        { name: "unsupported sentences, Croft", value: croft?.unsupported ?? Number.NaN, target: { atMost: 0.1 } },
        { name: "unsupported sentences, whole sections", value: whole?.unsupported ?? Number.NaN },
      ],
    },
  };
}
