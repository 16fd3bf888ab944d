import type { Message } from "../../../shared/contract/chat.ts";
import { ErrorNotice } from "../../components/notice.tsx";
import { fromWire } from "../../../shared/errors.ts";
import { AnswerActions } from "./answer-actions.tsx";
import { AnswerFooter } from "./answer-footer.tsx";
import { isFromModelAlone } from "./ask-state.ts";
import { AnswerText } from "./answer-text.tsx";
import { Refusal } from "./refusal.tsx";
import { Sources } from "./sources.tsx";
import { useAsks } from "./use-asks.ts";
import type { Turns } from "./use-turns.ts";

/** A stored answer. Passages that were read are known only in the window that asked; citations always. */
export function AnswerMessage({ message, turns }: { message: Message; turns: Turns }) {
  const { answer, text, state, error } = message;
  const ask = useAsks().byMessage(message.id);
  if (answer?.refused) return <Refusal question={answer.question} passages={ask?.passages} message={message} turns={turns} />;
  const citations = answer?.citations ?? ask?.citations ?? [];
  return (
    <article data-message tabIndex={-1} aria-label="Answer" className="flex flex-col gap-3">
      <Sources passages={ask?.passages ?? []} matched={ask?.matched ?? 0} citations={citations} />
      <AnswerText text={text} sentences={answer?.sentences ?? []} citations={citations} />
      {state === "failed" && (
        <ErrorNotice error={fromWire(error ?? { code: "INTERNAL", message: "The answer failed; what was written is kept." })} />
      )}
      <AnswerFooter
        state={state}
        model={message.model}
        timings={answer?.timings}
        usage={answer?.usage}
        fromModelAlone={answer !== undefined && isFromModelAlone(answer)}
      >
        <AnswerActions message={message} turns={turns} />
      </AnswerFooter>
    </article>
  );
}
