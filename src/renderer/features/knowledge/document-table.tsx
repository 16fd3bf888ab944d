import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import type { KeyboardEvent } from "react";
import { useRef, useState } from "react";
import type { Collection, FileStatus } from "../../../shared/contract/knowledge.ts";
import { useCroft } from "../../api/use-croft.ts";
import { TextField } from "../../components/field.tsx";
import { formatNumber } from "../../components/format.ts";
import { EmptyState, ErrorNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { isTyping } from "../../shell/keys.ts";
import { DocumentRow, columns } from "./document-row.tsx";
import type { FileFilter } from "./filter-files.ts";
import { filterFiles } from "./filter-files.ts";
import { StateFilter } from "./state-filter.tsx";
import { useOpenDocument } from "./use-open-document.ts";

const rowHeight = 32;

/** Every file of a collection, its state, and the reason where one was left out. Ten thousand rows stay quick. */
export function DocumentTable({ collection }: { collection: Collection }) {
  const { orpc } = useCroft();
  const { data, error, refetch } = useQuery(orpc.knowledge.status.queryOptions({ input: { collection: collection.id } }));
  const [filter, setFilter] = useState<FileFilter>({ text: "", state: undefined });

  if (error)
    return (
      <div className="p-4">
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  if (!data) return <SkeletonRows rows={12} label="Loading documents" />;
  if (data.files.length === 0)
    return (
      <EmptyState title="No documents yet">
        Name a file or a folder in the field below. Text, PDF, office files, mail, tables and scanned pages are read and can be searched at
        once.
      </EmptyState>
    );
  const files = filterFiles(data.files, filter);
  return (
    <>
      <div className="flex items-center gap-2 px-4 py-2">
        <TextField
          label="Filter by name"
          placeholder="Filter by name"
          className="max-w-60"
          data-filter
          value={filter.text}
          onChange={(event) => setFilter({ ...filter, text: event.target.value })}
        />
        <StateFilter totals={data.totals} value={filter.state} onChange={(state) => setFilter({ ...filter, state })} />
      </div>
      <Rows files={files} label={`Files of ${collection.name}`} />
    </>
  );
}

function Rows({ files, label }: { files: FileStatus[]; label: string }) {
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
    if (isTyping(event.target)) return;
    const page = Math.floor((scroller.current?.clientHeight ?? rowHeight) / rowHeight) - 1;
    const steps: Record<string, () => void> = {
      ArrowDown: () => moveTo(at + 1),
      ArrowUp: () => moveTo(at - 1),
      PageDown: () => moveTo(at + page),
      PageUp: () => moveTo(at - page),
      Home: () => moveTo(0),
      End: () => moveTo(files.length - 1),
      Enter: () => open(files[at]),
      "/": () => event.currentTarget.parentElement?.querySelector<HTMLInputElement>("[data-filter]")?.focus(),
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    step();
  };

  if (files.length === 0) return <p className="px-4 py-2 text-fg2">No file matches the filter.</p>;
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
      <div role="row" aria-rowindex={1} className={`${columns} label sticky top-0 z-10 h-7 border-b border-line bg-bg0 text-fg3`}>
        {["State", "Name", "Pages", "Passages", "OCR", "Language", "Reason"].map((title) => (
          <span key={title} role="columnheader" className="truncate">
            {title}
          </span>
        ))}
      </div>
      <div role="presentation" className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const file = files[index];
          return file ? (
            <DocumentRow
              key={file.path}
              file={file}
              index={index}
              top={start}
              active={index === at}
              onChoose={() => setActive(index)}
              onOpen={() => open(file)}
            />
          ) : null;
        })}
      </div>
      <p className="sr-only">{formatNumber(files.length)} files</p>
    </div>
  );
}
