import { useState } from "react";
import type { BatchRun, BatchStats } from "../../../../shared/contract/batch.ts";
import { inputClass } from "../../../components/field.tsx";
import { formatDuration, formatNumber } from "../../../components/format.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { Bars } from "./bars.tsx";
import { messages } from "../messages.ts";

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;
const time = new Intl.DateTimeFormat("en", { timeStyle: "short" });
const mostFlags = 12;

/** The numbers of a run: stages, how sure its values are, what flagged them, how fast it went, how good the sample is. */
export function RunNumbers({ run, stats }: { run: BatchRun; stats: BatchStats }) {
  const say = useWords(messages);
  const { stages, flags, throughput, sample } = stats;
  return (
    <div className="grid min-h-0 flex-1 content-start gap-x-10 gap-y-6 overflow-y-auto px-4 py-3 lg:grid-cols-2">
      <Bars
        title={say("timeByStage")}
        empty={say("nothingWasRead")}
        bars={stages.map(({ stage, documents, ms }) => ({
          title: stage,
          value: ms,
          note: `${formatDuration(ms)} · ${formatNumber(documents)}`,
        }))}
      />
      <Confidence stats={stats} />
      <Bars
        title={say("whatFlaggedValues")}
        empty={say("nothingWasFlagged")}
        bars={flags
          .slice(0, mostFlags)
          .map(({ rule, field, count }) => ({ title: field === "" ? rule : `${rule} · ${field}`, value: count }))}
      />
      <Bars
        title={say("documentsMinuteNewest")}
        empty={say("nothingWasFinished")}
        bars={throughput.map(({ at, documents }) => ({ title: time.format(at), value: documents }))}
      />
      <section aria-label={say("qualitySample")} className="lg:col-span-2">
        <h2 className="label mb-1 text-fg2">{say("qualitySample")}</h2>
        <p>
          {say("sampleLooked", {
            reviewed: formatNumber(sample.reviewed),
            sampled: formatNumber(sample.sampled),
            name: run.name,
            wrong: formatNumber(sample.wrong),
          })}
          {sample.reviewed > 0 &&
            say("shareWrongDocumentsLies", { percent: percent(sample.errorRate.low), percent2: percent(sample.errorRate.high) })}
        </p>
      </section>
    </div>
  );
}

/** Values by how sure they are, and how many lie below a threshold that can be moved. */
function Confidence({ stats: { confidence } }: { stats: BatchStats }) {
  const say = useWords(messages);
  const [tenths, setTenths] = useState(6);
  const all = confidence.reduce((sum, count) => sum + count, 0);
  const below = confidence.slice(0, tenths).reduce((sum, count) => sum + count, 0);
  return (
    <div>
      <Bars
        title={say("howSureValues")}
        empty={say("thereNoValues")}
        bars={confidence
          .map((value, index) => ({
            title: say("fromTo", { index: (index / 10).toFixed(1), index2: ((index + 1) / 10).toFixed(1) }),
            value,
          }))
          .toReversed()}
      />
      <label className="mt-2 flex items-center gap-2 text-fg2">
        {say("belowLie", { below: formatNumber(below), all: formatNumber(all) })}
        <input
          type="number"
          aria-label={say("threshold")}
          min={0.1}
          max={1}
          step={0.1}
          value={tenths / 10}
          onChange={(event) => setTenths(Math.min(10, Math.max(1, Math.round(event.target.valueAsNumber * 10) || 1)))}
          className={`${inputClass} tnum max-w-20`}
        />
      </label>
    </div>
  );
}
