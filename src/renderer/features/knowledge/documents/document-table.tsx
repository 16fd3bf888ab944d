import { useVirtualizer } from "@tanstack/react-virtual";
import type { KeyboardEvent } from "react";
import { useMemo, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import type { Collection } from "../../../../shared/contract/knowledge.ts";
import { SelectField, TextField } from "../../../components/field.tsx";
import { formatNumber } from "../../../components/format.ts";
import { EmptyState, ErrorNotice } from "../../../components/notice.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { isTyping } from "../../../shell/keys.ts";
import { DocumentRow } from "./document-row.tsx";
import { fileStateFilters, filterFiles, languagesOf } from "./filter-files.ts";
import { messages } from "../messages.ts";
import { type FileRow, type FileSort, sortFiles } from "./sort-files.ts";
import { SortHeader } from "./sort-header.tsx";
import { StateFilter } from "./state-filter.tsx";
import { useCoverage } from "../report/use-coverage.ts";
import { useOpenDocument } from "../use-open-document.ts";

const rowHeight = 32;

/** Every file of a collection, its state, and the reason where one was left out. Ten thousand rows stay quick. */
export function DocumentTable({ collection }: { collection: Collection }) {
  const say = useWords(messages);
  const { data, error, refetch } = useCoverage(collection);
  const [params, setParams] = useSearchParams();
  const [text, setText] = useState("");
  const [language, setLanguage] = useState<string>();
  const [sort, setSort] = useState<FileSort>({ by: "path", down: false });
  const state = fileStateFilters.find((one) => one === params.get("state"));
  const rows = useMemo(
    () => (data ? sortFiles(filterFiles(data.files, { text, state, language }), sort) : []),
    [data, text, state, language, sort],
  );

  if (error)
    return (
      <div className="p-4">
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  if (!data) return <SkeletonRows rows={12} label={say("loadingDocuments")} />;
  if (data.files.length === 0) return <EmptyState title={say("noDocumentsYet")}>{say("noDocumentsText")}</EmptyState>;
  const languages = languagesOf(data.files);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 px-4 py-2">
        <TextField
          label={say("filterByName")}
          placeholder={say("filterByName")}
          className="max-w-60"
          data-filter
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {languages.length > 1 && (
          <SelectField
            label={say("filterByLanguage")}
            className="max-w-36"
            value={language ?? ""}
            onChange={(event) => setLanguage(event.target.value || undefined)}
          >
            <option value="">{say("allLanguages")}</option>
            {languages.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </SelectField>
        )}
        <StateFilter coverage={data} value={state} onChange={(next) => setParams(next ? { state: next } : {}, { replace: true })} />
      </div>
      <Rows rows={rows} sort={sort} onSort={setSort} label={say("filesOf", { name: collection.name })} />
    </>
  );
}

type RowsProps = { rows: FileRow[]; sort: FileSort; onSort(sort: FileSort): void; label: string };

function Rows({ rows: files, sort, onSort, label }: RowsProps) {
  const say = useWords(messages);
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const open = useOpenDocument();
  // oxlint-disable-next-line react/incompatible-library -- the compiler that would memoise it is not used
  const rows = useVirtualizer({
    count: files.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const at = Math.min(active, files.length - 1);

  const moveTo = (index: number) => {
    const next = Math.min(files.length - 1, Math.max(0, index));
    setActive(next);
    rows.scrollToIndex(next);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (isTyping(event.target) || event.target !== event.currentTarget) return;
    const page = Math.floor((scroller.current?.clientHeight ?? rowHeight) / rowHeight) - 1;
    const steps: Record<string, () => void> = {
      ArrowDown: () => moveTo(at + 1),
      ArrowUp: () => moveTo(at - 1),
      PageDown: () => moveTo(at + page),
      PageUp: () => moveTo(at - page),
      Home: () => moveTo(0),
      End: () => moveTo(files.length - 1),
      Enter: () => open(files[at]?.file),
      " ": () => open(files[at]?.file),
      "/": () => event.currentTarget.parentElement?.querySelector<HTMLInputElement>("[data-filter]")?.focus(),
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    step();
  };

  if (files.length === 0) return <p className="px-4 py-2 text-fg2">{say("noFileMatches")}</p>;
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={files.length + 1}
      aria-activedescendant={`file-${at}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="min-h-0 flex-1 overflow-auto focus-visible:outline-offset-[-2px]"
    >
      <SortHeader sort={sort} onSort={onSort} />
      <div role="presentation" className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const row = files[index];
          return row ? (
            <DocumentRow
              key={row.file.path}
              row={row}
              index={index}
              top={start}
              active={index === at}
              onChoose={() => setActive(index)}
              onOpen={() => open(row.file)}
            />
          ) : null;
        })}
      </div>
      <p className="sr-only">{say("filesShown", { count: formatNumber(files.length) })}</p>
    </div>
  );
}
