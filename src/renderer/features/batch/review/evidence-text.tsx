import { useEffect, useRef } from "react";
import type { FieldValue } from "../../../../shared/contract/batch.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";

/** The text of a page that has no picture, with the place of a value marked. `offset` is where the page begins in the record's text. */
export function EvidenceText({ text, offset, value }: { text: string; offset: number; value: FieldValue | undefined }) {
  const say = useWords(messages);
  const mark = useRef<HTMLElement>(null);
  const start = value?.start === undefined ? -1 : value.start - offset;
  const end = value?.end === undefined ? -1 : value.end - offset;
  const isHere = start >= 0 && end > start && end <= text.length;
  useEffect(() => {
    // It returns a promise in some browsers, which is no clean-up.
    if (start >= 0) void mark.current?.scrollIntoView({ block: "nearest" });
  }, [start]);
  return (
    <div
      role="region"
      aria-label={say("textPage")}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached with the keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto px-6 py-4 text-15 whitespace-pre-wrap focus-visible:outline-offset-[-2px]"
    >
      {isHere ? (
        <>
          {text.slice(0, start)}
          <mark ref={mark} className="rounded-[2px] bg-source-fill text-fg outline-1 outline-source">
            {text.slice(start, end)}
          </mark>
          {text.slice(end)}
        </>
      ) : (
        text
      )}
    </div>
  );
}
