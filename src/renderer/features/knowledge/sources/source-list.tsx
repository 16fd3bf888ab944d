import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Collection, Source } from "../../../../shared/contract/knowledge.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { Button } from "../../../components/button.tsx";
import { languageName } from "../../../components/format.ts";
import { EmptyState, ErrorNotice } from "../../../components/notice.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { LinkSource } from "./link-source.tsx";
import { messages, type Say } from "../messages.ts";
import { UnlinkSource } from "./unlink-source.tsx";

/** As many as are drawn: thousands come from a drop of single files. */
const mostShown = 200;

/** What the collection was given, and the rules by which its files are chosen and read. */
export function SourceList({ collection }: { collection: Collection }) {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const [refused, setRefused] = useState<Error>();
  const { data, error, refetch } = useQuery(orpc.knowledge.listSources.queryOptions({ input: { collection: collection.id } }));
  if (error)
    return (
      <div className="p-4">
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  if (!data) return <SkeletonRows rows={4} label={say("loadingSources")} />;
  if (data.length === 0) return <EmptyState title={say("noSourcesYet")}>{say("noSourcesText")}</EmptyState>;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      {refused && (
        <div className="p-4">
          <ErrorNotice error={refused} />
        </div>
      )}
      <ul aria-label={say("sourcesOf", { name: collection.name })}>
        {data.slice(0, mostShown).map((source) => (
          <li key={source.id} className="flex items-center gap-3 border-b border-line px-4 py-2">
            <div className="min-w-0 flex-1">
              <p className="truncate" title={source.path}>
                {source.path}
              </p>
              <p className="truncate text-12 text-fg2">{rulesOf(source, say)}</p>
            </div>
            {source.kind === "path" && (
              <LinkSource
                collection={collection}
                source={source}
                trigger={<Button aria-label={say("rulesOf", { path: source.path })}>{say("rules")}</Button>}
              />
            )}
            <UnlinkSource collection={collection} source={source} onRefused={setRefused} />
          </li>
        ))}
      </ul>
      {data.length > mostShown && <p className="px-4 py-2 text-fg2">{say("andOtherSource", { count: data.length - mostShown })}</p>}
    </div>
  );
}

const ocrWords = { auto: "rulesAuto", always: "rulesAlways", never: "rulesNever" } as const;

/** The rules of a source in one line. */
export function rulesOf({ kind, include, exclude, watch, reading, hasPassword }: Source, say: Say): string {
  if (kind === "records") return say("recordSource");
  return [
    include.length > 0 ? say("onlyPatterns", { patterns: include.join(", ") }) : say("allFiles"),
    exclude.length > 0 && say("notPatterns", { patterns: exclude.join(", ") }),
    reading.ocr && say(ocrWords[reading.ocr]),
    reading.languages && reading.languages.length > 0 && say("inLanguages", { languages: reading.languages.map(languageName).join(", ") }),
    hasPassword && say("withPassword"),
    say(watch ? "watched" : "lookedAtWhenAsked"),
  ]
    .filter(Boolean)
    .join(" · ");
}
