import { useEffect, useRef } from "react";
import type { Message } from "../../../shared/contract/chat.ts";
import { AnswerMessage } from "./answer-message.tsx";
import type { Ask } from "./ask-state.ts";
import { LiveAnswer } from "./live-answer.tsx";
import { QuestionMessage } from "./question-message.tsx";
import { useMessageKeys } from "./use-message-keys.ts";
import type { Turns } from "./use-turns.ts";

export type TranscriptProps = { path: Message[]; live: Ask | undefined; turns: Turns };

/** What was said, in a column of reading width. It follows an answer downwards as long as the reader stays at its end. */
export function Transcript({ path, live, turns }: TranscriptProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const column = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!column.current) return;
    const observer = new ResizeObserver(() => {
      const element = scroller.current;
      if (element && follows.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(column.current);
    return () => observer.disconnect();
  }, []);

  useMessageKeys(column);

  const onScroll = () => {
    const element = scroller.current;
    if (element) follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < 48;
  };
  return (
    <div
      ref={scroller}
      role="log"
      aria-live="off"
      aria-label="Messages"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a part that scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={onScroll}
      className="relative min-h-0 flex-1 overflow-y-auto focus-visible:outline-offset-[-2px]"
    >
      <div ref={column} className="mx-auto flex max-w-[76ch] flex-col gap-6 px-6 py-6">
        {path.map((message) =>
          message.role === "user" ? (
            <QuestionMessage key={message.id} text={message.text} stored={{ message, turns }} />
          ) : (
            <AnswerMessage key={message.id} message={message} turns={turns} />
          ),
        )}
        {live && (
          <>
            <QuestionMessage text={live.request.question} />
            <LiveAnswer ask={live} />
          </>
        )}
      </div>
    </div>
  );
}
