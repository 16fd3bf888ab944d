import { describe, expect, test } from "vitest";
import { alternate } from "../../../scripts/bench/lib/alternate.ts";
import { makePage, type Result, summaryLines } from "../../../scripts/bench/lib/page.ts";
import { plot } from "../../../scripts/bench/lib/plot.ts";
import { type Figure, isMet, median, quantile } from "../../../scripts/bench/row.ts";

const machine = { cores: 2, cpu: "Some Processor", flags: ["avx2"], memoryGb: 8, system: "linux x64", node: "24.0.0", busy: 0 };
const result = (figures: Figure[], more: Partial<Result> = {}): Result => ({
  row: "ingest",
  command: "npm run bench -- ingest",
  date: "2026-01-01",
  machine,
  seconds: 3,
  measurement: { title: "Ingest of text", columns: ["a", "b"], lines: [["1", "2"]], notes: "How.", figures },
  ...more,
});

test("what was written beside a row stands at its end, a profile of a miss for one", () => {
  const page = makePage([result([], { told: "Where the time goes: nowhere.\n" }), result([], { row: "ocr" })], "benchmarks");
  expect(page.split("Where the time goes: nowhere.")).toHaveLength(2);
  expect(page.indexOf("Where the time goes")).toBeLessThan(page.lastIndexOf("## Ingest of text"));
});

describe("figures", () => {
  test("a figure at its target meets it, on either side, and a missing number misses it", () => {
    const figure = (value: number, target: Figure["target"]) => isMet({ name: "", value, unit: "", ...(target ? { target } : {}) });
    expect(figure(20, { atMost: 20 })).toBe(true);
    expect(figure(20.1, { atMost: 20 })).toBe(false);
    expect(figure(0.9, { atLeast: 0.9 })).toBe(true);
    expect(figure(0.89, { atLeast: 0.9 })).toBe(false);
    expect(figure(Number.NaN, { atMost: 20 })).toBe(false);
    expect(figure(Number.NaN, { atLeast: 20 })).toBe(false);
    expect(figure(7, undefined)).toBeUndefined();
  });

  test("the 95th of a hundred values is the p95, and order does not matter", () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(quantile(values, 0.95)).toBe(95);
    expect(median([9, 1, 5])).toBe(5);
    expect(quantile([], 0.5)).toBeNaN();
  });

  test("two things are run in turn, neither always first, and results stay with their round", async () => {
    const order: string[] = [];
    const results = await alternate(
      3,
      async (round) => (order.push(`ours ${round}`), round),
      async (round) => (order.push(`theirs ${round}`), -round),
    );
    expect(order).toEqual(["ours 0", "theirs 0", "theirs 1", "ours 1", "ours 2", "theirs 2"]);
    expect(results).toEqual({ ours: [0, 1, 2], theirs: [-0, -1, -2] });
  });
});

describe("the page", () => {
  test("names what was met and what was missed, with command, date and machine", () => {
    const page = makePage(
      [
        result([
          { name: "ratio", value: 1.234, unit: "×", target: { atLeast: 0.9 } },
          { name: "delay", value: 271.4, unit: "ms", target: { atMost: 20 } },
          { name: "memory", value: 506, unit: "MB" },
        ]),
      ],
      "benchmarks",
    );
    expect(page).toContain("| ingest | ratio | 1.23 × | ≥ 0.9 × | met |");
    expect(page).toContain("| ingest | delay | 271 ms | ≤ 20 ms | **missed** |");
    expect(page).toContain("| ingest | memory | 506 MB |  |  |");
    expect(page).toContain("`npm run bench -- ingest`, 2026-01-01: 2 cores of Some Processor (avx2), 8 GB, linux x64, Node 24.0.0.");
    expect(page).not.toContain("busy");
  });

  test("the plot puts what is good left of the target, whichever way a figure counts, and never overflows", () => {
    const page = makePage(
      [
        result([
          { name: "half", value: 10, unit: "ms", target: { atMost: 20 } },
          { name: "twice as good", value: 2, unit: "×", target: { atLeast: 1 } },
          { name: "far off", value: 1e9, unit: "ms", target: { atMost: 20 } },
        ]),
      ],
      "benchmarks",
    );
    const plot = (name: string) => page.split("\n").find((line) => line.startsWith(name)) ?? "";
    const bar = (name: string) => plot(name).match(/[█]/g)?.length;
    expect(bar("half")).toBe(12);
    expect(bar("twice as good")).toBe(12);
    expect(plot("half")).toContain("┃");
    expect(plot("far off")).toMatch(/█╋█+…$/);
    expect(plot("far off").length).toBeLessThan(115);
  });

  test("says when others used the machine, so that nobody takes the figures for a verdict", () => {
    const busy = result([], { machine: { ...machine, busy: 0.4 } });
    expect(makePage([busy], "benchmarks")).toContain("busy before it began (40 % of its cores)");
    expect(summaryLines(busy).at(-1)).toContain("no verdict");
  });

  test("rows that were skipped or failed are told in the terminal and leave no hole in the page", () => {
    const { row, command, date, seconds } = result([]);
    const skipped: Result = { row, command, date, machine, seconds, skipped: "the model is not installed" };
    expect(summaryLines(skipped)).toEqual(["  skipped: the model is not installed"]);
    expect(summaryLines({ row, command, date, machine, seconds, failed: "it ended" })).toEqual(["  failed: it ended"]);
    expect(makePage([skipped], "benchmarks")).not.toContain("ingest");
  });
});

describe("the picture of a row", () => {
  const widths = (svg = "") => [...svg.matchAll(/<rect x="\d+" y="[\d.]+" width="([\d.]+)"/g)].map(([, width]) => Number(width));

  test("draws figures against their targets, whichever way they count, and cuts what is far beyond", () => {
    const svg = plot("Search", [
      { name: "half", value: 5, unit: "ms", target: { atMost: 10 } },
      { name: "just", value: 0.9, unit: "×", target: { atLeast: 0.9 } },
      { name: "far", value: 900, unit: "ms", target: { atMost: 10 } },
      { name: "none", value: Number.NaN, unit: "ms", target: { atMost: 10 } },
      { name: "told only", value: 7, unit: "ms" },
    ]);
    const [half = 0, just = 0, far = 0, none = 0] = widths(svg);
    expect(widths(svg)).toHaveLength(4);
    expect(just / half).toBeCloseTo(2, 1);
    expect([far, none]).toEqual([360, 360]);
    expect(svg).not.toContain("told only");
  });

  test("sets figures without targets beside each other, a tenfold one always as much longer", () => {
    const [a = 0, b = 0, c = 0] = widths(
      plot(
        "Others",
        [1, 10, 100].map((value) => ({ name: `${value}`, value, unit: "ms" })),
      ),
    );
    expect(c - b).toBeCloseTo(b - a, 0);
  });

  test("draws nothing of nothing, and keeps what stands in names out of the markup", () => {
    expect(plot("Empty", [])).toBeUndefined();
    expect(plot("Broken", [{ name: "x", value: Number.NaN, unit: "ms" }])).toBeUndefined();
    expect(plot("<Row>", [{ name: "a < b & c", value: 1, unit: "ms" }])).toContain("a &lt; b &amp; c");
  });

  test("stands in the page where the row has one", () => {
    const page = makePage([result([{ name: "f", value: 1, unit: "ms", target: { atMost: 2 } }]), result([], { row: "bare" })], "results");
    expect(page).toContain("![Ingest of text](results/ingest.svg)");
    expect(page).not.toContain("bare.svg");
  });
});
