import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { SourcePreview } from "../../../../shared/contract/knowledge.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { fileName, formatBytes, formatNumber } from "../../../components/format.ts";
import { ErrorNotice } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { toPatterns } from "./patterns.ts";

/** Typing is over when nothing was typed for so long. */
const restMs = 300;

const reasons = {
  "not-included": "whyNotIncluded",
  excluded: "whyExcluded",
  never: "whyNever",
  link: "whyLink",
  type: "whyType",
} as const satisfies Record<SourcePreview["leftOut"][number]["why"], string>;

/** What rules would index and leave out, and why; nothing is opened for it. */
export function PreviewCounts({ path, include, exclude }: { path: string; include: string; exclude: string }) {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const rules = { path: useSettled(path), include: toPatterns(useSettled(include)), exclude: toPatterns(useSettled(exclude)) };
  const { data, error, isPlaceholderData } = useQuery({
    ...orpc.knowledge.previewSource.queryOptions({ input: rules, placeholderData: keepPreviousData }),
    gcTime: 0,
  });
  if (error) return <ErrorNotice error={error} />;
  if (!data)
    return (
      <p role="status" className="min-h-24 text-fg3">
        {say("countingFiles")}
      </p>
    );
  return (
    <section aria-label={say("whatWouldBe")} aria-busy={isPlaceholderData} className="min-h-24 border-t border-line pt-3">
      <p role="status" className="tnum">
        {say("wouldBeIndexed", { files: say("fileCount", { count: data.files }), bytes: formatBytes(data.bytes) })}
      </p>
      {data.types.length > 0 && (
        <ul aria-label={say("byType")} className="mt-1 flex flex-wrap gap-x-4 text-fg2">
          {data.types.slice(0, 12).map(({ type, files }) => (
            <li key={type}>
              <span className="tnum">{formatNumber(files)}</span> {type === "" ? say("withoutAType") : type}
            </li>
          ))}
          {data.types.length > 12 && <li>{say("andOtherType", { count: data.types.length - 12 })}</li>}
        </ul>
      )}
      {data.leftOut.length > 0 && (
        <>
          <h3 className="label mt-3 text-fg2">{say("leftOut")}</h3>
          <ul aria-label={say("leftOut")} className="text-fg2">
            {data.leftOut.map(({ why, entries, examples }) => (
              <li key={why} className="flex min-w-0 gap-2" title={examples.join("\n")}>
                <span className="tnum min-w-8 shrink-0 text-end">{formatNumber(entries)}</span>
                <span className="shrink-0">{say(reasons[why])}</span>
                <span className="min-w-0 truncate text-fg3">{examples.map((path) => below(data.path, path)).join(", ")}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {data.unreadable.length > 0 && (
        <p className="mt-2 text-fg2" title={data.unreadable.join("\n")}>
          {say("notLookedInto", { count: data.unreadable.length, unreadable: data.unreadable[0] ?? "" })}
        </p>
      )}
    </section>
  );
}

/** A path as it is seen from a folder, also from the root of a disk; a file that was named itself by its name. */
const below = (folder: string, path: string): string =>
  (path.startsWith(folder) ? path.slice(folder.length).replace(/^[\\/]+/, "") : path) || fileName(path);

/** The text as it was when it last rested. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
