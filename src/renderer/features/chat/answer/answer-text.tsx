import { Fragment, memo } from "react";
import type { AnswerSentence, Citation } from "../../../../shared/contract/chat.ts";
import { annotate, type Piece } from "./annotate.ts";
import type { Block } from "./answer-blocks.ts";
import { answerBlocks } from "./answer-blocks.ts";
import { fencedMath, tableCells } from "./answer-marks.ts";
import { AnswerTable } from "./answer-table.tsx";
import { CitationChip } from "./citation-chip.tsx";
import { CodeBlock } from "./code-block.tsx";
import { Formula } from "./formula.tsx";
import { Inline } from "./inline-text.tsx";
import { VerdictWord } from "./verdict-word.tsx";

export type AnswerTextProps = { text: string; sentences: AnswerSentence[]; citations: Citation[] };

/** Model output as text: paragraphs, lists, headings, code, tables, formulas. No HTML, no links, no images: it is hostile until read. */
export const AnswerText = memo(function AnswerText({ text, sentences, citations }: AnswerTextProps) {
  const blocks = answerBlocks(text);
  return (
    <div className="flex flex-col gap-3 text-15 break-words">
      {blocks.map((block, index) => {
        const pieces = annotate(block, sentences, blocks[index + 1]?.start);
        return <BlockView key={block.start} block={block} text={text} pieces={pieces} citations={citations} />;
      })}
    </div>
  );
});

type BlockViewProps = { block: Block; text: string; pieces: Piece[]; citations: Citation[] };

function BlockView({ block, text, pieces, citations }: BlockViewProps) {
  const own = text.slice(block.start, block.end);
  switch (block.kind) {
    case "paragraph":
      return (
        <p dir="auto" className="whitespace-pre-wrap">
          <Pieces text={text} pieces={pieces} citations={citations} />
        </p>
      );
    case "heading":
      return (
        <p dir="auto" className="font-title">
          <Pieces text={text} pieces={pieces} citations={citations} />
        </p>
      );
    case "item":
      return (
        <div dir="auto" className="flex gap-2 ps-2" style={{ marginInlineStart: `${(block.depth ?? 0) * 1.25}rem` }}>
          <span className="tnum shrink-0 text-fg3">{block.ordinal ? `${block.ordinal}.` : "–"}</span>
          <p dir="auto" className="min-w-0 flex-1 whitespace-pre-wrap">
            <Pieces text={text} pieces={pieces} citations={citations} />
          </p>
        </div>
      );
    case "quote":
      return (
        <blockquote dir="auto" className="border-s-2 border-control ps-3 whitespace-pre-wrap text-fg2">
          <Pieces text={text} pieces={pieces} citations={citations} />
        </blockquote>
      );
    case "rule":
      return <hr className="border-line" />;
    case "code":
      return <CodeBlock code={own} language={block.language} />;
    case "table":
      return (
        <div>
          <AnswerTable cells={tableCells(own)} />
          <Evidences pieces={pieces} citations={citations} />
        </div>
      );
    case "math":
      return (
        <div>
          <Formula tex={fencedMath(own.split("\n"))?.tex ?? own} source={own} isBlock />
          <Evidences pieces={pieces} citations={citations} />
        </div>
      );
  }
}

function Pieces({ text, pieces, citations }: Omit<BlockViewProps, "block">) {
  return pieces.map(({ start, end, after }) => (
    <Fragment key={`${start}-${end}`}>
      <Inline text={text.slice(start, end)} />
      {after && <Evidence sentence={after} citations={citations} />}
    </Fragment>
  ));
}

/** The evidence of a block whose sentences cannot be told apart. */
function Evidences({ pieces, citations }: Pick<BlockViewProps, "pieces" | "citations">) {
  const sentences = pieces.flatMap(({ after }) => after ?? []);
  if (sentences.length === 0) return null;
  return (
    <p>
      {sentences.map((sentence) => (
        <Evidence key={sentence.start} sentence={sentence} citations={citations} />
      ))}
    </p>
  );
}

/** The numbers of a sentence and whether its sources bear it out. */
function Evidence({ sentence, citations }: { sentence: AnswerSentence; citations: Citation[] }) {
  const cited = citations.filter(({ n }) => sentence.citations.includes(n));
  return (
    <span className="ms-1 inline-flex items-center gap-1 align-baseline whitespace-nowrap">
      {cited.map((citation) => (
        <CitationChip key={citation.n} citation={citation} all={citations} />
      ))}
      <VerdictWord verdict={sentence.verdict} />
    </span>
  );
}
