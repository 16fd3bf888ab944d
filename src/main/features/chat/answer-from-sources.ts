import type { Effort } from "../../../shared/contract/chat.ts";
import { languageCode, loadLanguage } from "../../text/languages.ts";
import type { FoundPassage } from "../knowledge/index.ts";
import { bestThatFit, stretchEvidence } from "./evidence/choose-evidence.ts";
import { checkAnswer } from "./check/citations.ts";
import { documentToSummarise } from "./summary/document-to-summarise.ts";
import { type Evidence, type EvidenceSentence, findEvidence, holdsNoAnswer, sentencesCompared } from "./evidence/evidence.ts";
import { costsOf, evidenceTokens } from "./evidence/evidence-budget.ts";
import { generate } from "./generate.ts";
import { createProgress } from "./progress.ts";
import { groundedPrompt } from "./prompt/prompt.ts";
import { kindOf, type QuestionKind } from "./question/question-kind.ts";
import { standaloneQuestion } from "./question/standalone-question.ts";
import { summarise } from "./summary/summarise.ts";
import { UNITS_PER_TOKEN } from "./prompt/token-counter.ts";
import { show, type Turn, type Written } from "./turn.ts";

const PASSAGES = 8;
const ANSWER_TOKENS: Record<QuestionKind, number> = { fact: 48, open: 160, broad: 400 };
/** Sentences that an answer without a model is made of. */
const QUOTED: Record<QuestionKind, number> = { fact: 1, open: 2, broad: 5 };
/**
 * Mean log-probability of an answer below which it is doubted. Of 116 answers to questions of XQuAD-en outside of the
 * reported ones every third is; with the best sentence after them 0.85 of all hold the gold text instead of 0.74.
 */
const DOUBTED = Math.log(0.85);
const REFUSAL = "Your sources do not seem to hold an answer to this. The closest passages are listed.";

/** Search, choose evidence, answer or refuse, check every sentence. */
export async function answerFromSources(turn: Turn): Promise<Written> {
  const whole = await documentToSummarise(turn);
  if (whole) return summarise(turn, whole);
  const { deps, request, effort, signal } = turn;
  const question = await standaloneQuestion(turn);
  const { passages, matched, wordsOnly } = await retrieve(turn, question);
  const kind = kindOf(request.question);
  // Where the embedding model cannot be used, words decide alone, as they did in the search.
  const space = wordsOnly.length > 0 ? undefined : await deps.embedSentences(question, turn.collections, signal);
  const evidence = await findEvidence(question, passages, space, sentencesCompared(effort, kind));
  if (holdsNoAnswer(evidence, kind)) {
    show(turn, REFUSAL);
    return { text: REFUSAL, checked: { sentences: [], citations: [] }, refused: true, evidence, read: { passages: 0, matched } };
  }
  const told = effort === "instant" ? quote(turn, evidence.sentences.slice(0, QUOTED[kind])) : await write(turn, kind, effort, evidence);
  const language = await loadLanguage(languageCode(passages[0]?.language ?? "en"));
  const check = (text: string, sentences: EvidenceSentence[]) => checkAnswer(text, request.question, sentences, language, deps.boxes);
  const read = { passages: new Set(told.chosen.map(({ passage }) => passage)).size, matched };
  const checked = check(told.text, told.chosen);
  const [best] = evidence.sentences;
  if (best && checked.sentences.every(({ verdict }) => verdict !== "supported")) {
    // Nothing of what the model wrote was found to stand in the sources: what does is shown instead.
    return { text: best.text, checked: check(best.text, [best]), refused: false, evidence, read };
  }
  if (best && isDoubted(turn, kind) && !told.text.includes(best.text)) {
    // The model was guessing: what the sources say stands behind its own words.
    show(turn, `\n\n${best.text}`);
    const text = `${told.text}\n\n${best.text}`;
    return { text, checked: check(text, [...new Set([...told.chosen, best])]), refused: false, evidence, read };
  }
  return { text: told.text, checked, refused: false, evidence, read };
}

/** Short facts are left alone: where the model guesses one, the best sentence seldom holds it. */
const isDoubted = ({ sureness = 0 }: Turn, kind: QuestionKind): boolean => kind === "open" && sureness < DOUBTED;

async function retrieve(turn: Turn, question: string): Promise<{ passages: FoundPassage[]; matched: number; wordsOnly: string[] }> {
  const { deps, request, ids, signal } = turn;
  const { passages, matched, wordsOnly, timings } = await deps.search(
    {
      query: question.slice(0, 4000),
      collections: turn.collections,
      mode: "hybrid",
      rerank: true,
      limit: PASSAGES,
      explain: true,
      ...(request.filter ? { filter: request.filter } : {}),
    },
    signal,
  );
  turn.load += timings.load;
  turn.retrieval = timings.total;
  turn.sources = deps.now() - turn.startedAt - turn.load;
  turn.put({ type: "sources", thread: ids.thread, message: ids.answer, passages: passages.map(toPassage), matched });
  turn.spans.push({
    name: "retrieval",
    startedAt: turn.startedAt,
    durationMs: turn.retrieval,
    attributes: { passages: passages.length, matched },
  });
  return { passages, matched, wordsOnly };
}

type Told = { text: string; chosen: EvidenceSentence[] };

/** Answers with the best sentences themselves. */
function quote(turn: Turn, chosen: EvidenceSentence[]): Told {
  const text = chosen.map((sentence) => sentence.text).join(" ");
  show(turn, text);
  return { text, chosen };
}

/** Lets the model answer from as much evidence as pays and as it can read in time. */
async function write(turn: Turn, kind: QuestionKind, effort: Exclude<Effort, "instant">, evidence: Evidence): Promise<Told> {
  const model = await turn.deps.chatModel(turn.model);
  // As it was asked: the turns before it stand in the prompt, and of two questions in one the model answers both.
  const { question } = turn.request;
  const costs = await costsOf(model, question, evidence.sentences, turn.signal);
  const budget = evidenceTokens(effort, kind, costs.question, model.readingSpeed());
  const around = ({ passage }: EvidenceSentence) => (effort === "thorough" ? passage.section : passage.chunk);
  const chosen =
    kind === "broad"
      ? stretchEvidence(evidence.sentences, budget * UNITS_PER_TOKEN, around, turn.deps.text)
      : bestThatFit(evidence.sentences, budget, costs.ofSentence);
  // A person who waits for several seconds is told for what, and how long.
  if (kind === "broad") createProgress(turn, stretchesOf(chosen), expectedOf(chosen, model.readingSpeed()));
  const text = await generate(turn, model, groundedPrompt(question, chosen, turn.history, kind), ANSWER_TOKENS[kind]);
  return { text, chosen };
}

const stretchesOf = (chosen: readonly EvidenceSentence[]) => new Set(chosen.map(({ passage }) => passage)).size;

/** What reading and writing a broad answer costs; not known by the section, since all are read at once. */
function expectedOf(chosen: readonly EvidenceSentence[], tokensPerSecond: number | undefined) {
  const readTokens = chosen.reduce((sum, { text }) => sum + text.length, 0) / UNITS_PER_TOKEN;
  return { readTokens: [readTokens], writtenTokens: ANSWER_TOKENS.broad / 3, tokensPerSecond };
}

function toPassage({ section: _section, language: _language, ...passage }: FoundPassage) {
  return passage;
}
