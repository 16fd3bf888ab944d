import { type Figure, isMet, type Measurement } from "../row.ts";
import type { Machine } from "./machine.ts";
import { plot } from "./plot.ts";

/** What the runner writes for one row. `told` is what people wrote beside it: the profile of a miss, what was tried. */
export type Result = { row: string; command: string; date: string; machine: Machine; seconds: number; told?: string } & (
  | { measurement: Measurement }
  | { skipped: string }
  | { failed: string }
);

type Measured = Extract<Result, { measurement: Measurement }>;

/** Others that use a larger share of the cores make figures doubtful. */
const quietShare = 0.1;
const targetAt = 24;
const widest = 48;

/** The page of all results: figures against their targets, then each row's table and its picture, which lies in `pictures`. */
export function makePage(results: readonly Result[], pictures: string): string {
  const measured = results.filter((result): result is Measured => "measurement" in result);
  const figures = measured.flatMap((result) => (result.measurement.figures ?? []).map((figure) => ({ row: result.row, figure })));
  const held = figures.filter(({ figure }) => figure.target);
  return `${[
    "# Benchmarks",
    "Made by `npm run bench [-- row…]` from the results in docs/benchmarks: speeds beside their named reference in the same run, repetitions interleaved. Where a row was run again, its date is its own.",
    table(
      ["row", "figure", "measured", "target", ""],
      figures.map(({ row, figure }) => [row, figure.name, shown(figure), goal(figure), verdict(figure)]),
    ),
    `How much of what is allowed was used; the bar is the target.\n\n\`\`\`text\n${held.map(({ figure }) => plotLine(figure)).join("\n")}\n\`\`\``,
    ...measured.map((result) => section(result, pictures)),
  ].join("\n\n")}\n`;
}

/** The row as bars, where it has figures. */
export const pictureOf = ({ title, figures = [] }: Measurement): string | undefined => plot(title, figures);

/** What the terminal shows of one row. */
export function summaryLines(result: Result): string[] {
  if ("skipped" in result) return [`  skipped: ${result.skipped}`];
  if ("failed" in result) return [`  failed: ${result.failed}`];
  const { columns, lines, notes, figures = [] } = result.measurement;
  return [
    ...[columns, ...lines].map((cells) => `  ${cells.join("  ·  ")}`),
    ...(notes ? [`  ${notes}`] : []),
    ...figures.map((figure) => `  ${verdict(figure) || "told"}: ${figure.name} ${shown(figure)} ${goal(figure)}`.trimEnd()),
    `  ${result.seconds} s${isBusy(result.machine) ? `; the machine was busy (${share(result.machine.busy)} of its cores), so figures are no verdict` : ""}`,
  ];
}

function section({ row, measurement, command, date, machine, told }: Measured, pictures: string): string {
  const { title, columns, lines, notes } = measurement;
  const flags = machine.flags.length > 0 ? ` (${machine.flags.join(", ")})` : "";
  const busy = isBusy(machine)
    ? ` The machine was busy before it began (${share(machine.busy)} of its cores), so these figures are no verdict.`
    : "";
  const made = `\`${command}\`, ${date}: ${machine.cores} cores of ${machine.cpu}${flags}, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}.${busy}`;
  const picture = pictureOf(measurement) ? [`![${title}](${pictures}/${row}.svg)`] : [];
  return [`## ${title}`, table(columns, lines), ...(notes ? [notes] : []), ...picture, made, ...(told ? [told.trim()] : [])].join("\n\n");
}

const isBusy = ({ busy }: Machine) => busy > quietShare;
const share = (part: number) => `${Math.round(100 * part)} %`;

const table = (columns: readonly string[], lines: readonly (readonly string[])[]): string =>
  [columns, columns.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** Three digits that count, and no exponent. */
const number = (value: number): string =>
  Number.isFinite(value) ? (Math.abs(value) >= 100 ? Math.round(value).toString() : String(Number(value.toPrecision(3)))) : "–";

const shown = ({ value, unit }: Figure): string => `${number(value)} ${unit}`.trim();

function goal({ target, unit }: Figure): string {
  if (!target) return "";
  return `${"atLeast" in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`} ${unit}`.trim();
}

function verdict(figure: Figure): string {
  const met = isMet(figure);
  return met === undefined ? "" : met ? "met" : "**missed**";
}

/** Left of the target is good, whichever way the figure counts. */
function plotLine({ name, value, target }: Figure): string {
  const used = !target ? 0 : "atLeast" in target ? target.atLeast / value : value / target.atMost;
  const cells = Math.max(0, Math.min(widest, Math.round(used * targetAt)));
  const bar = [..."█".repeat(cells).padEnd(widest)];
  bar[targetAt] = cells > targetAt ? "╋" : "┃";
  return `${name.slice(0, 60).padEnd(60)} ${bar.join("").trimEnd()}${used * targetAt > widest ? "…" : ""}`;
}
