import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Collection, Source } from "../../../../shared/contract/knowledge.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { Button } from "../../../components/button.tsx";
import { fileName } from "../../../components/format.ts";
import { ErrorNotice } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { isLocked, type ProblemGroup, problemTitle } from "./problem-groups.ts";
import { UnlockForm } from "../sources/unlock-form.tsx";

const mostShown = 100;

export type ProblemRowProps = { collection: Collection; group: ProblemGroup; sources: Source[] };

/** Files that were left out for one reason: which, why, and another try for all of them. */
export function ProblemRow({ collection, group, sources }: ProblemRowProps) {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const [open, setOpen] = useState(false);
  const { code, hint, state, files } = group;
  const title = problemTitle(group, say);
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => client.knowledge.retryFailed({ collection: collection.id, codes: [code] }),
    onSuccess: () => cache.invalidateQueries({ queryKey: orpc.knowledge.key() }),
  });
  return (
    <li className="border-b border-line py-1.5">
      <div className="flex min-h-7 flex-wrap items-center gap-x-3">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex min-h-7 min-w-0 flex-1 items-center gap-2 rounded-input px-1 text-start hover:bg-bg3"
        >
          <span className="tnum w-10 shrink-0 text-end">{files.length}</span>
          <span className="truncate">{title}</span>
          <code className="tnum truncate text-fg3">{code}</code>
        </button>
        <span className="text-12 text-fg3">{say(state)}</span>
        {state === "failed" && (
          <Button aria-label={say("tryAgainNamed", { title })} disabled={isPending} onClick={() => mutate()}>
            {say("tryAgain")}
          </Button>
        )}
      </div>
      {hint && <p className="ps-13 text-12 text-fg2">{hint}</p>}
      {isLocked(group) && <UnlockForm collection={collection} files={files} sources={sources} />}
      {error && <ErrorNotice error={error} />}
      {open && (
        <ul aria-label={title} className="mt-1 ps-13">
          {files.slice(0, mostShown).map(({ path, reason }) => (
            <li key={path} className="flex min-h-6 min-w-0 gap-3" title={path}>
              <span className="max-w-[50%] shrink-0 truncate">{fileName(path)}</span>
              <span className="min-w-0 truncate text-fg2">{reason?.message}</span>
            </li>
          ))}
          {files.length > mostShown && <li className="text-fg3">{say("andOtherFile", { count: files.length - mostShown })}</li>}
        </ul>
      )}
    </li>
  );
}
