import { Check } from "lucide-react";
import { useEffect, useRef } from "react";
import { fileName, formatNumber } from "../../../components/format.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { messages, type Say } from "../messages.ts";
import type { Queued } from "./use-queue.ts";
import { flaggedPaths, pathTitle } from "../values.ts";

/** Documents that are flagged or sampled, least sure first. */
export function ReviewQueue({ queue, current, onChoose }: { queue: readonly Queued[]; current: string; onChoose(id: string): void }) {
  const say = useWords(messages);
  const chosen = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (current) void chosen.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  const left = queue.filter(({ open }) => open).length;
  return (
    <section
      aria-label={say("documentsToReview")}
      className="flex w-52 shrink-0 flex-col overflow-y-auto border-e border-line max-lg:hidden"
    >
      <p role="status" className="label px-3 py-2 text-fg2">
        {say("toReviewDone", { left: formatNumber(left), count: formatNumber(queue.length - left) })}
      </p>
      <ul>
        {queue.map(({ result, open }) => (
          <li key={result.id}>
            <button
              ref={result.id === current ? chosen : undefined}
              type="button"
              tabIndex={result.id === current ? 0 : -1}
              aria-current={result.id === current}
              onClick={() => result.id !== undefined && onChoose(result.id)}
              className={`flex w-full flex-col px-3 py-1.5 text-start ${result.id === current ? "bg-bg3" : "hover:bg-bg1"}`}
            >
              <span className="flex w-full items-center gap-1.5">
                <span className="min-w-0 flex-1 truncate" title={result.document.path}>
                  {fileName(result.document.path)}
                </span>
                {!open && (
                  <>
                    <Check aria-hidden size={14} strokeWidth={1.5} className="shrink-0 text-human" />
                    <span className="sr-only">{say("done")}</span>
                  </>
                )}
              </span>
              <span className="w-full truncate text-12 text-fg2">{why(result, say)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function why(result: Queued["result"], say: Say): string {
  const fields = flaggedPaths(result).map(pathTitle);
  const [flag] = result.flags;
  if (fields.length > 0) return fields.join(", ");
  return flag?.message ?? say(result.sampled ? "sampled" : "decided");
}
