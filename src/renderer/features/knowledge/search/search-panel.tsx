import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";
import type { Collection } from "../../../../shared/contract/knowledge.ts";
import type { SearchMode } from "../../../../shared/contract/search.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { Button } from "../../../components/button.tsx";
import { SelectField, TextField } from "../../../components/field.tsx";
import { formatDuration } from "../../../components/format.ts";
import { EmptyState, ErrorNotice } from "../../../components/notice.tsx";
import { PassageRow } from "../../../components/passage-row.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { passageEvidence } from "../../reader/evidence.ts";
import { WordsOnly } from "./words-only.tsx";
import { useReader } from "../../../view/reader-store.ts";
import { messages } from "../messages.ts";

const modes = [
  ["hybrid", "wordsAndMeaning"],
  ["keyword", "words"],
  ["vector", "meaning"],
] as const satisfies [SearchMode, string][];

/** A search in one collection; the query stands in the address, so that back and reload find it again. */
export function SearchPanel({ collection }: { collection: Collection }) {
  const say = useWords(messages);
  const [params, setParams] = useSearchParams();
  const query = params.get("q") ?? "";
  const [text, setText] = useState(query);
  const [mode, setMode] = useState<SearchMode>("hybrid");
  return (
    <>
      <form
        role="search"
        className="flex items-center gap-2 px-4 py-2"
        onSubmit={(event) => {
          event.preventDefault();
          setParams({ tab: "search", q: text.trim() });
        }}
      >
        <Search aria-hidden size={16} strokeWidth={1.5} className="shrink-0 text-fg3" />
        <TextField
          label={say("searchIn", { name: collection.name })}
          placeholder={say("whatYouLooking")}
          type="search"
          maxLength={4000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <SelectField
          label={say("searchBy")}
          className="max-w-44"
          value={mode}
          onChange={(event) => setMode(modes.find(([id]) => id === event.target.value)?.[0] ?? "hybrid")}
        >
          {modes.map(([id, title]) => (
            <option key={id} value={id}>
              {say(title)}
            </option>
          ))}
        </SelectField>
        <Button type="submit" look="primary" disabled={!text.trim()}>
          {say("search")}
        </Button>
      </form>
      {query ? (
        <Results collection={collection} query={query} mode={mode} />
      ) : (
        <EmptyState title={say("searchThisCollection")}>{say("searchText")}</EmptyState>
      )}
    </>
  );
}

function Results({ collection, query, mode }: { collection: Collection; query: string; mode: SearchMode }) {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const open = useReader((reader) => reader.open);
  const { data, error, refetch } = useQuery(
    orpc.knowledge.search.queryOptions({
      input: { query, collections: [collection.id], mode, limit: 20 },
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
    return (
      <>
        <WordsOnly names={data.wordsOnly} />
        <EmptyState title={say("nothingFound")}>{say("noPassageCollection", { query: data.query })}</EmptyState>
      </>
    );
  const evidence = data.results.map(passageEvidence);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
      <p role="status" className="tnum px-2 py-1 text-fg3">
        {say("passagesIn", { count: data.results.length, total: formatDuration(data.timings.total) })}
      </p>
      <WordsOnly names={data.wordsOnly} />
      <ol aria-label={say("passages")} className="max-w-[84ch]">
        {data.results.map((passage, index) => (
          <li key={passage.chunk.id}>
            <PassageRow passage={passage} lines={3} onOpen={() => open(evidence, index)} />
          </li>
        ))}
      </ol>
    </div>
  );
}
