import { Check, CircleDashed, CircleX, Eye } from "lucide-react";
import type { BatchResult } from "../../../../shared/contract/batch.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";

const states = {
  done: { icon: Check, word: "stateDone", tone: "text-fg2" },
  review: { icon: Eye, word: "stateReview", tone: "text-fg" },
  dead: { icon: CircleX, word: "stateDead", tone: "text-danger" },
  pending: { icon: CircleDashed, word: "statePending", tone: "text-fg3" },
} as const;

/** The state of a document as an icon and a word. */
export function ResultState({ state }: { state: BatchResult["state"] }) {
  const say = useWords(messages);
  const { icon: Icon, word, tone } = states[state];
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${tone}`}>
      <Icon aria-hidden size={14} strokeWidth={1.5} />
      {say(word)}
    </span>
  );
}
