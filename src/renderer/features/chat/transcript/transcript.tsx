import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { PathMessage } from "../../../../shared/contract/chat.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { AnswerMessage } from "../answer/answer-message.tsx";
import type { Ask } from "../asking/ask-state.ts";
import { LiveAnswer } from "./live-answer.tsx";
import { messages } from "../messages.ts";
import { QuestionMessage } from "./question-message.tsx";
import { useMessageKeys } from "./use-message-keys.ts";
import type { Path } from "../threads/use-path.ts";
import { useStayAtEnd } from "./use-stay-at-end.ts";
import type { Turns } from "./use-turns.ts";

export type TranscriptProps = {
  path: Path;
  /** Stored messages that are shown; `live` stands below them. */
  length: number;
  live: Ask | undefined;
  turns: Turns;
  /** A message to go to, by its index; a new object goes there again. */
  goTo: { index: number; id: string } | undefined;
};

/** Height of a question and of an answer before they were measured, in pixels. */
const guess = { question: 72, answer: 320 };
const gap = 24;

/**
 * What was said, in a column of reading width: only what is near the screen is in the page. It follows an answer
 * downwards as long as the reader stays at its end.
 */
export function Transcript({ path, length, live, turns, goTo }: TranscriptProps) {
  const say = useWords(messages);
  const scroller = useRef<HTMLDivElement>(null);
  const column = useRef<HTMLDivElement>(null);
  const count = length + (live ? 2 : 0);
  // oxlint-disable-next-line react-hooks-js/incompatible-library -- its answers change with every scroll, as they should
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (index % 2 === 0 ? guess.question : guess.answer),
    initialOffset: () => (count * (guess.question + guess.answer)) / 2,
    overscan: 6,
    gap,
    paddingStart: gap,
    paddingEnd: gap,
  });
  const items = virtual.getVirtualItems();
  const size = virtual.getTotalSize();
  const first = items[0]?.index ?? 0;
  const last = Math.min(length, items.at(-1)?.index ?? 0);

  const { cover } = path;
  useEffect(() => {
    if (length > 0) cover(Math.min(first, length - 1), Math.min(last, length - 1));
  }, [cover, first, last, length]);

  const { onScroll, leave } = useStayAtEnd(scroller, size);

  useEffect(() => {
    if (!goTo) return;
    leave();
    virtual.scrollToIndex(goTo.index, { align: "center" });
  }, [goTo, virtual, leave]);

  useMessageKeys(column);

  const start = path.data?.start ?? 0;
  return (
    <div
      ref={scroller}
      role="log"
      aria-live="off"
      aria-label={say("messages")}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a part that scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={onScroll}
      // The virtualizer keeps what is read in its place; the browser's own way of doing so would do it twice.
      className="relative min-h-0 flex-1 overflow-y-auto [overflow-anchor:none] focus-visible:outline-offset-[-2px]"
    >
      <div ref={column} className="relative mx-auto max-w-[76ch]" style={{ height: size }}>
        {items.map(({ index, start: top }) => (
          <div
            key={index}
            data-index={index}
            ref={virtual.measureElement}
            className="absolute inset-x-0 top-0 px-6"
            style={{ transform: `translateY(${top}px)` }}
          >
            {index < length ? (
              <Stored
                message={path.data?.messages[index - start]}
                index={index}
                turns={turns}
                goTo={goTo}
                isLast={index === length - 1 && !live}
              />
            ) : (
              live && (index === length ? <QuestionMessage text={live.request.question} /> : <LiveAnswer ask={live} />)
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

type StoredProps = { message: PathMessage | undefined; index: number; turns: Turns; goTo: TranscriptProps["goTo"]; isLast: boolean };

/** A stored message, or the room for one that is being read. */
function Stored({ message, index, turns, goTo, isLast }: StoredProps) {
  const place = useRef<HTMLDivElement>(null);
  const isWanted = goTo !== undefined && goTo.id === message?.id;
  useEffect(() => {
    // Going to the same place again is another object: the focus goes there again.
    if (isWanted && goTo) place.current?.querySelector<HTMLElement>("[data-message]")?.focus({ preventScroll: true });
  }, [isWanted, goTo]);
  if (!message) {
    const height = index % 2 === 0 ? guess.question : guess.answer;
    return <div role="presentation" className="rounded-panel bg-bg1" style={{ height }} />;
  }
  return (
    <div ref={place} key={message.id}>
      {message.role === "user" ? (
        <QuestionMessage text={message.text} stored={{ message, turns }} />
      ) : (
        <AnswerMessage message={message} turns={turns} isLast={isLast} />
      )}
    </div>
  );
}
