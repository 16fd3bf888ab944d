import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { CroftClient } from "../../../../shared/client/create-client.ts";
import type { BatchRun } from "../../../../shared/contract/batch.ts";
import type { Progress } from "../../../../shared/contract/jobs.ts";
import { startedThrottle } from "../../../api/throttle.ts";
import { useCroft } from "../../../api/use-croft.ts";

/** How often what hangs on a run is read again while it goes on. Milliseconds. */
const refreshMs = 1000;

/** A run, kept live by its topic; what was read of it is read again, at most once a second. */
export function useRun(id: string | undefined) {
  const { client, orpc, cache } = useCroft();
  const [progress, setProgress] = useState<Progress>();
  const query = useQuery(orpc.batch.showRun.queryOptions({ input: { run: id ?? "" }, enabled: id !== undefined }));
  useEffect(() => {
    if (id === undefined) return;
    const own = new AbortController();
    const refresh = startedThrottle<"run">(refreshMs, () => {
      for (const part of [orpc.batch.results, orpc.batch.stats, orpc.batch.checkExport, orpc.batch.listRuns])
        void cache.invalidateQueries({ queryKey: part.key() }, { cancelRefetch: false });
    });
    const follow = () =>
      followRun(client, id, own.signal, (item) => {
        cache.setQueryData(orpc.batch.showRun.queryKey({ input: { run: id } }), item.run);
        if (item.type === "snapshot") return;
        setProgress(item.progress);
        refresh(new Set(["run"]));
      });
    const keepFollowing = async () => {
      while (!own.signal.aborted) {
        await follow().catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    };
    void keepFollowing();
    return () => own.abort();
  }, [id, client, orpc, cache]);
  return { ...query, progress };
}

type RunItem = { type: "snapshot"; run: BatchRun } | { type: "change"; run: BatchRun; progress?: Progress | undefined };

async function followRun(client: CroftClient, run: string, signal: AbortSignal, take: (item: RunItem) => void): Promise<void> {
  for await (const item of await client.batch.watchRun({ run }, { signal })) take(item);
}
