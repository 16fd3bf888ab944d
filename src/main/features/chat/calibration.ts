/** What the best sentence and its passage say about whether the sources hold an answer; all 0–1. */
export type AnswerSigns = {
  /** Cosine of question and sentence. */
  cosine: number;
  /** Cosine of question and the sentence with the one before it. */
  jointCosine: number;
  /** Shares of the question's words in the sentence, in it and its neighbours, and in its passage. */
  coverage: number;
  neighbourCoverage: number;
  passageCoverage: number;
};

export type Calibration = { weights: AnswerSigns; intercept: number; refuseBelow: number };

/**
 * Logistic regressions, one an embedding model, since cosines of different models cannot be compared. Fitted on
 * XQuAD-en, every question with its passage in the collection and with it taken out; `refuseBelow` refuses 4.5 % of
 * the questions that can be answered (cross-validated: AUC 0.957, 0.79 of the others are refused).
 */
const calibrations: Record<string, Calibration> = {
  "bge-small-en-v1.5": {
    weights: { cosine: 11.04, jointCosine: 5.62, coverage: 0.39, neighbourCoverage: 1.73, passageCoverage: 5.5 },
    intercept: -15.22,
    refuseBelow: 0.26,
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
    weights.neighbourCoverage * signs.neighbourCoverage +
    weights.passageCoverage * signs.passageCoverage;
  return 1 / (1 + Math.exp(-(sum + intercept)));
}
