import type { Effort } from "../../../../shared/contract/chat.ts";
import { tokens } from "../../../text/analyse.ts";
import { languageCode, loadLanguage, type Language } from "../../../text/languages.ts";
import { units } from "../../../text/units.ts";
import type { FoundPassage } from "../../knowledge/index.ts";
import { answerability, answerabilityByWords, calibrationOf, wordCalibrations } from "./calibration.ts";
import { askedAbout } from "../question/question-frame.ts";
import { type QuestionKind, subjectOf } from "../question/question-kind.ts";
import { saysSomething, sentencesOf } from "../check/sentences.ts";
import { isAskedIn, wordSigns } from "./word-signs.ts";
import { contentTokens, share } from "../check/words.ts";

/** A sentence of a retrieved passage; offsets count units of the passage's stored text. */
export type EvidenceSentence = {
  passage: FoundPassage;
  start: number;
  end: number;
  text: string;
  /** What it is chosen by; comparable within one question only. */
  score: number;
  cosine: number;
  /** Cosine with the sentence before it put in front: pronouns lose their meaning alone. */
  jointCosine: number;
  /** Shares of the words for what is asked about: in the sentence and in its passage. */
  coverage: number;
  passageCoverage: number;
};

export type Evidence = {
  /** Best first. */
  sentences: EvidenceSentence[];
  /** 0–1: how likely it is that the passages hold an answer. */
  score: number;
  /** Share of the words for what the question is about that the passages hold together. */
  coverage: number;
  /** The score says that they do not; never without a calibration. */
  isSilent: boolean;
};

/** The question and the sentences in the space of one embedding model. */
export type SentenceSpace = { embedder: string; question: Float32Array; embed: (texts: string[]) => Promise<Float32Array[]> };

/** Passages whose sentences are looked at, and the sentences with most of the question's words that are kept of them. */
const PASSAGES = 5;
const SENTENCES = 20;
/**
 * Sentences that are embedded where seconds count: each is twice, alone and after the one before it, about 4 ms each time
 * on two cores. The best sentence and the evidence of 879 questions of XQuAD-en are the same with 8, 10 or 20 of them.
 */
const COMPARED_IN_TIME = 10;
/** Weights of the score; a hill climb over one half of XQuAD-en, the other half agreeing (best sentence holds the answer: 0.812 and 0.817). */
const WEIGHT = { cosine: 0.35, jointCosine: 0.25, coverage: 0.4, neighbourCoverage: 0.15, passageCoverage: 0.05, passage: 0.8 };

/**
 * Chooses what answers the question, sentence by sentence: likeness of meaning, shared words, and the rank of the
 * passage. Without a space the words decide alone.
 * @param compared sentences that are embedded at the most
 */
export async function findEvidence(
  question: string,
  passages: readonly FoundPassage[],
  space: SentenceSpace | undefined,
  compared = SENTENCES,
): Promise<Evidence> {
  const top = passages.slice(0, PASSAGES);
  const language = await loadLanguage(languageCode(top[0]?.language ?? "en"));
  const asked = contentTokens(question, language);
  const bestScore = Math.max(...top.map(({ score }) => score), Number.EPSILON);
  const about = contentTokens(askedAbout(question), language);
  const candidates = top.flatMap((passage) => candidatesOf(passage, { asked, about }, language, passage.score / bestScore));
  candidates.sort(byScore);
  const looked = candidates.slice(0, SENTENCES);
  const chosen = space ? looked.slice(0, compared) : looked;
  if (space) await addCosines(chosen, space);
  const sentences = chosen.map(({ before: _before, ...sentence }) => sentence).sort(byScore);
  const subject = contentTokens(subjectOf(question), language);
  const held = new Set(top.flatMap(({ text, document }) => tokens(`${document.title} ${text}`, language)));
  return { sentences, coverage: share(subject, held), ...(await judge(question, sentences[0], looked, space, language)) };
}

/** How many sentences are compared by meaning: few where one fact is asked for and the first word must come soon. */
export function sentencesCompared(effort: Effort, kind: QuestionKind): number {
  return effort === "thorough" || kind === "broad" ? SENTENCES : COMPARED_IN_TIME;
}

type Candidate = EvidenceSentence & { before: string };

