import { formatNumber } from "../../../components/format.ts";

export type Bar = { title: string; value: number; note?: string };

/** Amounts as bars with their words and numbers, so that it is a chart and a table in one. */
export function Bars({ title, bars, empty }: { title: string; bars: readonly Bar[]; empty: string }) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <section aria-label={title}>
      <h2 className="label mb-1 text-fg2">{title}</h2>
      {bars.length === 0 && <p className="text-fg2">{empty}</p>}
      <dl>
        {bars.map(({ title: name, value, note }) => (
          <div key={name} className="grid h-6 grid-cols-[9rem_minmax(0,1fr)_auto] items-center gap-3">
            <dt className="truncate text-fg2" title={name}>
              {name}
            </dt>
            <dd aria-hidden>
              <div className="h-2 rounded-[1px] bg-accent" style={{ width: `${(value / most) * 100}%`, minWidth: value > 0 ? 2 : 0 }} />
            </dd>
            <dd className="tnum min-w-12 text-end">{note ?? formatNumber(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
