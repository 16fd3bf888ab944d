import { useQuery } from "@tanstack/react-query";
import type { Collection, Source } from "../../../shared/contract/knowledge.ts";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { formatCount } from "../../components/format.ts";
import { EmptyState, ErrorNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { LinkSource } from "./link-source.tsx";

/** As many as are drawn: thousands come from a drop of single files. */
const mostShown = 200;

/** What the collection was given, and the rules by which its files are chosen and read. */
export function SourceList({ collection }: { collection: Collection }) {
  const { orpc } = useCroft();
  const { data, error, refetch } = useQuery(orpc.knowledge.listSources.queryOptions({ input: { collection: collection.id } }));
  if (error)
    return (
      <div className="p-4">
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  if (!data) return <SkeletonRows rows={4} label="Loading sources" />;
  if (data.length === 0) return <EmptyState title="No sources yet">Name a file or a folder in the field below.</EmptyState>;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <ul aria-label={`Sources of ${collection.name}`}>
        {data.slice(0, mostShown).map((source) => (
          <li key={source.id} className="flex items-center gap-3 border-b border-line px-4 py-2">
            <div className="min-w-0 flex-1">
              <p className="truncate" title={source.path}>
                {source.path}
              </p>
              <p className="truncate text-12 text-fg2">{rulesOf(source)}</p>
            </div>
            {source.kind === "path" && (
              <LinkSource collection={collection} source={source} trigger={<Button aria-label={`Rules of ${source.path}`}>Rules</Button>} />
            )}
          </li>
        ))}
      </ul>
      {data.length > mostShown && <p className="px-4 py-2 text-fg2">and {formatCount(data.length - mostShown, "other source")}</p>}
    </div>
  );
}

const ocrWords = { auto: "pages without text recognised", always: "every page recognised", never: "no page recognised" };

/** The rules of a source in one line. */
export function rulesOf({ kind, include, exclude, watch, reading, hasPassword }: Source): string {
  if (kind === "records") return "A document for each record";
  return [
    include.length > 0 ? `only ${include.join(", ")}` : "all files",
    exclude.length > 0 && `not ${exclude.join(", ")}`,
    reading.ocr && ocrWords[reading.ocr],
    reading.languages && reading.languages.length > 0 && `in ${reading.languages.join(", ")}`,
    hasPassword && "with a password",
    watch ? "watched" : "looked at when asked",
  ]
    .filter(Boolean)
    .join(" · ");
}
