import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tablesOf } from "../../../src/main/features/batch/export/tables.ts";
import type { BatchResult, FieldValue, Fields, Scalar } from "../../../src/shared/contract/batch.ts";
import { largeFiles, mixedFiles, type MixedFile } from "../../../scripts/eval/lib/batch/mixed-files.ts";
import { type Cell, compareCells } from "../../../scripts/eval/lib/batch/spreadsheet.ts";
import { judgeRun } from "../../../scripts/eval/lib/batch/verdict.ts";
import { builtInRecipe } from "../../helpers/batch-views.ts";

const recipe = builtInRecipe("invoice");
const folder = join("/", "x");
const value = (of: Scalar, flags: FieldValue["flags"] = []): FieldValue => ({ value: of, sure: 1, origin: "rule", flags });
const emptyFields = (more: Fields = {}): Fields => ({
  ...Object.fromEntries(Object.entries(recipe.schema.properties).map(([name, { type }]) => [name, type === "array" ? [] : value(null)])),
  ...more,
});
let last = 0;
const result = (name: string, more: Partial<BatchResult> = {}): BatchResult => ({
  id: `00000000-0000-7000-8000-${String((last += 1)).padStart(12, "0")}`,
  item: "00000000-0000-7000-8000-000000000000",
  document: { path: join(folder, name), hash: name, pages: 1 },
  state: "done",
  recipe: { name: "invoice", version: 1 },
  fields: emptyFields(),
  flags: [],
  sampled: false,
  timings: {},
  ...more,
});
const dead = (name: string, reason = { code: "FILE_EMPTY", message: "It is empty." }): BatchResult => {
  const { id: _, ...rest } = result(name, { state: "dead", fields: {}, reason });
  return rest;
};
const file = (name: string, ends: MixedFile["ends"] = "record"): MixedFile => ({ name, kind: "k", ends, make: () => Buffer.alloc(0) });
const judge = (files: MixedFile[], results: BatchResult[], told: BatchResult[] = []) =>
  judgeRun(files, folder, results, recipe, new Map(told.map((one) => [one.id ?? "", one])));

describe("the folders that batch is proved with", () => {
  it("have a hundred files, and as many as is asked for, each with a name of its own", () => {
    expect(new Set(mixedFiles.map(({ name }) => name)).size).toBe(100);
    const large = largeFiles(1_000);
    expect(new Set(large.map(({ name }) => name)).size).toBe(1_000);
    expect(large.filter(({ kind }) => kind === "broken")).toHaveLength(50);
  });
});

describe("the verdict on a run", () => {
  it("finds nothing where every file ended as it may", () => {
    const { faults, ends, valid, reasons } = judge(
      [file("a"), file("b", "dead"), file("c", "either")],
      [result("a"), dead("b"), dead("c")],
    );
    expect(faults).toEqual([]);
    expect([...ends]).toEqual([["k", { files: 3, done: 1, review: 0, dead: 2 }]]);
    expect(valid).toBe(1);
    expect([...reasons]).toEqual([["FILE_EMPTY", 2]]);
  });

  // Catches: a proof that finds nothing wrong whatever happened.
  it.each<[string, MixedFile[], BatchResult[], BatchResult[]]>([
    ["in no single end state", [file("a")], [], []],
    ["in no single end state", [file("a")], [result("a", { state: "pending" })], []],
    ["in no single end state", [file("a")], [result("a"), dead("a")], []],
    ["and should be record", [file("a")], [dead("a")], []],
    ["and should be dead", [file("a", "dead")], [result("a")], []],
    ["without a reason", [file("a", "dead")], [dead("a", { code: "", message: "" })], []],
    ["not in the folder", [], [result("a")], []],
    ["was made 2 times", [file("a")], [result("a"), result("a")], []],
    ["was told of and is gone", [file("a")], [result("a")], [result("a")]],
    ["breaks its schema", [file("a")], [result("a", { fields: emptyFields({ total: value("much") }) })], []],
  ])("says that a file is %s", (words, files, results, told) => {
    expect(judge(files, results, told).faults.join("\n")).toContain(words);
  });

  it("lets a record break its schema that says so", () => {
    const flagged = result("a", {
      state: "review",
      fields: emptyFields({ total: value("much", [{ rule: "schema", message: "no number" }]) }),
    });
    expect(judge([file("a")], [flagged])).toMatchObject({ faults: [], valid: 0, flaggedInvalid: 1 });
  });
});

describe("cells that another program shows", () => {
  const [documents] = tablesOf(recipe);
  const results = [result("a", { fields: emptyFields({ vendor: value("Alder"), total: value(12.5), date: value("2024-03-05") }) })];
  /** The sheet as it should be, with one cell otherwise. */
  function sheet(change: Record<string, Cell> = {}): Cell[][] {
    const columns = documents?.columns ?? [];
    const [row = []] = results.flatMap((one) => documents?.rowsOf(one, 1) ?? []);
    const cells = columns.map(({ name, type }, at): Cell => {
      const of = row[at] ?? null;
      if (change[name]) return change[name];
      if (of === null) return { type: "empty", value: "" };
      return { type: type === "number" ? "float" : type === "date" ? "date" : "string", value: String(of) };
    });
    return [columns.map(({ name }) => ({ type: "string", value: name })), cells];
  }
  const compare = (of: Cell[][] | undefined, hasTypes = true) => {
    if (!documents) throw new Error("there is no table");
    return compareCells(documents, results, of, hasTypes);
  };

  it("are the same", () => {
    expect(compare(sheet())).toMatchObject({ wrong: [], numbers: 2, dates: 1 });
  });

  it.each<[string, Record<string, Cell>]>([
    ["a number that became a text", { total: { type: "string", value: "12.5" } }],
    ["another number", { total: { type: "float", value: "125" } }],
    ["a date that became a text", { date: { type: "string", value: "2024-03-05" } }],
    ["another day", { date: { type: "date", value: "2024-03-04" } }],
    ["a text that is cut", { vendor: { type: "string", value: "Ald" } }],
    ["a value that is gone", { vendor: { type: "empty", value: "" } }],
    ["a text that became a number", { vendor: { type: "float", value: "1" } }],
  ])("differ by %s", (_, change) => {
    expect(compare(sheet(change)).wrong).toHaveLength(1);
  });

  it("differ by a row or a sheet that is missing", () => {
    expect(compare(sheet().slice(0, 1)).wrong.length).toBeGreaterThan(0);
    expect(compare(undefined).wrong).toHaveLength(1);
  });

  it("of CSV, which has no types, may be taken for numbers, and that is counted", () => {
    expect(compare(sheet({ vendor: { type: "float", value: "1" } }), false)).toMatchObject({ wrong: [], retyped: 1 });
  });
});
