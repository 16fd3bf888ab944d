import { useMutation } from "@tanstack/react-query";
import type { Model } from "../../../shared/contract/models.ts";
import { useJobs, useSystemInfo } from "../../api/hooks.ts";
import { isOver } from "../../api/live.ts";
import { useCroft } from "../../api/use-croft.ts";
import { formatBytes } from "../../components/format.ts";
import { ErrorNotice } from "../../components/notice.tsx";
import { StateWord } from "../../components/state-word.tsx";
import { JobRow } from "../jobs/job-row.tsx";
import { CheckResult } from "./check-result.tsx";
import { FitWord } from "./fit-word.tsx";
import { ModelActions } from "./model-actions.tsx";
import { hereText, isDownloadOf } from "./model-facts.ts";
import { useModelChecks } from "./use-model-checks.ts";

/** One model: its state, whether it fits this machine, and what can be done with it. */
export function ModelRow({ model }: { model: Model }) {
  const { client, orpc, cache } = useCroft();
  const changed = { onSuccess: () => void cache.invalidateQueries({ queryKey: orpc.models.key() }) };
  const download = useMutation({ mutationFn: () => client.models.download({ id: model.id }), ...changed });
  const remove = useMutation({ mutationFn: () => client.models.remove({ id: model.id }), ...changed });
  const job = useJobs().data?.find((one) => isDownloadOf(one, model, download.data?.jobId));
  const offline = useSystemInfo().data?.offline === true;
  const { probe, bench } = useModelChecks(model);
  const checked = [probe, bench].some(({ running, result, error }) => running || result || error);
  const problem = download.error ?? remove.error;
  const loading = job !== undefined && !isOver(job);

  return (
    <>
      <tr className="group h-9 border-b border-line/60 hover:bg-bg1">
        <td className="sticky left-0 truncate bg-bg0 pr-3 group-hover:bg-bg1" title={model.id}>
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
        <td className="tnum truncate text-fg2" title={hereText(model)}>
          {hereText(model)}
        </td>
        <td className="text-right">
          <ModelActions
            model={model}
            busy={probe.running || bench.running}
            noDownload={offline ? "Every network connection is forbidden by a setting" : undefined}
            downloading={loading || download.isPending}
            onProbe={probe.start}
            onBench={bench.start}
            onRemove={() => remove.mutate()}
            onDownload={() => download.mutate()}
          />
        </td>
      </tr>
      {(problem || checked || (job && (loading || job.state === "failed"))) && (
        <tr>
          <td colSpan={7} className="border-b border-line bg-bg1">
            {problem && <ErrorNotice error={problem} />}
            <CheckResult check={probe} runningText="Loading the model once, in a process of its own" />
            <CheckResult check={bench} runningText="Measuring: it reads and writes for a while" />
            {job && (loading || job.state === "failed") && <JobRow job={job} />}
          </td>
        </tr>
      )}
    </>
  );
}
