import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import type { Collection, Coverage, Source } from "../../../shared/contract/knowledge.ts";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { formatCount, formatNumber } from "../../components/format.ts";
import { EmptyState, ErrorNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { ExportReport } from "./export-report.tsx";
import type { FileStateFilter } from "./filter-files.ts";
import { problemGroups, unreachable } from "./problem-groups.ts";
import { ProblemRow } from "./problem-row.tsx";
import { StateBar } from "./state-bar.tsx";

/** What became of everything the collection was given: what is ready, what is not and why, and what can be done about it. */
export function ReportPanel({ collection }: { collection: Collection }) {
  const { orpc } = useCroft();
  const input = { collection: collection.id };
  const status = useQuery(orpc.knowledge.status.queryOptions({ input }));
  const sources = useQuery(orpc.knowledge.listSources.queryOptions({ input }));
  const error = status.error ?? sources.error;
  if (error)
    return (
      <div className="p-4">
        <ErrorNotice error={error} onRetry={() => void Promise.all([status.refetch(), sources.refetch()])} />
      </div>
    );
  if (!status.data || !sources.data) return <SkeletonRows rows={10} label="Loading the report" />;
  if (status.data.files.length === 0) return <EmptyState title="Nothing to report">No file was looked at yet.</EmptyState>;
  return <Report collection={collection} coverage={status.data} sources={sources.data} />;
}

function Report({ collection, coverage, sources }: { collection: Collection; coverage: Coverage; sources: Source[] }) {
  const { files, totals } = coverage;
  const groups = problemGroups(files);
  const waiting = files.filter(({ waitingPages }) => waitingPages);
  const pages = waiting.reduce((sum, { waitingPages = 0 }) => sum + waitingPages, 0);
  const away = unreachable(sources, files);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 py-3">
      <div className="flex flex-wrap items-center gap-3">
        <p>
          <span className="tnum">{formatNumber(totals.indexed)}</span> of <span className="tnum">{formatCount(files.length, "file")}</span>{" "}
          ready
        </p>
        <span className="ml-auto">
          <ExportReport collection={collection} />
        </span>
      </div>
      <StateBar totals={totals} />
      {away.length > 0 && (
        <Section title="Not reachable" text="What was read of them stays searchable. Connect the drive, or check the path, and look again.">
          {away.map(({ path, files: count, all }) => (
            <Row
              key={path}
              title={path}
              note={all ? formatCount(count, "file") : `${formatCount(count, "file")} of it`}
              state="unavailable"
            />
          ))}
        </Section>
      )}
      {pages > 0 && (
        <Section
          title="Pages waiting to be recognised"
          text="Their text is not found yet; the rest of these documents is. Recognition runs when nothing else is indexed, unless it is switched off by a rule or in Settings."
        >
          <Row title={formatCount(pages, "page")} note={`in ${formatCount(waiting.length, "document")}`} state="waiting" />
        </Section>
      )}
      {groups.length > 0 ? (
        <Section title="Left out" text="Each with its reason. Trying again reads a file even when it looks unchanged.">
          {groups.map((group) => (
            <ProblemRow key={`${group.state} ${group.code}`} collection={collection} group={group} sources={sources} />
          ))}
        </Section>
      ) : (
        <p className="mt-4 text-fg2">Nothing was left out.</p>
      )}
    </div>
  );
}

function Section({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="mt-5">
      <h2 className="font-title">{title}</h2>
      <p className="max-w-[80ch] text-fg2">{text}</p>
      <ul className="mt-1">{children}</ul>
    </section>
  );
}

function Row({ title, note, state }: { title: string; note: string; state: FileStateFilter }) {
  const show = useShowFiles();
  return (
    <li className="flex min-h-10 items-center gap-3 border-b border-line">
      <span className="min-w-0 flex-1 truncate" title={title}>
        {title}
      </span>
      <span className="tnum text-fg2">{note}</span>
      <Button look="quiet" aria-label={`Show: ${title}`} onClick={() => show(state)}>
        Show
      </Button>
    </li>
  );
}

/** Opens the table with the files of a state; a count opens its list. */
function useShowFiles(): (state: FileStateFilter) => void {
  const [, setParams] = useSearchParams();
  return (state) => setParams({ state });
}
