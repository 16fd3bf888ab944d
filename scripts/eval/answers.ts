/**
 * Answers over XQuAD-en through the contract, as a person would get them: is the gold text in the answer, do the
 * citations point at it, and is a question refused when the passage that answers it is taken out?
 *
 * `CROFT_EVAL_QUESTIONS` (default 300) sets how many, at a fixed stride; `CROFT_EVAL_OFFSET` where the stride
 * begins, so that what was tuned on one set is reported on another. `CROFT_EVAL_DUMP` names a file that every question
 * and its answer are written to, a line of JSON each: failures are read there, on others than the reported questions.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { CroftClient } from "../../src/shared/client/create-client.ts";
import type { Answer } from "../../src/shared/contract/chat.ts";
import { kindOf } from "../../src/main/features/chat/question/question-kind.ts";
import { median, quantile } from "../bench/row.ts";
import { areaUnderCurve, f1, holds, mean, share } from "./lib/answer-scores.ts";
import { type Asked, askOnce } from "./lib/ask.ts";
import { indexInto, withLibrary } from "./lib/library.ts";
import { everyNth, type Question, readQuestions, wanted } from "./lib/questions.ts";
import { type Report, table } from "./report.ts";

type Effort = "instant" | "normal";
type Scores = Awaited<ReturnType<typeof run>>;

export async function evaluate(dataFolder: string): Promise<Report> {
  const { count, offset } = wanted(300);
  const questions = everyNth(readQuestions(dataFolder, "xquad-en"), count, offset);
  return withLibrary(async ({ client }) => {
    await indexInto(client, "xquad", { records: join(dataFolder, "retrieval/xquad-en/corpus.jsonl") });
    const documents = await client.knowledge.listDocuments({ collection: "xquad", limit: 1000 });
    const ids = new Map(documents.map(({ externalId, id }) => [externalId ?? "", id]));
    const instant = await run(client, questions, ids, "instant");
    const normal = await run(client, questions, ids, "normal");
    return report({ instant, normal }, questions.length, offset);
  });
}

async function run(client: CroftClient, questions: readonly Question[], ids: ReadonlyMap<string, string>, effort: Effort) {
  const answers: { question: Question; answer: Answer; own: string; sureness: number | undefined }[] = [];
  let refusedWithout = 0;
  for (const [done, question] of questions.entries()) {
    const { answer, own } = await ask(client, question.text, effort);
    dump({ ...answer, effort, gold: question.gold, own });
    const { steps } = effort === "instant" ? { steps: [] } : await client.chat.trace({ message: answer.message });
    const sureness = steps.find(({ name }) => name === "chat")?.attributes["croft.mean_log_probability"];
    answers.push({ question, answer, own, sureness: typeof sureness === "number" ? sureness : undefined });
    if (effort === "instant") {
      const others = [...ids.entries()].filter(([externalId]) => !question.passages.has(externalId)).map(([, id]) => id);
      if ((await ask(client, question.text, effort, others)).answer.refused) refusedWithout += 1;
    }
    if (done % 50 === 0) console.error(`${effort}: ${done} of ${questions.length}`);
  }
  const answered = answers.filter(({ answer }) => !answer.refused);
  const cited = answered.filter(({ answer }) => answer.citations.length > 0);
  const words = (text: string) => text.split(/\s+/u).length;
  return {
    own: share(answered, ({ question, own }) => holds(own, question.gold)),
    shown: share(answered, ({ question, answer }) => holds(answer.answer, question.gold)),
    ofAll: share(answers, ({ question, answer }) => holds(answer.answer, question.gold)),
    ownWords: median(answered.map(({ own }) => words(own))),
    words: median(answered.map(({ answer }) => words(answer.answer))),
    extended: share(answered, ({ own, answer }) => own !== answer.answer.trim()),
    f1: mean(
      answered.filter(({ question }) => kindOf(question.text) === "fact").map(({ question, answer }) => f1(answer.answer, question.gold)),
    ),
    quote: share(cited, ({ question, answer }) => answer.citations.some(({ quote }) => holds(quote, question.gold))),
    passage: share(cited, ({ question, answer }) =>
      answer.citations.some(({ document }) => question.passages.has(document.externalId ?? "")),
    ),
    ...doubtOf(
      answers.flatMap(({ question, answer, sureness }) =>
        sureness === undefined
          ? []
          : [
              {
                sureness,
                isRight: holds(answer.answer, question.gold),
                isQuoted: answer.citations.some(({ quote }) => holds(quote, question.gold)),
              },
            ],
      ),
    ),
    uncited: 1 - cited.length / answered.length,
    refusedWrongly: share(answers, ({ answer }) => answer.refused),
    refusedRightly: effort === "instant" ? refusedWithout / questions.length : undefined,
    sourcesP95: quantile(
      answers.map(({ answer }) => answer.timings.sources),
      0.95,
    ),
    firstP50: median(answered.map(({ answer }) => answer.timings.firstToken)),
    firstP95: quantile(
      answered.map(({ answer }) => answer.timings.firstToken),
      0.95,
    ),
  };
}

/** Does the model's own probability tell right answers from wrong ones? Shares of right ones in the third it is least and most sure of. */
function doubtOf(answers: readonly { sureness: number; isRight: boolean; isQuoted: boolean }[]) {
  if (answers.length < 3) return {};
  const sorted = answers.toSorted((a, b) => a.sureness - b.sureness);
  const third = Math.ceil(sorted.length / 3);
  const values = (isRight: boolean) => sorted.filter((one) => one.isRight === isRight).map(({ sureness }) => sureness);
  return {
    rightWhenLeastSure: share(sorted.slice(0, third), ({ isRight }) => isRight),
    rightWhenMostSure: share(sorted.slice(-third), ({ isRight }) => isRight),
    surenessAuc: areaUnderCurve(values(true), values(false)),
    bySureness: sorted,
  };
}

