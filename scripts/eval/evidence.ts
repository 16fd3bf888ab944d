/**
 * The choice of evidence and the refusal over every question, without any language model: is the gold text in what
 * would be read, is the best sentence's passage the right one, and is a question refused when what answers it is
 * taken out? `CROFT_EVAL_QUESTIONS` and `CROFT_EVAL_OFFSET` choose some. XQuAD-en takes about a minute.
 */
import { bestThatFit } from "../../src/main/features/chat/evidence/choose-evidence.ts";
import { UNITS_PER_TOKEN } from "../../src/main/features/chat/prompt/token-counter.ts";
import { holdsNoAnswer } from "../../src/main/features/chat/evidence/evidence.ts";
import { kindOf } from "../../src/main/features/chat/question/question-kind.ts";
import { evidenceTokens } from "../../src/main/features/chat/evidence/evidence-budget.ts";
import { areaUnderCurve, mean, share } from "./lib/answer-scores.ts";
import { type EvidenceCase, evidenceCases, evidenceSets } from "./lib/evidence-cases.ts";
import { withLibrary } from "./lib/library.ts";
import { wanted } from "./lib/questions.ts";
import { type Report, table } from "./report.ts";

/** Units of text a token stands for, as answering reckons. */

export async function evaluate(dataFolder: string): Promise<Report> {
  const { count, offset } = wanted(2000);
  const rows = [];
  for (const [name, { tuned }] of Object.entries(evidenceSets)) {
    const cases = await withLibrary((library) => evidenceCases(library, dataFolder, name, count, offset));
    rows.push({ name, tuned, ...score(cases) });
  }
  const figure = (value: number | undefined) => value?.toFixed(3) ?? "–";
  const [tuned] = rows;
  return {
    markdown: `# Choosing evidence, and refusing

Made by \`npm run eval -- evidence\`. No language model takes part. Passages of whole documents that answer a question are known in all sets but chroma, which has spans of text. Refused is what \`ask\` refuses at \`normal\`; "though its passage was read" leaves out questions for which the search did not find what answers them among the five best passages. "Refused rightly" searches again and takes every passage out that answers the question; in chroma and product-docs others often answer it too, so the share is a lower bound there. The words that only ask were chosen with questions of chroma in sight.

${table(
  [
    "set",
    "tuned on it",
    "questions",
    "best sentence has gold",
    "its passage is gold",
    "of those not refused",
    "gold in the evidence for a fact",
    "units of it from other passages",
    "refused wrongly",
    "though its passage was read",
    "refused rightly",
    "AUC",
  ],
  rows.map((row) => [
    row.name,
    row.tuned,
    row.questions,
    figure(row.best),
    figure(row.passage),
    figure(row.passageAnswered),
    figure(row.inEvidence),
    figure(row.foreign),
    figure(row.refusedWrongly),
    figure(row.refusedThoughRead),
    figure(row.refusedRightly),
    figure(row.auc),
  ]),
)}
`,
    data: rows,
    chart: {
      title: `Evidence on XQuAD-en, ${tuned?.questions ?? 0} questions`,
      bars: [
        { name: "best sentence holds the gold text (instant)", value: tuned?.best ?? Number.NaN, target: { atLeast: 0.8 } },
        { name: "passage of the best sentence, not refused", value: tuned?.passageAnswered ?? Number.NaN, target: { atLeast: 0.97 } },
        { name: "gold text in the evidence for a fact", value: tuned?.inEvidence ?? Number.NaN },
        { name: "refused wrongly", value: tuned?.refusedWrongly ?? Number.NaN, target: { atMost: 0.05 } },
        { name: "refused rightly", value: tuned?.refusedRightly ?? Number.NaN, target: { atLeast: 0.78 } },
      ],
    },
  };
}

function score(cases: readonly EvidenceCase[]) {
  const isRefused = ({ asked, found }: EvidenceCase) => holdsNoAnswer(found, kindOf(asked.text));
  const answered = cases.filter((one) => !isRefused(one));
  const read = cases.filter(({ asked, found }) => found.sentences.some(({ passage }) => asked.isGold(passage)));
  const budget = evidenceTokens("normal", "fact", 0, undefined);
  const chosen = answered.map(({ asked, found }) => ({
    asked,
    sentences: bestThatFit(found.sentences, budget, ({ text }) => text.length / UNITS_PER_TOKEN),
  }));
  const known = cases.some(({ asked }) => asked.holdsGold !== undefined);
  const isGoldPassage = ({ asked, found }: EvidenceCase) => found.sentences[0] !== undefined && asked.isGold(found.sentences[0].passage);
  return {
    questions: cases.length,
    best: known ? share(cases, ({ asked, found }) => asked.holdsGold?.(found.sentences[0]?.text ?? "") === true) : undefined,
    passage: share(cases, isGoldPassage),
    passageAnswered: share(answered, isGoldPassage),
    inEvidence: known ? share(chosen, ({ asked, sentences }) => sentences.some(({ text }) => asked.holdsGold?.(text) === true)) : undefined,
    foreign: mean(
      chosen.map(({ asked, sentences }) => {
        const all = sentences.reduce((sum, { text }) => sum + text.length, 0);
        const others = sentences.reduce((sum, { text, passage }) => sum + (asked.isGold(passage) ? 0 : text.length), 0);
        return others / Math.max(1, all);
      }),
    ),
    refusedWrongly: share(cases, isRefused),
    refusedThoughRead: share(read, isRefused),
    refusedRightly: share(cases, ({ asked, without }) => holdsNoAnswer(without, kindOf(asked.text))),
    auc: areaUnderCurve(
      cases.map(({ found }) => found.score),
      cases.map(({ without }) => without.score),
    ),
  };
}
