import { useState } from "react";
import type { Citation, PathMessage } from "../../../../shared/contract/chat.ts";
import { ErrorNotice } from "../../../components/notice.tsx";
import { fromWire } from "../../../../shared/errors.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { useWarmCitations } from "../../reader/use-warm-citations.ts";
import { AnswerActions } from "./answer-actions.tsx";
import { AnswerFooter } from "./answer-footer.tsx";
import { AnswerTrace } from "./answer-trace.tsx";
import { isFromModelAlone } from "../asking/ask-state.ts";
import { AnswerText } from "./answer-text.tsx";
import { messages } from "../messages.ts";
import { Refusal } from "./refusal.tsx";
import { Sources } from "./sources.tsx";
import { useAsks } from "../asking/use-asks.ts";
import type { Turns } from "../transcript/use-turns.ts";

const none: Citation[] = [];

export type AnswerMessageProps = { message: PathMessage; turns: Turns; isLast: boolean };

/** A stored answer. The passages that were read are listed at once in the window that asked, and on demand elsewhere. */
export function AnswerMessage({ message, turns, isLast }: AnswerMessageProps) {
  const say = useWords(messages);
  const { answer, text, state, error } = message;
  const ask = useAsks().byMessage(message.id);
  const [isTraceOpen, setTraceOpen] = useState(false);
  const citations = answer?.citations ?? ask?.citations ?? none;
  useWarmCitations(isLast ? citations : none);
  const trace = { isOpen: isTraceOpen, toggle: () => setTraceOpen(!isTraceOpen) };
  const actions = <AnswerActions message={message} turns={turns} isLast={isLast} trace={trace} />;
  const details = isTraceOpen && <AnswerTrace message={message} />;
  if (answer?.refused) {
    return (
      <Refusal message={message} passages={ask?.passages} actions={actions}>
        {details}
      </Refusal>
    );
  }
  return (
    <article data-message tabIndex={-1} aria-label={say("answer")} className="flex flex-col gap-3">
      <Sources passages={ask?.passages ?? []} matched={ask?.matched ?? 0} citations={citations} />
      <AnswerText text={text} sentences={answer?.sentences ?? []} citations={citations} />
      {state === "failed" && <ErrorNotice error={fromWire(error ?? { code: "INTERNAL", message: say("answerFailedKept") })} />}
      <AnswerFooter
        state={state}
        model={message.model}
        timings={answer?.timings}
        usage={answer?.usage}
        isCut={answer?.cut === true}
        fromModelAlone={answer !== undefined && isFromModelAlone(answer)}
      >
        {actions}
      </AnswerFooter>
      {details}
    </article>
  );
}
