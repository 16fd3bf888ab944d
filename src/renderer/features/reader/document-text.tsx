import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useLayoutEffect, useRef, useState } from "react";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import type { Evidence } from "../../view/reader-store.ts";
import { cutAtMark, widen, windowAround } from "./text-window.ts";

/** The stored text around a mark, as plain text, scrolled to it. The marked part is amber: it stands in a source. */
export function DocumentText({ evidence }: { evidence: Evidence }) {
  const { orpc } = useCroft();
  const [range, setRange] = useState(() => windowAround(evidence));
  const { data, error, refetch } = useQuery(
    orpc.knowledge.getText.queryOptions({ input: { textHash: evidence.textHash, ...range }, placeholderData: keepPreviousData }),
  );
  const mark = useRef<HTMLElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const loaded = data !== undefined;

  useLayoutEffect(() => {
    if (!loaded || !mark.current) return;
    // A passage taller than the panel is read from its beginning.
    const fits = mark.current.offsetHeight < (scroller.current?.clientHeight ?? 0);
    mark.current.scrollIntoView({ block: fits ? "center" : "start" });
  }, [loaded]);

  if (error)
    return (
      <div className="p-4">
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  if (!data) return <SkeletonRows rows={14} label="Loading the document" />;
  const { before, marked, after } = cutAtMark(data, evidence);
  return (
    <div
      ref={scroller}
      role="region"
      aria-label="Text of the document"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a part that scrolls must be reachable by keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto px-5 py-4 focus-visible:outline-offset-[-2px]"
    >
      {data.start > 0 && <Button onClick={() => setRange(widen(range, "before"))}>Show what comes before</Button>}
      <div className="max-w-[72ch] text-15 break-words whitespace-pre-wrap">
        {before}
        {marked && (
          <mark ref={mark} className="rounded-input bg-source-fill text-fg decoration-source underline decoration-2 underline-offset-4">
            {marked}
          </mark>
        )}
        {after}
      </div>
      {data.end < data.length && <Button onClick={() => setRange(widen(range, "after"))}>Show what comes after</Button>}
    </div>
  );
}
