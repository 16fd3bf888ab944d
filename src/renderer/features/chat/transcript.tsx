import { useEffect, useRef } from "react";
import type { Message } from "../../../shared/contract/chat.ts";
import { isTyping } from "../../shell/keys.ts";
import { AnswerMessage } from "./answer-message.tsx";
import type { Ask } from "./ask-state.ts";
import { LiveAnswer } from "./live-answer.tsx";
import { QuestionMessage } from "./question-message.tsx";

export type TranscriptProps = { title: string | undefined; path: Message[]; live: Ask | undefined };

/** What was said, in a column of reading width. It follows an answer downwards as long as the reader stays at its end. */
export function Transcript({ title, path, live }: TranscriptProps) {
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

  const onScroll = () => {
    const element = scroller.current;
    if (element) follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < 48;
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = event.key === "j" ? 1 : event.key === "k" ? -1 : 0;
    if (step === 0 || isTyping(event.target) || event.ctrlKey || event.metaKey) return;
    const messages = [...(scroller.current?.querySelectorAll<HTMLElement>("[data-message]") ?? [])];
    const at = messages.findIndex((message) => message.contains(document.activeElement));
    messages[Math.min(messages.length - 1, Math.max(0, at + step))]?.focus();
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- J and K move between messages
    <div
      ref={scroller}
      role="log"
      aria-live="off"
      aria-label="Messages"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a part that scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      className="min-h-0 flex-1 overflow-y-auto focus-visible:outline-offset-[-2px]"
    >
      <div ref={column} className="mx-auto flex max-w-[76ch] flex-col gap-6 px-6 py-6">
        {title && <h1 className="sr-only">{title}</h1>}
        {path.map((message) =>
          message.role === "user" ? (
            <QuestionMessage key={message.id} text={message.text} />
          ) : (
            <AnswerMessage key={message.id} message={message} />
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
