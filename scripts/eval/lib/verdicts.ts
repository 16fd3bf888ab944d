import { basename } from "node:path";
import { type Figure, isMet } from "../../bench/row.ts";
import type { Outcome } from "./read-sets.ts";

/** A file that takes longer hangs, and one that needs more is too dear (docs of the readers' limits). */
const longestMs = 30_000;
const mostMegabytes = 1024;

/** How many of what must not be; the share of what must be right. */
export const noneOf = (name: string, value: number): Figure => ({ name, value, unit: "", target: { atMost: 0 } });
export const shareOf = (name: string, right: number, all: number, atLeast?: number): Figure => ({
  name: `${name}, of ${all}`,
  value: all === 0 ? Number.NaN : right / all,
  unit: "",
  ...(atLeast === undefined ? {} : { target: { atLeast } }),
});

/** What holds for every file, whatever it is. A page that is recognised may take as long again. */
export function outcomeFigures(outcomes: readonly Outcome[]): Figure[] {
  const isReason = ({ code }: Outcome) => /^(?:read|FILE_[A-Z_]+)$/.test(code);
  const slow = outcomes.filter(({ ms, document }) => ms > longestMs * (1 + recognised(document)));
  return [
    noneOf("files under which the readers' process ended", outcomes.filter(({ crashed }) => crashed).length),
    noneOf("files that were given up", outcomes.filter(({ code }) => code === "TIMEOUT").length),
    noneOf(
      `files that took more than 30 s, and as much for each recognised page${slow.map(({ path }) => ` (${basename(path)})`).join("")}`,
      slow.length,
    ),
    noneOf("files refused without a reason that names the file's fault", outcomes.filter((outcome) => !isReason(outcome)).length),
    {
      name: "memory of the readers' process, peak",
      value: Math.max(0, ...outcomes.map(({ peakBytes }) => peakBytes)) / 2 ** 20,
      unit: "MB",
      target: { atMost: mostMegabytes },
    },
  ];
}

const recognised = (document: Outcome["document"]) => document?.pages.filter(({ source }) => source === "ocr").length ?? 0;

/** A line for each figure; the first column says whether it is as it should be. */
export function verdictTable(figures: readonly Figure[]): string {
  const lines = figures.map((figure) => {
    const { name, value, unit, target } = figure;
    const met = isMet(figure);
    const goal = !target ? "" : "atLeast" in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
    return `| ${met === undefined ? "told" : met ? "met" : "**missed**"} | ${name} | ${Number(value.toFixed(4))} ${unit} | ${goal} |`;
  });
  return `| | figure | found | target |\n|---|---|---:|---:|\n${lines.join("\n")}`;
}
