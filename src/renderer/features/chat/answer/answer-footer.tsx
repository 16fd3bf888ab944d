import { CircleDashed, CircleStop, Cpu, Scissors } from "lucide-react";
import type { ReactNode } from "react";
import type { Answer, Message } from "../../../../shared/contract/chat.ts";
import { formatDuration, formatNumber } from "../../../components/format.ts";
import { useWords } from "../../../i18n/use-words.ts";
import type { AskPhase } from "../asking/ask-state.ts";
import { messages } from "../messages.ts";

export type AnswerFooterProps = {
  state: Message["state"] | AskPhase;
  model: string | undefined;
  timings: Answer["timings"] | undefined;
  usage: Answer["usage"] | undefined;
  /** The most tokens that were allowed ended it. */
  isCut?: boolean;
  /** No source was read: nothing but the model stands behind the words. */
  fromModelAlone?: boolean;
  /** What can be done with it, once it is stored. */
  children?: ReactNode;
};

/** Who made the answer and how long it took; that it was stopped, where it was. The violet dot says a model made it. */
export function AnswerFooter({ state, model, timings, usage, isCut = false, fromModelAlone = false, children }: AnswerFooterProps) {
  const say = useWords(messages);
  const facts = [
    timings && !fromModelAlone && say("timeSources", { sources: formatDuration(timings.sources) }),
    timings && say("timeFirstWord", { firstToken: formatDuration(timings.firstToken) }),
    timings && say("timeTotal", { total: formatDuration(timings.total) }),
    usage && say("tokensWritten", { completionTokens: formatNumber(usage.completionTokens) }),
    usage?.tokensPerSecond && say("tokensPerSecond", { tokensPerSecond: usage.tokensPerSecond.toFixed(1) }),
  ].filter(Boolean);
  return (
    <footer className="flex min-h-4 flex-wrap items-center gap-x-3 gap-y-1 text-12 text-fg3">
      {state === "stopped" && (
        <span className="inline-flex items-center gap-1 text-fg2">
          <CircleStop aria-hidden size={14} strokeWidth={1.5} />
          {say("stoppedKept")}
        </span>
      )}
      {isCut && (
        <span className="inline-flex items-center gap-1 text-fg2">
          <Scissors aria-hidden size={14} strokeWidth={1.5} />
          {say("cutOffMost")}
        </span>
      )}
      {fromModelAlone && (
        <span className="inline-flex items-center gap-1.5 text-model">
          <CircleDashed aria-hidden size={14} strokeWidth={1.5} />
          {say("fromModelAlone")}
        </span>
      )}
      {model && (
        <span className="inline-flex items-center gap-1.5">
          <Cpu aria-hidden size={14} strokeWidth={1.5} className="text-model" />
          {model.replace(/^local:/, "")}
        </span>
      )}
      {facts.length > 0 && <span className="tnum">{facts.join(" · ")}</span>}
      {children && <div className="basis-full">{children}</div>}
    </footer>
  );
}
