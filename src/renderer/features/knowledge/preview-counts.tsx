import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { SourcePreview } from "../../../shared/contract/knowledge.ts";
import { useCroft } from "../../api/use-croft.ts";
import { formatBytes, formatCount, formatNumber } from "../../components/format.ts";
import { ErrorNotice } from "../../components/notice.tsx";
import { toPatterns } from "./patterns.ts";

/** Typing is over when nothing was typed for so long. */
const restMs = 300;

const reasons: Record<SourcePreview["leftOut"][number]["why"], string> = {
  "not-included": "not among those to include",
  excluded: "excluded by a pattern",
  never: "never read: packages, version control, leftovers",
  link: "links, which are not followed",
  type: "no reader takes them, by their name",
};

/** What rules would index and leave out, and why; nothing is opened for it. */
export function PreviewCounts({ path, include, exclude }: { path: string; include: string; exclude: string }) {
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
        Counting files
      </p>
    );
  return (
    <section aria-label="What would be indexed" aria-busy={isPlaceholderData} className="min-h-24 border-t border-line pt-3">
      <p role="status">
        <span className="tnum">{formatCount(data.files, "file")}</span> would be indexed,{" "}
        <span className="tnum">{formatBytes(data.bytes)}</span>
      </p>
      {data.types.length > 0 && (
        <ul aria-label="By type" className="mt-1 flex flex-wrap gap-x-4 text-fg2">
          {data.types.slice(0, 12).map(({ type, files }) => (
            <li key={type}>
              <span className="tnum">{formatNumber(files)}</span> {type === "" ? "without a type" : type}
            </li>
          ))}
          {data.types.length > 12 && <li>and {formatCount(data.types.length - 12, "other type")}</li>}
        </ul>
      )}
      {data.leftOut.length > 0 && (
        <>
          <h3 className="label mt-3 text-fg2">Left out</h3>
          <ul aria-label="Left out" className="text-fg2">
            {data.leftOut.map(({ why, entries, examples }) => (
              <li key={why} className="flex min-w-0 gap-2" title={examples.join("\n")}>
                <span className="tnum min-w-8 shrink-0 text-right">{formatNumber(entries)}</span>
                <span className="shrink-0">{reasons[why]}</span>
                <span className="min-w-0 truncate text-fg3">{examples.map((path) => path.slice(data.path.length + 1)).join(", ")}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {data.unreadable.length > 0 && (
        <p className="mt-2 text-fg2" title={data.unreadable.join("\n")}>
          {formatCount(data.unreadable.length, "place")} could not be looked into: {data.unreadable[0]}
        </p>
      )}
    </section>
  );
}

/** The text as it was when it last rested. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
