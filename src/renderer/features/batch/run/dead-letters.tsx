import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { BatchResult, BatchRun } from "../../../../shared/contract/batch.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { Button } from "../../../components/button.tsx";
import { TextField } from "../../../components/field.tsx";
import { fileName, formatNumber } from "../../../components/format.ts";
import { ErrorNotice } from "../../../components/notice.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";

const mostListed = 500;

/** What could not be read, with the reason; one of them or all are tried again. */
export function DeadLetters({ run }: { run: BatchRun }) {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const [password, setPassword] = useState("");
  const { data, error, refetch } = useQuery(
    orpc.batch.results.queryOptions({ input: { run: run.id, states: ["dead"], limit: mostListed } }),
  );
  const retry = useMutation({
    mutationFn: (items: string[] | undefined) =>
      client.batch.retry({ run: run.id, ...(items ? { items } : {}), ...(password === "" ? {} : { passwords: [password] }) }),
    onSuccess: () => cache.invalidateQueries({ queryKey: orpc.batch.key() }),
  });
  const isLocked = ({ reason }: BatchResult) => reason?.code === "FILE_ENCRYPTED" || reason?.code === "FILE_PASSWORD_WRONG";
  if (error)
    return (
      <div className="p-4">
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  if (!data) return <SkeletonRows rows={6} label={say("loadingWhatWas")} />;
  if (data.total === 0) return <p className="px-4 py-3 text-fg2">{say("everyFileWas")}</p>;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 py-2">
      <div className="flex flex-wrap items-center gap-2 pb-2">
        {data.results.some(isLocked) && (
          <TextField
            label={say("passwordLockedFiles")}
            placeholder={say("passwordLockedFiles")}
            type="password"
            autoComplete="new-password"
            className="max-w-56"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
        <Button disabled={retry.isPending} onClick={() => retry.mutate(undefined)}>
          {say("tryAllAgain")}
        </Button>
      </div>
      {retry.error && <ErrorNotice error={retry.error} />}
      <ul aria-label={say("filesWereNot")}>
        {data.results.map(({ item, document, reason }) => (
          <li key={item} className="flex items-start gap-3 border-t border-line py-1.5">
            <div className="min-w-0 flex-1">
              <p className="truncate" title={document.path}>
                {fileName(document.path)}
                {reason?.page !== undefined && <span className="text-fg3"> {say("pagePlace", { page: reason.page })}</span>}
              </p>
              <p className="text-fg2">
                {reason?.message} {reason?.hint} <code className="tnum text-fg3">{reason?.code}</code>
              </p>
            </div>
            <Button
              disabled={retry.isPending}
              aria-label={say("tryAgainNamed", { path: fileName(document.path) })}
              onClick={() => retry.mutate([item])}
            >
              {say("tryAgain")}
            </Button>
          </li>
        ))}
      </ul>
      {data.total > mostListed && <p className="text-fg2">{say("andMoreTotal", { total: formatNumber(data.total - mostListed) })}</p>}
    </div>
  );
}
