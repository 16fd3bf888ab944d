import type { Model } from "../../../shared/contract/models.ts";
import { useWords } from "../../i18n/use-words.ts";
import { messages } from "./messages.ts";
import { ModelRow } from "./model-row.tsx";

/**
 * The models of one role. Where it is narrow, what is left out of the row stands in a model's details: its columns are
 * of no width then and not gone, else the row of details, which spans seven, would make columns that take the name's place.
 */
export function ModelTable({ title, purpose, models }: { title: string; purpose: string; models: Model[] }) {
  const say = useWords(messages);
  return (
    <section aria-label={title} className="@container px-4 pt-5">
      <h2 className="font-title">
        {title} <span className="font-body text-fg3">· {purpose}</span>
      </h2>
      <table className="mt-1 w-full min-w-[36rem] table-fixed @[54rem]:min-w-[54rem] border-collapse">
        <thead>
          <tr className="label h-7 border-b border-line text-start text-fg3">
            <th className="text-start sticky start-0 bg-bg0 font-label @[54rem]:w-[22%] @[64rem]:w-[27%]">{say("columnModel")}</th>
            <th className="text-start w-26 font-label">{say("columnState")}</th>
            <th className="invisible w-0 overflow-hidden text-end font-label @[44rem]:visible @[44rem]:w-20">{say("columnSize")}</th>
            <th className="text-start w-36 ps-4 font-label">{say("columnMemory")}</th>
            <th className="invisible w-0 overflow-hidden text-start font-label @[54rem]:visible @[54rem]:w-24">{say("columnLicence")}</th>
            <th className="invisible w-0 overflow-hidden text-start font-label @[54rem]:visible @[54rem]:w-auto">{say("columnHere")}</th>
            <th className="w-50">
              <span className="sr-only">{say("actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <ModelRow key={model.id} model={model} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
