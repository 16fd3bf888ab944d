import { Check, CircleDashed, CircleX, Eye } from "lucide-react";
import type { BatchResult } from "../../../shared/contract/batch.ts";

const states = {
  done: { icon: Check, word: "Done", tone: "text-fg2" },
  review: { icon: Eye, word: "To review", tone: "text-fg" },
  dead: { icon: CircleX, word: "Not read", tone: "text-danger" },
  pending: { icon: CircleDashed, word: "Waiting", tone: "text-fg3" },
} as const;

/** The state of a document as an icon and a word. */
export function ResultState({ state }: { state: BatchResult["state"] }) {
  const { icon: Icon, word, tone } = states[state];
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${tone}`}>
      <Icon aria-hidden size={14} strokeWidth={1.5} />
      {word}
    </span>
  );
}
