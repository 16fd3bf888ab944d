import type { WordSigns } from "./word-signs.ts";

/** What the best sentence and its passage say about whether the sources hold an answer; all 0–1. */
export type AnswerSigns = {
  /** Cosine of question and sentence. */
  cosine: number;
  /** Cosine of question and the sentence with the one before it. */
  jointCosine: number;
  /** Shares of the words for what is asked about in the sentence and in its passage. */
  coverage: number;
  passageCoverage: number;
};

export type Calibration = {
  weights: AnswerSigns;
  intercept: number;
  /** The language that the model knows; in others its cosines say little, and words decide (`wordCalibrations`). */
  language: string;
  refuseBelow: number;
};

type WordCalibration = { weights: WordSigns; intercept: number; refuseBelow: number };

/**
 * Logistic regressions, one an embedding model, since cosines of different models cannot be compared. Fitted on
 * XQuAD-en, every question with its passage in the collection and with it taken out; `refuseBelow` refuses 4.7 % of the
 * questions that can be answered (cross-validated: AUC 0.955, 0.78 of the others are refused). Sets that it has not
 * seen: docs/eval/evidence.md.
 */
const calibrations: Record<string, Calibration> = {
  "bge-small-en-v1.5": {
    weights: { cosine: 10.48, jointCosine: 6.26, coverage: 0.42, passageCoverage: 6.79 },
    intercept: -15.18,
    language: "en",
    refuseBelow: 0.28,
  },
};

/**
 * The same for languages that the embedding model does not know, by words alone: `words` for scripts with spaces, fitted
 * on 300 questions of XQuAD-de, `pairs` for those whose words are looked for as pairs of characters, on 300 of XQuAD-zh.
 * Cross-validated in blocks of neighbouring articles they refuse 0.55 and 0.54 of the questions without an answer, and
 * 0.050 and 0.047 of the others; one for both would refuse 0.39 of the answerable questions of the other script.
 */
export const wordCalibrations = {
  words: { weights: { sentence: 4.72, passage: 4.0, found: 2.01 }, intercept: -4.44, refuseBelow: 0.17 },
  pairs: { weights: { sentence: 6.6, passage: 11.43, found: 3.18 }, intercept: -4.23, refuseBelow: 0.195 },
} as const satisfies Record<string, WordCalibration>;

/** The calibration of an embedding model, by its id without provider; a model without one never refuses. */
export function calibrationOf(embedder: string): Calibration | undefined {
  return calibrations[embedder.replace(/^local:/, "")];
}

/** How likely the sources hold an answer, 0–1. */
export function answerability({ weights, intercept }: Calibration, signs: AnswerSigns): number {
  const sum =
    weights.cosine * signs.cosine +
    weights.jointCosine * signs.jointCosine +
    weights.coverage * signs.coverage +
    weights.passageCoverage * signs.passageCoverage;
  return logistic(sum + intercept);
}

/** The same by words alone. */
export function answerabilityByWords({ weights, intercept }: WordCalibration, signs: WordSigns): number {
  return logistic(weights.sentence * signs.sentence + weights.passage * signs.passage + weights.found * signs.found + intercept);
}

const logistic = (value: number): number => 1 / (1 + Math.exp(-value));
