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
  /** The language that the model knows. */
  language: string;
  /** Scores that refuse, in that language and in others: its cosines say less there, and compounds hide words. */
  refuseBelow: { known: number; foreign: number };
};

/**
 * Logistic regressions, one an embedding model, since cosines of different models cannot be compared. Fitted on
 * XQuAD-en, every question with its passage in the collection and with it taken out; `refuseBelow.known` refuses 4.7 %
 * of the questions that can be answered (cross-validated: AUC 0.955, 0.78 of the others are refused), `foreign` as many
 * of XQuAD-de. Sets that neither has seen: docs/eval/evidence.md.
 */
const calibrations: Record<string, Calibration> = {
  "bge-small-en-v1.5": {
    weights: { cosine: 10.48, jointCosine: 6.26, coverage: 0.42, passageCoverage: 6.79 },
    intercept: -15.18,
    language: "en",
    refuseBelow: { known: 0.28, foreign: 0.055 },
  },
};

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
  return 1 / (1 + Math.exp(-(sum + intercept)));
}
