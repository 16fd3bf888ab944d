import { ChevronLeft, ChevronRight } from "lucide-react";
import type { PathMessage } from "../../../../shared/contract/chat.ts";
import { IconButton } from "../../../components/icon-button.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";

export type VersionSwitchProps = { message: PathMessage; onSelect(message: string): void };

/** ‹ 2/3 ›: which of several versions is open, and the way to the others. Nothing where there is but one. */
export function VersionSwitch({ message: { id, role, versions }, onSelect }: VersionSwitchProps) {
  const say = useWords(messages);
  if (versions.length < 2) return null;
  const index = versions.indexOf(id);
  const [before, after] = [versions[index - 1], versions[index + 1]];
  const of = say(role === "user" ? "ofQuestion" : "ofAnswer");
  return (
    <span role="group" aria-label={say("versionsOfThe", { of })} className="inline-flex items-center">
      <IconButton
        icon={ChevronLeft}
        label={say("previousVersion", { of })}
        keys="←"
        data-key="ArrowLeft"
        disabled={!before}
        onClick={() => before && onSelect(before)}
      />
      <span className="tnum px-0.5 text-fg2">
        {index + 1}/{versions.length}
      </span>
      <IconButton
        icon={ChevronRight}
        label={say("nextVersion", { of })}
        keys="→"
        data-key="ArrowRight"
        disabled={!after}
        onClick={() => after && onSelect(after)}
      />
    </span>
  );
}
