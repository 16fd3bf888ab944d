import { useMutation } from "@tanstack/react-query";
import type { Job } from "../../../shared/contract/jobs.ts";
import type { Model } from "../../../shared/contract/models.ts";
import { useJobs } from "../../api/hooks.ts";
import { isOver } from "../../api/live.ts";
import { useCroft } from "../../api/use-croft.ts";
import { isDownloadOf } from "./model-facts.ts";

export type Download = { start(): void; /** Under way, or failed. */ job: Job | undefined; error: unknown; isBusy: boolean };

/** The download of a model, whoever began it and wherever. */
export function useDownload(model: Pick<Model, "id" | "name">): Download {
  const { client, orpc, cache } = useCroft();
  const download = useMutation({
    mutationFn: () => client.models.download({ id: model.id }),
    onSuccess: () => void cache.invalidateQueries({ queryKey: orpc.models.key() }),
  });
  const newest = useJobs().data?.find((one) => isDownloadOf(one, model, download.data?.jobId));
  const isUnderWay = newest !== undefined && !isOver(newest);
  return {
    start: () => download.mutate(),
    job: isUnderWay || newest?.state === "failed" ? newest : undefined,
    error: download.error ?? undefined,
    isBusy: isUnderWay || download.isPending,
  };
}
