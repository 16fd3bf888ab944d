import { useEffect, useState } from "react";
import { CopyButton } from "../../../components/copy-button.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import type { Mark } from "./highlight.ts";
import { messages } from "../messages.ts";

/** Code of an answer, with its language, a way to copy it, and its marks once the highlighter has come. */
export function CodeBlock({ code, language }: { code: string; language: string | undefined }) {
  const say = useWords(messages);
  const marks = useMarks(code, language);
  return (
    <div className="rounded-panel border border-line bg-bg1">
      <div className="flex h-8 items-center justify-between border-b border-line pe-0.5 ps-3 text-12 text-fg3">
        <span>{language ?? say("code")}</span>
        <CopyButton label={say("copyTheCode")} text={() => code} />
      </div>
      <pre
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a part that scrolls must be reachable by keyboard
        tabIndex={0}
        role="region"
        aria-label={language ? say("codeIn", { language }) : say("code")}
        className="overflow-x-auto p-3 text-13"
      >
        <code className="font-mono">
          {marks
            ? marks.map(({ text, kind }, index) => (
                <span key={`${index}-${kind}`} className={tones[kind]}>
                  {text}
                </span>
              ))
            : code}
        </code>
      </pre>
    </div>
  );
}

/** By weight and lightness: amber, violet and green say where words come from and nothing else. */
const tones: Record<Mark["kind"], string> = {
  plain: "",
  comment: "text-fg3 italic",
  keyword: "font-title text-accent",
  literal: "text-fg2",
  name: "font-title",
};

/** The marks of code in a language that is known; asked for when it has not changed for a moment, as it streams. */
function useMarks(code: string, language: string | undefined): Mark[] | undefined {
  const [marked, setMarked] = useState<{ code: string; marks: Mark[] }>();
  useEffect(() => {
    if (!language) return;
    let isWanted = true;
    const timer = setTimeout(() => {
      void import("./highlight.ts")
        .then(({ highlight }) => highlight(code, language))
        .then((marks) => isWanted && marks && setMarked({ code, marks }))
        .catch(() => undefined);
    }, 120);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [code, language]);
  return marked?.code === code ? marked.marks : undefined;
}
