import { Check, CircleX, TriangleAlert } from "lucide-react";
import type { Fit } from "../../../shared/contract/models.ts";
import { formatBytes } from "../../components/format.ts";

const words = {
  fits: { icon: Check, word: "Fits", tone: "text-fg2" },
  tight: { icon: TriangleAlert, word: "Tight", tone: "text-fg" },
  "too-large": { icon: CircleX, word: "Too large", tone: "text-danger" },
} as const;

/** Whether a model fits this machine, with the sum that says so. */
export function FitWord({ fit }: { fit: Fit }) {
  const { icon: Icon, word, tone } = words[fit.verdict];
  const sum = `Weights ${formatBytes(fit.weights)} + context ${formatBytes(fit.context)} + overhead ${formatBytes(fit.overhead)} = ${formatBytes(fit.required)} of ${formatBytes(fit.available)} available${fit.learned ? ", measured by a real load" : ", estimated"}`;
  return (
    <span title={sum} className={`inline-flex items-center gap-1.5 align-middle whitespace-nowrap ${tone}`}>
      <Icon aria-hidden size={14} strokeWidth={1.5} />
      {word}
      <span className="tnum text-fg3">{formatBytes(fit.required)}</span>
    </span>
  );
}
