import { Fragment } from "react";
import type { AnswerSentence, Citation } from "../../../shared/contract/chat.ts";
import { annotate } from "./annotate.ts";
import type { Block } from "./answer-blocks.ts";
import { answerBlocks, inlineSpans } from "./answer-blocks.ts";
import { CitationChip } from "./citation-chip.tsx";
import { VerdictWord } from "./verdict-word.tsx";

export type AnswerTextProps = { text: string; sentences: AnswerSentence[]; citations: Citation[] };

/** Model output as text: paragraphs, lists, headings, code. No HTML, no links, no images: it is hostile until read. */
export function AnswerText({ text, sentences, citations }: AnswerTextProps) {
  const blocks = answerBlocks(text);
  return (
    <div className="flex flex-col gap-3 text-15 break-words">
      {blocks.map((block, index) => (
        <BlockView key={block.start} block={block} text={text}>
          {block.kind === "code"
            ? text.slice(block.start, block.end)
            : annotate(block, sentences, blocks[index + 1]?.start).map(({ start, end, after }) => (
                <Fragment key={`${start}-${end}`}>
                  <Inline text={text.slice(start, end)} />
                  {after && <Evidence sentence={after} citations={citations} />}
                </Fragment>
              ))}
        </BlockView>
      ))}
    </div>
  );
}

function BlockView({ block, children }: { block: Block; text: string; children: React.ReactNode }) {
  switch (block.kind) {
    case "paragraph":
      return <p className="whitespace-pre-wrap">{children}</p>;
    case "heading":
      return <p className="font-title">{children}</p>;
    case "item":
      return (
        <div className="flex gap-2 pl-2">
          <span className="tnum shrink-0 text-fg3">{block.ordinal ? `${block.ordinal}.` : "–"}</span>
          <p className="min-w-0 flex-1 whitespace-pre-wrap">{children}</p>
        </div>
      );
    case "code":
      return (
        <pre className="overflow-x-auto rounded-panel border border-line bg-bg1 p-3 text-13">
          <code className="font-mono">{children}</code>
        </pre>
      );
  }
}

function Inline({ text }: { text: string }) {
  return inlineSpans(text).map((span, index) => {
    const key = `${index}-${span.kind}`;
    if (span.kind === "strong")
      return (
        <strong key={key} className="font-title">
          {span.text}
        </strong>
      );
    if (span.kind === "code")
      return (
        <code key={key} className="rounded-input bg-bg3 px-1 font-mono text-[0.92em]">
          {span.text}
        </code>
      );
    return <Fragment key={key}>{span.text}</Fragment>;
  });
}

/** The numbers of a sentence and whether its sources bear it out. */
function Evidence({ sentence, citations }: { sentence: AnswerSentence; citations: Citation[] }) {
  const cited = citations.filter(({ n }) => sentence.citations.includes(n));
  return (
    <span className="ml-1 inline-flex items-center gap-1 align-baseline whitespace-nowrap">
      {cited.map((citation) => (
        <CitationChip key={citation.n} citation={citation} all={citations} />
      ))}
      <VerdictWord verdict={sentence.verdict} />
    </span>
  );
}
