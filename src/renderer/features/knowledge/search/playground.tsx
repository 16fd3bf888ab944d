import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import type { Collection } from "../../../../shared/contract/knowledge.ts";
import type { SearchResponse } from "../../../../shared/contract/search.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { Button } from "../../../components/button.tsx";
import { TextField } from "../../../components/field.tsx";
import { formatDuration } from "../../../components/format.ts";
import { EmptyState, ErrorNotice } from "../../../components/notice.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages, type Say } from "../messages.ts";
import { type LegName, legTime, ranking } from "./playground-columns.ts";
import { PlaygroundColumn } from "./playground-column.tsx";
import { WordsOnly } from "./words-only.tsx";

/** Passages that are asked for: what stands high in one column may stand low in another. */
const asked = 200;

/** One query, and how each step of the search ranks the passages: by words, by meaning, both together, reranked. */
export function Playground({ collection }: { collection: Collection }) {
  const say = useWords(messages);
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
          label={say("queryCompare", { name: collection.name })}
          placeholder={say("queryWhoseRanking")}
          type="search"
          maxLength={4000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" look="primary" disabled={!text.trim()}>
          {say("compare")}
        </Button>
      </form>
      {query ? (
        <Compared collection={collection} query={query} />
      ) : (
        <EmptyState title={say("seeHowQuery")}>{say("rankingText")}</EmptyState>
      )}
    </>
  );
}

function Compared({ collection, query }: { collection: Collection; query: string }) {
  const say = useWords(messages);
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
  if (!data) return <SkeletonRows rows={8} label={say("searching")} />;
  if (data.results.length === 0)
    return <EmptyState title={say("nothingFound")}>{say("noPassageCollection", { query: data.query })}</EmptyState>;
  return (
    <>
      <p role="status" className="tnum px-4 pb-1 text-fg3">
        {say("passagesIn", { count: data.results.length, total: formatDuration(data.timings.total) })}
        {data.timings.load > 0 && say("afterLoadModels", { load: formatDuration(data.timings.load) })}
      </p>
      <WordsOnly names={data.wordsOnly} />
      <div
        className="grid min-h-0 flex-1 grid-cols-[repeat(4,minmax(13rem,1fr))] overflow-auto border-t border-line"
        role="group"
        aria-label={say("rankings")}
      >
        {columnsOf(data, say).map(({ leg, title, note, empty }) => (
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

function columnsOf(data: SearchResponse, say: Say): Column[] {
  const time = (leg: LegName) => {
    const ms = legTime(data, leg);
    return ms === undefined ? "" : formatDuration(ms);
  };
  const words = Math.round((data.keywordWeight ?? 0) * 100);
  return [
    { leg: "keyword", title: say("words"), note: `BM25 · ${time("keyword")}`, empty: say("wordsEmpty") },
    { leg: "vector", title: say("meaning"), note: `cosine · ${time("vector")}`, empty: say("meaningEmpty") },
    { leg: "fused", title: say("fused"), note: say("fusedNote", { words, meaning: 100 - words }), empty: say("fusedEmpty") },
    {
      leg: "rerank",
      title: say("reranked"),
      note: time("rerank"),
      empty: say("rerankedEmpty"),
    },
  ];
}
