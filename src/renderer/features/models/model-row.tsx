import { useMutation } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import type { Model } from "../../../shared/contract/models.ts";
import { useSystemInfo } from "../../api/hooks.ts";
import { useCroft } from "../../api/use-croft.ts";
import { formatBytes } from "../../components/format.ts";
import { ErrorNotice } from "../../components/notice.tsx";
import { StateWord } from "../../components/state-word.tsx";
import { JobRow } from "../jobs/job-row.tsx";
import { CheckResult } from "./check-result.tsx";
import { FitWord } from "./fit-word.tsx";
import { ModelActions } from "./model-actions.tsx";
import { ModelDetails } from "./model-details.tsx";
import { hereText } from "./model-facts.ts";
import { messages } from "./messages.ts";
import { useWords } from "../../i18n/use-words.ts";
import { useDownload } from "./use-download.ts";
import { useModelChecks } from "./use-model-checks.ts";

/** One model: its state, whether it fits this machine, and what can be done with it. */
export function ModelRow({ model }: { model: Model }) {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const changed = { onSuccess: () => void cache.invalidateQueries({ queryKey: orpc.models.key() }) };
  const remove = useMutation({ mutationFn: () => client.models.remove({ id: model.id }), ...changed });
  const download = useDownload(model);
  const { job } = download;
  const offline = useSystemInfo().data?.offline === true;
  const { probe, bench } = useModelChecks(model);
  const checked = [probe, bench].some(({ running, result, error }) => running || result || error);
  const problem = download.error ?? remove.error;
  const [params] = useSearchParams();
  const asked = params.get("model") === model.id;
  const [chosen, setOpen] = useState<boolean>();
  const open = chosen ?? asked;
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (asked) row.current?.scrollIntoView({ block: "center" });
  }, [asked]);

  return (
    <>
      <tr ref={row} className="group h-9 border-b border-line/60 hover:bg-bg1">
        <td className="sticky start-0 truncate bg-bg0 pe-3 group-hover:bg-bg1" title={model.id}>
          <button
            type="button"
            aria-expanded={open}
            aria-label={say("details", { name: model.name })}
            onClick={() => setOpen(!open)}
            className="inline-flex h-6 max-w-full items-center gap-1 rounded-input pe-1 text-start hover:bg-bg3"
          >
            <ChevronRight
              aria-hidden
              size={14}
              strokeWidth={1.5}
              className={`shrink-0 text-fg3 ${open ? "rotate-90" : "rtl:rotate-180"}`}
            />
            <span className="truncate">{model.name}</span>
          </button>
          {model.starter && <span className="ms-2 hidden text-11 text-fg3 @[64rem]:inline">{say("starter")}</span>}
        </td>
        <td>
          <StateWord state={model.state} />
        </td>
        <td className="tnum invisible overflow-hidden text-end @[44rem]:visible">{formatBytes(model.bytes)}</td>
        <td className="ps-4">{model.fit && <FitWord fit={model.fit} />}</td>
        <td className="invisible truncate text-fg2 @[54rem]:visible" title={model.licence}>
          {model.licence}
        </td>
        <td className="tnum invisible truncate text-fg2 @[54rem]:visible" title={hereText(model, say)}>
          {hereText(model, say)}
        </td>
        <td className="text-end">
          <ModelActions
            model={model}
            busy={probe.running || bench.running}
            noDownload={offline ? say("offlineReason") : undefined}
            downloading={download.isBusy}
            onProbe={probe.start}
            onBench={bench.start}
            onRemove={() => remove.mutate()}
            onDownload={download.start}
          />
        </td>
      </tr>
      {open && (
        <tr>
          <td colSpan={7} className="border-b border-line bg-bg1">
            <ModelDetails model={model} />
          </td>
        </tr>
      )}
      {(problem || checked || job) && (
        <tr>
          <td colSpan={7} className="border-b border-line bg-bg1">
            {problem && <ErrorNotice error={problem} />}
            <CheckResult check={probe} runningText={say("loadingModelOnceProcess")} />
            <CheckResult check={bench} runningText={say("measuringReadsWrites")} />
            {job && <JobRow job={job} />}
          </td>
        </tr>
      )}
    </>
  );
}
