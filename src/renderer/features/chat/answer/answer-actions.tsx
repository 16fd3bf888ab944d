import { ChevronDown, ListTree, Play, RotateCw, Split } from "lucide-react";
import type { PathMessage } from "../../../../shared/contract/chat.ts";
import { withFootnotes } from "../../../../shared/answer-markdown.ts";
import { useModels } from "../../../api/hooks.ts";
import { ActionMenu } from "../../../components/action-menu.tsx";
import { Button } from "../../../components/button.tsx";
import { CopyButton } from "../../../components/copy-button.tsx";
import { IconButton } from "../../../components/icon-button.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import type { Turns } from "../transcript/use-turns.ts";
import { VersionSwitch } from "../transcript/version-switch.tsx";

export type AnswerActionsProps = {
  message: PathMessage;
  turns: Turns;
  /** Nothing follows it. */
  isLast: boolean;
  trace: { isOpen: boolean; toggle(): void };
};

/** What can be done with a stored answer: its other versions, copy with its sources, another answer beside it. */
export function AnswerActions({ message, turns, isLast, trace }: AnswerActionsProps) {
  const say = useWords(messages);
  const { busy, again, select, fork } = turns;
  const models = useModels().data?.filter(({ role, state }) => role === "chat" && state === "installed") ?? [];
  const others = [
    { title: say("bestSentenceWithout"), run: () => again(message, { effort: "instant" }) },
    { title: say("readMore"), note: say("takesLonger"), run: () => again(message, { effort: "thorough" }) },
    ...models.map(({ id, name }) => ({ title: say("with", { name }), run: () => again(message, { model: id }) })),
  ];
  const canGoOn = isLast && message.text !== "" && (message.state === "stopped" || message.answer?.cut === true);
  return (
    <div className="-ms-1.5 flex h-7 items-center">
      <CopyButton label={say("copyWithFootnotes")} keys="C" data-key="c" text={() => asMarkdown(message)} />
      <IconButton icon={RotateCw} label={say("answerAgain")} keys="R" data-key="r" disabled={busy} onClick={() => again(message)} />
      <ActionMenu icon={ChevronDown} label={say("answerAgainAnother")} align="start" disabled={busy} actions={others} />
      <IconButton icon={Split} label={say("forkConversationHere")} keys="F" data-key="f" onClick={() => fork(message.id)} />
      <IconButton
        icon={ListTree}
        label={say("whatWasRead")}
        keys="T"
        data-key="t"
        aria-expanded={trace.isOpen}
        className="aria-expanded:bg-bg3 aria-expanded:text-fg"
        onClick={trace.toggle}
      />
      <VersionSwitch message={message} onSelect={select} />
      {canGoOn && (
        <Button look="quiet" disabled={busy} onClick={() => again(message, { continuing: message.id })}>
          <Play aria-hidden size={14} strokeWidth={1.5} />
          {say("continue")}
        </Button>
      )}
    </div>
  );
}

/** The answer with its quotes as footnotes of Markdown. */
function asMarkdown(message: PathMessage): string {
  const notes: string[] = [];
  const text = withFootnotes(message, notes);
  return [text, ...notes].join("\n\n").concat("\n");
}
