import { Check, CircleX, TriangleAlert } from "lucide-react";
import type { Fit } from "../../../shared/contract/models.ts";
import { formatBytes } from "../../components/format.ts";
import { useWords } from "../../i18n/use-words.ts";
import { messages } from "./messages.ts";

const words = {
  fits: { icon: Check, word: "fits", tone: "text-fg2" },
  tight: { icon: TriangleAlert, word: "tight", tone: "text-fg" },
  "too-large": { icon: CircleX, word: "tooLarge", tone: "text-danger" },
} as const;

/** Whether a model fits this machine, with the sum that says so. */
export function FitWord({ fit }: { fit: Fit }) {
  const say = useWords(messages);
  const { icon: Icon, word, tone } = words[fit.verdict];
  const sum = say("fitSum", {
    weights: formatBytes(fit.weights),
    context: formatBytes(fit.context),
    overhead: formatBytes(fit.overhead),
    required: formatBytes(fit.required),
    available: formatBytes(fit.available),
    how: say(fit.learned ? "fitMeasured" : "fitEstimated"),
  });
  return (
    <span title={sum} className={`inline-flex items-center gap-1.5 align-middle whitespace-nowrap ${tone}`}>
      <Icon aria-hidden size={14} strokeWidth={1.5} />
      {say(word)}
      <span className="tnum text-fg3">{formatBytes(fit.required)}</span>
    </span>
  );
}
