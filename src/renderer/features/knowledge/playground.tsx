import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import type { Collection } from "../../../shared/contract/knowledge.ts";
import type { SearchResponse } from "../../../shared/contract/search.ts";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { formatCount, formatDuration } from "../../components/format.ts";
import { EmptyState, ErrorNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { type LegName, legTime, ranking } from "./playground-columns.ts";
import { PlaygroundColumn } from "./playground-column.tsx";
import { WordsOnly } from "./words-only.tsx";

/** Passages that are asked for: what stands high in one column may stand low in another. */
const asked = 200;

/** One query, and how each step of the search ranks the passages: by words, by meaning, both together, reranked. */
export function Playground({ collection }: { collection: Collection }) {
  const [params, setParams] = useSearchParams();
  const query = params.get("q") ?? "";
  const [text, setText] = useState(query);
  return (
    <>
      <form
        role="search"
        className="flex items-center gap-2 px-4 py-2"
        onSubmit={(event) => {
          event.preventDefault();
          setParams({ tab: "compare", q: text.trim() });
        }}
      >
        <TextField
          label={`Query to compare in ${collection.name}`}
          placeholder="A query whose ranking you want to understand"
          type="search"
          maxLength={4000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" look="primary" disabled={!text.trim()}>
          Compare
        </Button>
      </form>
      {query ? (
        <Compared collection={collection} query={query} />
      ) : (
        <EmptyState title="See how a query is ranked">
          By its words, by its meaning, by both together, and by the reranker: each step with its ranks, scores and times, side by side.
        </EmptyState>
      )}
    </>
  );
}

function Compared({ collection, query }: { collection: Collection; query: string }) {
  const { orpc } = useCroft();
  const [marked, setMarked] = useState<string>();
  const { data, error, refetch } = useQuery(
    orpc.knowledge.search.queryOptions({
      input: { query, collections: [collection.id], mode: "hybrid", rerank: true, explain: true, limit: asked },
      placeholderData: keepPreviousData,
    }),
  );
  if (error)
    return (
      <div className="p-4">
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  if (!data) return <SkeletonRows rows={8} label="Searching" />;
  if (data.results.length === 0) return <EmptyState title="Nothing found">No passage of this collection fits “{data.query}”.</EmptyState>;
  return (
    <>
      <p role="status" className="tnum px-4 pb-1 text-fg3">
        {formatCount(data.results.length, "passage")} in {formatDuration(data.timings.total)}
        {data.timings.load > 0 && `, after ${formatDuration(data.timings.load)} to load models`}
      </p>
      <WordsOnly names={data.wordsOnly} />
      <div
        className="grid min-h-0 flex-1 grid-cols-[repeat(4,minmax(13rem,1fr))] overflow-auto border-t border-line"
        role="group"
        aria-label="Rankings"
      >
        {columnsOf(data).map(({ leg, title, note, empty }) => (
          <PlaygroundColumn
            key={leg}
            leg={leg}
            title={title}
            note={note}
            empty={empty}
            rows={ranking(data.results, leg)}
            marked={marked}
            onMark={setMarked}
          />
        ))}
      </div>
    </>
  );
}

type Column = { leg: LegName; title: string; note: string; empty: string };

function columnsOf(data: SearchResponse): Column[] {
  const time = (leg: LegName) => {
    const ms = legTime(data, leg);
    return ms === undefined ? "" : formatDuration(ms);
  };
  const words = Math.round((data.keywordWeight ?? 0) * 100);
  return [
    { leg: "keyword", title: "Words", note: `BM25 · ${time("keyword")}`, empty: "No word of the query stands in a passage." },
    { leg: "vector", title: "Meaning", note: `cosine · ${time("vector")}`, empty: "No vector was compared." },
    { leg: "fused", title: "Fused", note: `${words} % words, ${100 - words} % meaning`, empty: "Nothing to fuse." },
    {
      leg: "rerank",
      title: "Reranked",
      note: time("rerank"),
      empty: "No reranker is installed; the fused order is the result. One can be chosen in Settings.",
    },
  ];
}
