import type { LucideIcon } from "lucide-react";
import { Check, CircleDashed, TriangleAlert } from "lucide-react";
import type { Verdict } from "../../../../shared/contract/chat.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";

const verdicts = {
  supported: { icon: Check, note: "supportedNote", tone: "text-source" },
  weak: { icon: TriangleAlert, note: "weakNote", tone: "text-fg2" },
  unsupported: { icon: CircleDashed, note: "unsupportedNote", tone: "text-model" },
} as const satisfies Record<Verdict, { icon: LucideIcon; note: string; tone: string }>;

/** Whether sources bear a sentence out, by icon and word; colour only repeats it. */
export function VerdictWord({ verdict }: { verdict: Verdict }) {
  const say = useWords(messages);
  const { icon: Icon, note, tone } = verdicts[verdict];
  return (
    <span title={say(note)} className={`inline-flex items-center gap-0.5 text-11 ${tone}`}>
      <Icon aria-hidden size={12} strokeWidth={1.75} />
      {say(verdict)}
    </span>
  );
}
