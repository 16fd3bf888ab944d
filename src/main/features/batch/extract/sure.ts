import type { Candidate } from "./candidates.ts";

export type Certainty = {
  /** The best other candidate with another value. */
  rival: number;
  /** A sum that the value takes part in is right. */
  agreed: boolean;
  /** Another reading (a model's choice, recognition of the page) came to the same value, to another, or there was none. */
  second: "same" | "other" | "none";
  /** Recognised text is as sure as its letters. */
  legibility: number;
  /** The document's habits leave it open how the value is read. */
  ambiguous: boolean;
  /** Another page says something else with as good a reason. */
  contradicted: boolean;
};

/**
 * How sure a value is, 0–1: of values with `sure` s about the share s is right. The points were set by hand,
 * not fitted; `npm run eval -- extraction` shows by tenths how well they hold on documents that nothing was written for. What
 * a model says of itself is not among them.
 */
export function sureOf({ score, evidence }: Candidate, { rival, agreed, second, legibility, ambiguous, contradicted }: Certainty): number {
  const margin = score - rival;
  const points =
    -1.6 +
    4.6 * Math.min(1, score) +
    (margin > 0.25 ? 0.7 : margin > 0.1 ? 0.3 : margin < 0.03 ? -1 : 0) +
    (evidence.strong ? 0.4 : -0.4) +
    (agreed ? 1.6 : 0) +
    (second === "same" ? 0.5 : second === "other" ? -1.6 : 0) +
    (ambiguous ? -1.8 : 0) +
    (contradicted && !agreed ? -1.8 : 0) +
    (evidence.relation === "layout" ? -0.9 : evidence.relation === "sum" ? -1 : 0);
  const sure = 1 / (1 + Math.exp(-points));
  return Math.round(Math.min(0.99, sure) * Math.min(1, 0.25 + 0.8 * legibility) * 1000) / 1000;
}
