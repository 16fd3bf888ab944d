import { useMutation } from "@tanstack/react-query";
import type { Model } from "../../../shared/contract/models.ts";
import { useJobs, useSystemInfo } from "../../api/hooks.ts";
import { isOver } from "../../api/live.ts";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { formatBytes } from "../../components/format.ts";
import { ErrorNotice } from "../../components/notice.tsx";
import { StateWord } from "../../components/state-word.tsx";
import { JobRow } from "../jobs/job-row.tsx";
import { FitWord } from "./fit-word.tsx";
import { isDownloadOf, speedText } from "./model-facts.ts";

/** One model: its state, whether it fits this machine, and what can be done with it. */
export function ModelRow({ model }: { model: Model }) {
  const { client, orpc, cache } = useCroft();
  const changed = { onSuccess: () => void cache.invalidateQueries({ queryKey: orpc.models.key() }) };
  const download = useMutation({ mutationFn: () => client.models.download({ id: model.id }), ...changed });
  const remove = useMutation({ mutationFn: () => client.models.remove({ id: model.id }), ...changed });
  const job = useJobs().data?.find((one) => isDownloadOf(one, model, download.data?.jobId));
  const offline = useSystemInfo().data?.offline === true;
  const problem = download.error ?? remove.error;
  const loading = job !== undefined && !isOver(job);

  return (
    <>
      <tr className="h-9 border-b border-line/60 hover:bg-bg1">
        <td className="truncate pr-3" title={model.id}>
          {model.name}
          {model.starter && <span className="ml-2 text-11 text-fg3">starter</span>}
        </td>
        <td>
          <StateWord state={model.state} />
        </td>
        <td className="tnum text-right">{formatBytes(model.bytes)}</td>
        <td className="pl-4">{model.fit && <FitWord fit={model.fit} />}</td>
        <td className="truncate text-fg2" title={model.licence}>
          {model.licence}
        </td>
        <td className="tnum truncate text-fg2">{speedText(model.speed)}</td>
        <td className="text-right">
          {model.state === "installed" ? (
            <Confirm
              trigger={<Button look="quiet">Remove</Button>}
              title={`Remove ${model.name}?`}
              text={
                model.origin === "linked"
                  ? "Croft forgets this file; the file itself stays where it is."
                  : `Its file is deleted and ${formatBytes(model.bytes)} become free. It can be downloaded again.`
              }
              action="Remove model"
              onConfirm={() => remove.mutate()}
            />
          ) : (
            <Button
              title={offline ? "Every network connection is forbidden by a setting" : undefined}
              disabled={offline || loading || download.isPending}
              onClick={() => download.mutate()}
              aria-label={`${model.state === "partial" ? "Go on with" : "Download"} ${model.name}`}
            >
              {model.state === "partial" ? "Go on" : "Download"}
            </Button>
          )}
        </td>
      </tr>
      {(problem || (job && (loading || job.state === "failed"))) && (
        <tr>
          <td colSpan={7} className="border-b border-line bg-bg1">
            {problem && <ErrorNotice error={problem} />}
            {job && <JobRow job={job} />}
          </td>
        </tr>
      )}
    </>
  );
}