const ask = (client: CroftClient, question: string, effort: Effort, documents?: string[]): Promise<Asked> =>
  askOnce(client, { question, collections: ["xquad"], effort, ...(documents ? { filter: { documents } } : {}) });

function dump(line: object): void {
  const path = process.env["CROFT_EVAL_DUMP"];
  if (path) appendFileSync(path, `${JSON.stringify(line)}\n`);
}

function report(scores: { instant: Scores; normal: Scores }, questions: number, offset: number): Report {
  const figure = (value: number | undefined) => value?.toFixed(3) ?? "";
  const ms = (value: number) => `${Math.round(value)} ms`;
  const { instant, normal } = scores;
  return {
    markdown: `# Answers

Made by \`npm run eval -- answers\`. XQuAD-en, ${questions} questions at a fixed stride from ${offset}; the starter chat model and embedder; one question at a time through \`chat.ask\`. Prompts were chosen on 60 questions (stride 19 from 0); weights of sentences, calibration and the threshold of refusal on all of them, cross-validated (see \`evidence\`). "Own" is what the model wrote; "shown" is what a person gets: behind an answer that the model was not sure of, or in place of one that the sources do not bear out, stands the best sentence. Both are shares of the questions that were answered; "of all" counts refused ones as wrong. F1 is SQuAD's, of what is shown. "Refused rightly" asks each question again with the passage that answers it taken out. Times are without model loading.

${table(
  [
    "effort",
    "gold text in own answer",
    "in the answer shown",
    "of all",
    "median words, own",
    "shown",
    "sentence added or put in place",
    "F1, questions for a fact",
    "cited sentence has gold",
    "cited passage is gold",
    "answered uncited",
    "refused wrongly",
    "refused rightly",
    "sources p95",
    "first token p50",
    "p95",
  ],
  Object.entries(scores).map(([effort, row]) => [
    effort,
    figure(row.own),
    figure(row.shown),
    figure(row.ofAll),
    row.ownWords,
    row.words,
    figure(row.extended),
    figure(row.f1),
    figure(row.quote),
    figure(row.passage),
    figure(row.uncited),
    figure(row.refusedWrongly),
    figure(row.refusedRightly),
    ms(row.sourcesP95),
    ms(row.firstP50),
    ms(row.firstP95),
  ]),
)}

The model's mean log-probability of its answer as a mark for doubt: of the third that it is least sure of ${figure(normal.rightWhenLeastSure)} hold the gold text, of the third that it is surest of ${figure(normal.rightWhenMostSure)} (area under the curve ${figure(normal.surenessAuc)}). To an open question with less than ln 0.85 the best sentence is added.
`,
    data: { questions, offset, ...scores },
    chart: {
      title: `Answers on XQuAD-en, ${questions} questions`,
      bars: [
        { name: "gold text in the model's own answer", value: normal.own, target: { atLeast: 0.78 } },
        { name: "gold text in the answer shown", value: normal.shown, target: { atLeast: 0.82 } },
        { name: "gold text in the instant answer", value: instant.ofAll, target: { atLeast: 0.8 } },
        { name: "F1, questions for a fact", value: normal.f1, target: { atLeast: 0.74 } },
        { name: "cited sentence has the gold text", value: normal.quote, target: { atLeast: 0.9 } },
        { name: "cited passage is the right one", value: normal.passage, target: { atLeast: 0.97 } },
        { name: "refused wrongly", value: instant.refusedWrongly, target: { atMost: 0.05 } },
        { name: "refused rightly", value: instant.refusedRightly ?? Number.NaN, target: { atLeast: 0.78 } },
      ],
    },
  };
}
