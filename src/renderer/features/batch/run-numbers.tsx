import { useState } from "react";
import type { BatchRun, BatchStats } from "../../../shared/contract/batch.ts";
import { inputClass } from "../../components/field.tsx";
import { formatDuration, formatNumber } from "../../components/format.ts";
import { Bars } from "./bars.tsx";

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;
const time = new Intl.DateTimeFormat("en", { timeStyle: "short" });
const mostFlags = 12;

/** The numbers of a run: stages, how sure its values are, what flagged them, how fast it went, how good the sample is. */
export function RunNumbers({ run, stats }: { run: BatchRun; stats: BatchStats }) {
  const { stages, flags, throughput, sample } = stats;
  return (
    <div className="grid min-h-0 flex-1 content-start gap-x-10 gap-y-6 overflow-y-auto px-4 py-3 lg:grid-cols-2">
      <Bars
        title="Time by stage"
        empty="Nothing was read yet."
        bars={stages.map(({ stage, documents, ms }) => ({
          title: stage,
          value: ms,
          note: `${formatDuration(ms)} · ${formatNumber(documents)}`,
        }))}
      />
      <Confidence stats={stats} />
      <Bars
        title="What flagged values"
        empty="Nothing was flagged."
        bars={flags
          .slice(0, mostFlags)
          .map(({ rule, field, count }) => ({ title: field === "" ? rule : `${rule} · ${field}`, value: count }))}
      />
      <Bars
        title="Documents a minute, the newest hour"
        empty="Nothing was finished in the last hour."
        bars={throughput.map(({ at, documents }) => ({ title: time.format(at), value: documents }))}
      />
      <section aria-label="Quality sample" className="lg:col-span-2">
        <h2 className="label mb-1 text-fg2">Quality sample</h2>
        <p>
          <span className="tnum">{formatNumber(sample.reviewed)}</span> of <span className="tnum">{formatNumber(sample.sampled)}</span>{" "}
          sampled documents of {run.name} were looked at; {formatNumber(sample.wrong)} had a wrong value.
          {sample.reviewed > 0 &&
            ` The share of wrong documents lies between ${percent(sample.errorRate.low)} and ${percent(sample.errorRate.high)} (95 %).`}
        </p>
      </section>
    </div>
  );
}

/** Values by how sure they are, and how many lie below a threshold that can be moved. */
function Confidence({ stats: { confidence } }: { stats: BatchStats }) {
  const [tenths, setTenths] = useState(6);
  const all = confidence.reduce((sum, count) => sum + count, 0);
  const below = confidence.slice(0, tenths).reduce((sum, count) => sum + count, 0);
  return (
    <div>
      <Bars
        title="How sure the values are"
        empty="There are no values yet."
        bars={confidence
          .map((value, index) => ({ title: `${(index / 10).toFixed(1)} to ${((index + 1) / 10).toFixed(1)}`, value }))
          .toReversed()}
      />
      <label className="mt-2 flex items-center gap-2 text-fg2">
        Below
        <input
          type="number"
          aria-label="Threshold"
          min={0.1}
          max={1}
          step={0.1}
          value={tenths / 10}
          onChange={(event) => setTenths(Math.min(10, Math.max(1, Math.round(event.target.valueAsNumber * 10) || 1)))}
          className={`${inputClass} tnum max-w-20`}
        />
        lie <span className="tnum">{formatNumber(below)}</span> of <span className="tnum">{formatNumber(all)}</span> values
      </label>
    </div>
  );
}
