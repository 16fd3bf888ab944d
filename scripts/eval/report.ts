import { barChart, type Chart } from "./plot.ts";

/** What an evaluation found: a page for people, the same figures for programs, and one picture of them. */
export type Report = { markdown: string; data: unknown; chart: Chart };

/** A table of Markdown; cells are taken as they are. */
export function table(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(columns), `|${columns.map((_, index) => (index === 0 ? "---" : "---:")).join("|")}|`, ...rows.map(line)].join("\n");
}

/** The files of a report by their names. `told` is what people wrote about it: why a target is missed, what was tried. */
export function filesOf(name: string, { markdown, data, chart }: Report, told = ""): Record<string, string> {
  const parts = [markdown, `![${chart.title}](${name}.svg)`, told].map((part) => part.trim()).filter((part) => part !== "");
  return {
    [`${name}.md`]: `${parts.join("\n\n")}\n`,
    [`${name}.json`]: `${JSON.stringify(data, undefined, 2)}\n`,
    [`${name}.svg`]: barChart(chart),
  };
}
