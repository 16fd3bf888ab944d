import { ChevronDown, Play, RotateCw } from "lucide-react";
import type { Message } from "../../../shared/contract/chat.ts";
import { withFootnotes } from "../../../shared/answer-markdown.ts";
import { useModels } from "../../api/hooks.ts";
import { ActionMenu } from "../../components/action-menu.tsx";
import { Button } from "../../components/button.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { answerVersions } from "./branches.ts";
import type { Turns } from "./use-turns.ts";
import { VersionSwitch } from "./version-switch.tsx";

/** What can be done with a stored answer: its other versions, copy with its sources, another answer beside it. */
export function AnswerActions({ message, turns }: { message: Message; turns: Turns }) {
  const { messages, busy, again, ask, select } = turns;
  const models = useModels().data?.filter(({ role, state }) => role === "chat" && state === "installed") ?? [];
  const isLast = !messages.some(({ parent }) => parent === message.id);
  const others = [
    { title: "Best sentence, without a model", run: () => again(message, { effort: "instant" }) },
    { title: "Read more", note: "takes longer", run: () => again(message, { effort: "thorough" }) },
    ...models.map(({ id, name }) => ({ title: `With ${name}`, run: () => again(message, { model: id }) })),
  ];
  return (
    <div className="-ml-1.5 flex h-7 items-center">
      <CopyButton label="Copy with footnotes" keys="C" data-key="c" text={() => asMarkdown(message)} />
      <IconButton icon={RotateCw} label="Answer again" keys="R" data-key="r" disabled={busy} onClick={() => again(message)} />
      <ActionMenu icon={ChevronDown} label="Answer again, another way" align="start" disabled={busy} actions={others} />
      <VersionSwitch of="answer" versions={answerVersions(messages, message)} onSelect={select} />
      {message.state === "stopped" && isLast && (
        <Button look="quiet" disabled={busy} onClick={() => ask("Continue.")}>
          <Play aria-hidden size={14} strokeWidth={1.5} />
          Continue
        </Button>
      )}
    </div>
  );
}

/** The answer with its quotes as footnotes of Markdown. */
function asMarkdown(message: Message): string {
  const notes: string[] = [];
  const text = withFootnotes(message, notes);
  return [text, ...notes].join("\n\n").concat("\n");
}
