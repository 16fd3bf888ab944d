import type { LucideIcon } from "lucide-react";
import { Check, CircleDashed, TriangleAlert } from "lucide-react";
import type { Verdict } from "../../../shared/contract/chat.ts";

const verdicts = {
  supported: { icon: Check, word: "supported", tone: "text-source", title: "The quoted source says this." },
  weak: { icon: TriangleAlert, word: "weak", tone: "text-fg2", title: "The sources say something near this. Read the quote." },
  unsupported: { icon: CircleDashed, word: "unsupported", tone: "text-model", title: "No source says this; the model made it." },
} as const satisfies Record<Verdict, { icon: LucideIcon; word: string; tone: string; title: string }>;

/** Whether sources bear a sentence out, by icon and word; colour only repeats it. */
export function VerdictWord({ verdict }: { verdict: Verdict }) {
  const { icon: Icon, word, tone, title } = verdicts[verdict];
  return (
    <span title={title} className={`inline-flex items-center gap-0.5 text-11 ${tone}`}>
      <Icon aria-hidden size={12} strokeWidth={1.75} />
      {word}
    </span>
  );
}
