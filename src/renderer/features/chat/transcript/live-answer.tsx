import { fromWire } from "../../../../shared/errors.ts";
import { ErrorNotice } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { useWarmCitations } from "../../reader/use-warm-citations.ts";
import type { Ask } from "../asking/ask-state.ts";
import { isFromModelAlone, waitingText } from "../asking/ask-state.ts";
import { AnswerFooter } from "../answer/answer-footer.tsx";
import { AnswerText } from "../answer/answer-text.tsx";
import { messages } from "../messages.ts";
import { Refusal } from "../answer/refusal.tsx";
import { Sources } from "../answer/sources.tsx";

/** An answer under way: passages first, then words, then numbers on them. It only ever grows downwards. */
export function LiveAnswer({ ask }: { ask: Ask }) {
  const say = useWords(messages);
  useWarmCitations(ask.citations);
  if (ask.answer?.refused) return <Refusal passages={ask.passages} />;
  const waiting = ask.phase === "asking" || ask.phase === "reading";
  return (
    <article data-message tabIndex={-1} aria-label={say("answer")} className="flex flex-col gap-3">
      <Sources passages={ask.passages} matched={ask.matched} citations={ask.citations} />
      {waiting ? (
        <p className="h-6 text-fg3">{waitingText(ask, say)}</p>
      ) : (
        <AnswerText text={ask.text} sentences={ask.answer?.sentences ?? []} citations={ask.citations} />
      )}
      {ask.problem && <ErrorNotice error={fromWire(ask.problem)} />}
      <AnswerFooter
        state={ask.phase}
        model={ask.answer?.model}
        timings={ask.answer?.timings}
        usage={ask.answer?.usage}
        fromModelAlone={ask.answer !== undefined && isFromModelAlone(ask.answer)}
      />
    </article>
  );
}
