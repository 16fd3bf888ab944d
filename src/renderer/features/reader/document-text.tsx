import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useLayoutEffect, useRef, useState } from "react";
import type { ChunkBounds } from "../../../shared/contract/reading.ts";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { formatNumber } from "../../components/format.ts";
import { ErrorNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { useWords } from "../../i18n/use-words.ts";
import type { Evidence } from "../../view/reader-store.ts";
import { DeletedQuote, isDeleted } from "./deleted-quote.tsx";
import { messages } from "./messages.ts";
import { textPieces } from "./text-pieces.ts";
import { type TextRange, widen, windowAround } from "./text-window.ts";

export type DocumentTextProps = {
  evidence: Evidence;
  /** Where to begin instead of at the mark. */
  at?: TextRange | undefined;
  showChunks: boolean;
};

/** The stored text around a mark, as plain text, scrolled to it. The marked part is amber: it stands in a source. */
export function DocumentText({ evidence, at, showChunks }: DocumentTextProps) {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const [range, setRange] = useState(() => windowAround(at ?? evidence));
  const { data, error, refetch } = useQuery(
    orpc.knowledge.getText.queryOptions({ input: { textHash: evidence.textHash, ...range }, placeholderData: keepPreviousData }),
  );
  const chunks = useQuery({
    ...orpc.reading.chunks.queryOptions({ input: { documentId: evidence.document.id, ...range }, placeholderData: keepPreviousData }),
    enabled: showChunks,
  });
  const start = useRef<HTMLElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  // What moves the text: it goes back to its place then, and stays where it was scrolled to otherwise.
  const arrangement = data && (showChunks && chunks.data ? "pieces" : "plain");
  const arranged = useRef<string>(undefined);

  useLayoutEffect(() => {
    if (!arrangement || arranged.current === arrangement || !start.current) return;
    arranged.current = arrangement;
    // A passage taller than the panel is read from its beginning.
    const fits = start.current.offsetHeight < (scroller.current?.clientHeight ?? 0);
    start.current.scrollIntoView({ block: fits && !at ? "center" : "start" });
  }, [arrangement, at]);

  if (error && isDeleted(error)) return <DeletedQuote evidence={evidence} />;
  if (error)
    return (
      <div className="p-4">
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  if (!data) return <SkeletonRows rows={14} label={say("loadingTheDocument")} />;
  const pieces = textPieces(data, evidence, showChunks ? (chunks.data ?? []) : []);
  // The place that is asked for need not be where a piece begins: cut there too.
  const placed = at ? cutPieces(pieces, at.start) : pieces;
  return (
    <div
      ref={scroller}
      role="region"
      aria-label={say("textDocument")}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a part that scrolls must be reachable by keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto px-5 py-4 focus-visible:outline-offset-[-2px]"
    >
      {data.start > 0 && <Button onClick={() => setRange(widen(range, "before"))}>{say("showBefore")}</Button>}
      <div dir="auto" className="max-w-[72ch] text-15 break-words whitespace-pre-wrap">
        {placed.map((piece) => (
          <Piece
            key={piece.start}
            chunk={piece.chunk}
            start={(at ? piece.start === at.start : piece.marked && piece.start === evidence.start) ? start : undefined}
            marked={piece.marked}
          >
            {piece.text}
          </Piece>
        ))}
      </div>
      {data.end < data.length && <Button onClick={() => setRange(widen(range, "after"))}>{say("showAfter")}</Button>}
    </div>
  );
}

type PieceProps = {
  chunk: ChunkBounds | undefined;
  marked: boolean;
  start: React.RefObject<HTMLElement | null> | undefined;
  children: string;
};

function Piece({ chunk, marked, start, children }: PieceProps) {
  return (
    <>
      {chunk && <ChunkRule chunk={chunk} />}
      {marked ? (
        <mark ref={start} className="rounded-input bg-source-fill text-fg decoration-source underline decoration-2 underline-offset-4">
          {children}
        </mark>
      ) : (
        <span ref={start}>{children}</span>
      )}
    </>
  );
}

/** Where a piece of the search begins; pieces may overlap, so each says how far it reaches. */
function ChunkRule({ chunk: { number, start, end, tokens, heading } }: { chunk: ChunkBounds }) {
  const say = useWords(messages);
  return (
    <span role="note" className="my-2 flex items-baseline gap-2 border-t border-line pt-1 text-11 whitespace-normal text-fg3 select-none">
      <span className="label text-fg2">{say("piece", { number: formatNumber(number) })}</span>
      <span className="tnum">
        {formatNumber(start)}–{formatNumber(end)} · {say("tokens", { count: tokens })}
      </span>
      {heading && <span className="min-w-0 truncate">{heading}</span>}
    </span>
  );
}

function cutPieces(pieces: ReturnType<typeof textPieces>, at: number): ReturnType<typeof textPieces> {
  return pieces.flatMap((piece) => {
    const cut = at - piece.start;
    if (cut <= 0 || cut >= piece.text.length) return [piece];
    return [
      { ...piece, text: piece.text.slice(0, cut) },
      { ...piece, start: at, text: piece.text.slice(cut), chunk: undefined },
    ];
  });
}
