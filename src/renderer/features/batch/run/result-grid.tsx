import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import type { KeyboardEvent } from "react";
import { useDeferredValue, useRef, useState } from "react";
import { useNavigate } from "react-router";
import type { BatchResult, BatchRun } from "../../../../shared/contract/batch.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { TextField } from "../../../components/field.tsx";
import { formatNumber } from "../../../components/format.ts";
import { ErrorNotice } from "../../../components/notice.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { ResultRow } from "./result-row.tsx";
import { stepPath } from "../steps.ts";
import { useResults } from "./use-results.ts";

const rowHeight = 32;

/** Documents as rows, fields as columns. Ten thousand rows stay quick: only what is in sight is asked for. */
export function ResultGrid({ run, state }: { run: BatchRun; state: "all" | Exclude<BatchResult["state"], "dead"> }) {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const search = useDeferredValue(text.trim());
  const recipe = useQuery(orpc.batch.getRecipe.queryOptions({ input: run.recipe }));
  const scroller = useRef<HTMLDivElement>(null);
  const filter = useRef<HTMLInputElement>(null);
  const [active, setActive] = useState(0);
  const [range, setRange] = useState({ first: 0, last: 0 });
  const { total, row, error, refetch } = useResults(
    { run: run.id, ...(state === "all" ? {} : { states: [state] }), ...(search === "" ? {} : { search }) },
    range,
  );
  const count = total ?? 0;
  // oxlint-disable-next-line react/incompatible-library -- the compiler that would memoise it is not used
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    onChange: ({ range: seen }) =>
      seen &&
      setRange((old) =>
        old.first === seen.startIndex && old.last === seen.endIndex ? old : { first: seen.startIndex, last: seen.endIndex },
      ),
  });
  const at = Math.min(active, count - 1);
  const names = Object.keys(recipe.data?.schema.properties ?? {});
  const template = `7rem minmax(10rem,14rem) repeat(${names.length}, minmax(7rem,11rem))`;
  const open = (result: BatchResult | undefined) =>
    result?.id !== undefined && void navigate(`${stepPath(run.id, "review")}?record=${result.id}`);

  const moveTo = (index: number) => {
    const next = Math.min(count - 1, Math.max(0, index));
    setActive(next);
    rows.scrollToIndex(next);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.floor((scroller.current?.clientHeight ?? rowHeight) / rowHeight) - 2;
    const moves: Record<string, () => void> = {
      ArrowDown: () => moveTo(at + 1),
      ArrowUp: () => moveTo(at - 1),
      ArrowRight: () => scroller.current?.scrollBy({ left: 120 }),
      ArrowLeft: () => scroller.current?.scrollBy({ left: -120 }),
      PageDown: () => moveTo(at + page),
      PageUp: () => moveTo(at - page),
      Home: () => moveTo(0),
      End: () => moveTo(count - 1),
      Enter: () => open(row(at)),
      "/": () => filter.current?.focus(),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };
  const problem = error ?? recipe.error;
  return (
    <>
      <div className="flex items-center gap-3 px-4 py-2">
        <TextField
          ref={filter}
          label={say("findFileNames")}
          placeholder={say("findFileNames")}
          className="max-w-72"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Legend />
      </div>
      {problem ? (
        <div className="p-4">
          <ErrorNotice error={problem} onRetry={() => void refetch()} />
        </div>
      ) : total === undefined ? (
        <SkeletonRows rows={12} label={say("loadingTheDocuments")} />
      ) : count === 0 ? (
        <p className="px-4 py-2 text-fg2">{search === "" ? say("noDocumentsHere") : say("noDocumentMatches")}</p>
      ) : (
        <div
          ref={scroller}
          role="grid"
          aria-label={say("documentsOf", { name: run.name })}
          aria-rowcount={count + 1}
          aria-colcount={names.length + 2}
          aria-activedescendant={`result-${at}`}
          tabIndex={0}
          onKeyDown={onKeyDown}
          className="min-h-0 flex-1 overflow-auto focus-visible:outline-offset-[-2px]"
        >
          <div className="w-max min-w-full">
            <div
              role="row"
              aria-rowindex={1}
              style={{ gridTemplateColumns: template }}
              className="label sticky top-0 z-10 grid h-7 items-center gap-3 border-b border-line bg-bg0 px-4 text-fg3"
            >
              {[say("state"), say("columnFile"), ...names].map((name) => (
                <span key={name} role="columnheader" className="truncate">
                  {name.replaceAll("_", " ")}
                </span>
              ))}
            </div>
            <div role="presentation" className="relative" style={{ height: rows.getTotalSize() }}>
              {rows.getVirtualItems().map(({ index, start }) => (
                <ResultRow
                  key={index}
                  result={row(index)}
                  names={names}
                  template={template}
                  index={index}
                  top={start}
                  active={index === at}
                  onChoose={() => setActive(index)}
                  onOpen={() => open(row(index))}
                />
              ))}
            </div>
          </div>
          <p className="sr-only">{say("documentsShown", { count: formatNumber(count) })}</p>
        </div>
      )}
    </>
  );
}

/** What the squares before the values say. */
function Legend() {
  const say = useWords(messages);
  return (
    <p className="ms-auto flex flex-wrap gap-x-4 text-12 text-fg2">
      {(
        [
          ["bg-source", say("readDocument")],
          ["bg-model", say("chosenByModel")],
          ["bg-human", "confirmed"],
        ] as const
      ).map(([tone, word]) => (
        <span key={word} className="flex items-center gap-1.5">
          <span aria-hidden className={`size-2 rounded-[1px] ${tone}`} />
          {word}
        </span>
      ))}
    </p>
  );
}
