import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { Link, NavLink } from "react-router";
import { useCroft } from "../../../api/use-croft.ts";
import { formatNumber } from "../../../components/format.ts";
import { ErrorNotice } from "../../../components/notice.tsx";
import { SideList } from "../../../components/side-list.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { stepPath } from "../steps.ts";

/** Every run, the newest first; the way to a new one. */
export function RunList() {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const { data, error, refetch } = useQuery(orpc.batch.listRuns.queryOptions({ input: {} }));
  return (
    <SideList
      title={say("runs")}
      action={
        <Link
          to={stepPath("new", "input")}
          aria-label={say("newRun")}
          title={say("newRun")}
          className="inline-flex size-7 items-center justify-center rounded-input text-fg2 hover:bg-bg3"
        >
          <Plus aria-hidden size={16} strokeWidth={1.5} />
        </Link>
      }
    >
      {error && (
        <div className="p-2">
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {!data && !error && <SkeletonRows rows={4} label={say("loadingRuns")} />}
      {data?.length === 0 && <p className="px-4 py-2 text-fg2">{say("noRunsYet")}</p>}
      <ul>
        {data?.map(({ id, name, state, counts, files }) => (
          <li key={id} className="px-2">
            <NavLink
              to={`/batch/${id}`}
              className={({ isActive }) => `flex h-8 items-center gap-2 rounded-input px-2 ${isActive ? "bg-bg3" : "hover:bg-bg3"}`}
            >
              <span className="min-w-0 flex-1 truncate" title={name}>
                {name}
              </span>
              {state === "running" && <span className="text-12 text-accent">{say("running")}</span>}
              <span
                className="tnum text-fg3"
                title={counts.review > 0 ? say("toReview", { review: formatNumber(counts.review) }) : say("fileCount", { count: files })}
              >
                {counts.review > 0
                  ? say("reviewOf", { review: formatNumber(counts.review), files: formatNumber(files) })
                  : formatNumber(files)}
              </span>
            </NavLink>
          </li>
        ))}
      </ul>
    </SideList>
  );
}
