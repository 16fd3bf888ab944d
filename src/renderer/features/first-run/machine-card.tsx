import { useQuery } from "@tanstack/react-query";
import type { Model } from "../../../shared/contract/models.ts";
import { useModels, useSystemInfo } from "../../api/hooks.ts";
import { useCroft } from "../../api/use-croft.ts";
import { formatBytes } from "../../components/format.ts";
import { ErrorNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { FitWord } from "../models/fit-word.tsx";
import { CardHead } from "./card.tsx";
import { messages } from "./messages.ts";

/** What fits here, with the sum that says so, and what works without any model. */
export function MachineCard() {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const info = useSystemInfo().data;
  const models = useModels();
  const checks = useQuery(orpc.system.doctor.queryOptions({ input: {} }));
  if (models.error) return <ErrorNotice error={models.error} onRetry={() => void models.refetch()} />;
  if (!info || !models.data) return <SkeletonRows rows={8} label={say("machine")} />;
  const { cores, memory } = info;
  const writers = models.data.filter(({ role, fit }) => role === "chat" && fit);
  const best = largestThatFits(writers);
  return (
    <>
      <CardHead title={say("machineTitle")}>
        {say("machineText", { cores, free: formatBytes(memory.free), total: formatBytes(memory.total) })}
      </CardHead>
      <p>{best ? say("best", { name: best.name }) : say("noBest")}</p>
      <table className="mt-3 w-full border-collapse">
        <thead>
          <tr className="label h-7 border-b border-line text-start text-fg3">
            <th className="text-start font-label">{say("modelName")}</th>
            <th className="text-start font-label">{say("sum")}</th>
            <th className="text-start font-label">{say("verdict")}</th>
          </tr>
        </thead>
        <tbody>
          {writers.map(({ id, name, fit }) => (
            <tr key={id} className="h-8 border-b border-line/60">
              <td className="pe-3">{name}</td>
              <td className="tnum pe-3 text-fg2">
                {fit && `${formatBytes(fit.weights)} + ${formatBytes(fit.context)} + ${formatBytes(fit.overhead)}`}
              </td>
              <td>{fit && <FitWord fit={fit} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3 className="mt-5 font-title">{say("noModelTitle")}</h3>
      <p className="max-w-[64ch] text-fg2">{say("noModelText")}</p>
      <h3 className="mt-5 font-title">{say("checks")}</h3>
      {checks.error && <ErrorNotice error={checks.error} />}
      <dl className="grid grid-cols-[10rem_1fr] gap-y-1">
        {checks.data
          ?.filter(({ id }) => !id.startsWith("engine."))
          .map(({ id, title, state, message }) => (
            <div key={id} className="contents">
              <dt className="text-fg2">{title}</dt>
              <dd className={`min-w-0 break-words ${state === "failed" ? "text-danger" : ""}`}>{message}</dd>
            </div>
          ))}
      </dl>
    </>
  );
}

/** The chat model with the most weights among those that fit with room to spare. */
export function largestThatFits(models: readonly Model[]): Model | undefined {
  return models
    .filter(({ role, fit }) => role === "chat" && fit?.verdict === "fits")
    .reduce<Model | undefined>((best, model) => (!best || model.bytes > best.bytes ? model : best), undefined);
}