const byScore = (a: EvidenceSentence, b: EvidenceSentence) => b.score - a.score || a.passage.rank - b.passage.rank || a.start - b.start;

type Words = { asked: ReadonlySet<string>; about: ReadonlySet<string> };

function candidatesOf(passage: FoundPassage, { asked, about }: Words, language: Language, rank: number): Candidate[] {
  const title = tokens(passage.document.title, language);
  const spans = sentencesOf(passage.text).filter(({ start, end }) => saysSomething(passage.text.slice(start, end)));
  const words = spans.map(({ start, end }) => tokens(passage.text.slice(start, end), language));
  const inPassage = new Set([...title, ...words.flat()]);
  return spans.map(({ start, end }, index) => {
    const inSentence = new Set(words[index]);
    const nearby = new Set([...title, ...(words[index - 1] ?? []), ...(words[index] ?? []), ...(words[index + 1] ?? [])]);
    const from = spans[Math.max(0, index - 1)]?.start ?? start;
    return {
      passage,
      start: passage.chunk.start + start,
      end: passage.chunk.start + end,
      text: passage.text.slice(start, end),
      before: passage.text.slice(from, end),
      coverage: share(about, inSentence),
      passageCoverage: share(about, inPassage),
      cosine: 0,
      jointCosine: 0,
      score:
        WEIGHT.coverage * share(asked, inSentence) +
        WEIGHT.neighbourCoverage * share(asked, nearby) +
        WEIGHT.passageCoverage * share(asked, inPassage) +
        WEIGHT.passage * rank,
    };
  });
}

async function addCosines(candidates: readonly Candidate[], { question, embed }: SentenceSpace): Promise<void> {
  const texts = [...new Set(candidates.flatMap(({ text, before }) => [text, before]))];
  const vectors = await embed(texts);
  const cosines = new Map(texts.map((text, index) => [text, dot(question, vectors[index])]));
  for (const candidate of candidates) {
    candidate.cosine = cosines.get(candidate.text) ?? 0;
    candidate.jointCosine = cosines.get(candidate.before) ?? 0;
    candidate.score += WEIGHT.cosine * candidate.cosine + WEIGHT.jointCosine * candidate.jointCosine;
  }
}

type Judgement = Pick<Evidence, "score" | "isSilent">;

async function judge(
  question: string,
  best: EvidenceSentence | undefined,
  sentences: readonly EvidenceSentence[],
  space: SentenceSpace | undefined,
  language: Language,
): Promise<Judgement> {
  if (!best) return { score: 0, isSilent: true };
  const calibration = space && calibrationOf(space.embedder);
  if (!calibration) return { score: best.passageCoverage, isSilent: false };
  const score = answerability(calibration, best);
  if (calibration.language === language.code) return { score, isSilent: score < calibration.refuseBelow };
  // A question in another language than its passages shares no words with what answers it: nothing can be said.
  if (!isAskedIn(question, language, await loadLanguage(calibration.language))) return { score, isSilent: false };
  return judgeByWords(question, best, sentences, language);
}

function judgeByWords(question: string, best: EvidenceSentence, sentences: readonly EvidenceSentence[], language: Language): Judgement {
  const about = askedAbout(question);
  const passages = [...new Set(sentences.map(({ passage }) => passage))];
  const signs = wordSigns(contentTokens(about, language), best.text, toldBy(best.passage), passages.map(toldBy), language);
  const calibration = wordCalibrations[units(about).some(({ kind }) => kind === "run") ? "pairs" : "words"];
  const score = answerabilityByWords(calibration, signs);
  return { score, isSilent: score < calibration.refuseBelow };
}

const toldBy = ({ document, text }: FoundPassage) => `${document.title} ${text}`;

/** Share of a broad question's subject that the passages must at least mention. */
const BROAD_COVERAGE = 0.4;

/**
 * Whether a question is refused. The score was calibrated on questions for one thing. A broad one shares few words with
 * any sentence that answers a part of it, so the passages are taken together: refused is what they do not even mention.
 */
export function holdsNoAnswer({ isSilent, coverage }: Evidence, kind: QuestionKind): boolean {
  return isSilent && (kind !== "broad" || coverage < BROAD_COVERAGE);
}

function dot(a: Float32Array, b: Float32Array | undefined): number {
  return b ? a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0) : 0;
}
