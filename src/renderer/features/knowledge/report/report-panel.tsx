import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import type { Collection, Coverage, Source } from "../../../../shared/contract/knowledge.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { Button } from "../../../components/button.tsx";
import { formatNumber } from "../../../components/format.ts";
import { EmptyState, ErrorNotice } from "../../../components/notice.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { ExportReport } from "./export-report.tsx";
import type { FileStateFilter } from "../documents/filter-files.ts";
import { messages } from "../messages.ts";
import { problemGroups, unreachable } from "./problem-groups.ts";
import { ProblemRow } from "./problem-row.tsx";
import { StateBar } from "../documents/state-bar.tsx";
import { useCoverage } from "./use-coverage.ts";

/** What became of everything the collection was given: what is ready, what is not and why, and what can be done about it. */
export function ReportPanel({ collection }: { collection: Collection }) {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const input = { collection: collection.id };
  const status = useCoverage(collection);
  const sources = useQuery(orpc.knowledge.listSources.queryOptions({ input }));
  const error = status.error ?? sources.error;
  if (error)
    return (
      <div className="p-4">
        <ErrorNotice error={error} onRetry={() => void Promise.all([status.refetch(), sources.refetch()])} />
      </div>
    );
  if (!status.data || !sources.data) return <SkeletonRows rows={10} label={say("loadingTheReport")} />;
  if (status.data.files.length === 0) return <EmptyState title={say("nothingToReport")}>{say("noFileWas")}</EmptyState>;
  return <Report collection={collection} coverage={status.data} sources={sources.data} />;
}

function Report({ collection, coverage, sources }: { collection: Collection; coverage: Coverage; sources: Source[] }) {
  const say = useWords(messages);
  const { files, totals } = coverage;
  const groups = problemGroups(files);
  const waiting = files.filter(({ waitingPages }) => waitingPages);
  const pages = waiting.reduce((sum, { waitingPages = 0 }) => sum + waitingPages, 0);
  const away = unreachable(sources, files);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 py-3">
      <div className="flex flex-wrap items-center gap-3">
        <p className="tnum">
          {say("readyOf", { indexed: formatNumber(totals.indexed), files: say("fileCount", { count: files.length }) })}
        </p>
        <span className="ms-auto">
          <ExportReport collection={collection} />
        </span>
      </div>
      <StateBar totals={totals} />
      {away.length > 0 && (
        <Section title={say("notReachable")} text={say("notReachableText")}>
          {away.map(({ path, files: count, all }) => (
            <Row key={path} title={path} note={all ? say("fileCount", { count }) : say("filesOfIt", { count })} state="unavailable" />
          ))}
        </Section>
      )}
      {pages > 0 && (
        <Section title={say("pagesWaitingBe")} text={say("pagesWaitingText")}>
          <Row title={say("pageCount", { count: pages })} note={say("inDocuments", { count: waiting.length })} state="waiting" />
        </Section>
      )}
      {groups.length > 0 ? (
        <Section title={say("leftOut")} text={say("leftOutText")}>
          {groups.map((group) => (
            <ProblemRow key={`${group.state} ${group.code}`} collection={collection} group={group} sources={sources} />
          ))}
        </Section>
      ) : (
        <p className="mt-4 text-fg2">{say("nothingWasLeft")}</p>
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
  const say = useWords(messages);
  const show = useShowFiles();
  return (
    <li className="flex min-h-10 items-center gap-3 border-b border-line">
      <span className="min-w-0 flex-1 truncate" title={title}>
        {title}
      </span>
      <span className="tnum text-fg2">{note}</span>
      <Button look="quiet" aria-label={say("showNamed", { title })} onClick={() => show(state)}>
        {say("show")}
      </Button>
    </li>
  );
}

/** Opens the table with the files of a state; a count opens its list. */
function useShowFiles(): (state: FileStateFilter) => void {
  const [, setParams] = useSearchParams();
  return (state) => setParams({ state });
}
