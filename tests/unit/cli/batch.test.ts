import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/shared/errors.ts";
import { testCli } from "../../helpers/run-cli.ts";

const id = "0192f3a4-7b1c-7def-8abc-0123456789ab";
const counts = { pending: 0, done: 1, review: 1, dead: 1 };
const run = {
  id,
  name: "papers",
  paths: ["/x"],
  recipe: { name: "invoice", version: 1 },
  model: "none",
  watch: false,
  concurrency: 2,
  jobId: id,
  state: "done",
  counts,
  files: 3,
  copies: 0,
  createdAt: 1,
  updatedAt: 1,
};
const job = (result: unknown) => ({
  id,
  kind: "batch.run",
  title: "x",
  state: "done",
  progress: { done: 3, total: 3, unit: "files" },
  attempts: 1,
  createdAt: 1,
  result,
});
const passed = { run: "papers", job: id, processed: 2, skipped: 1, review: 1, dead: 0, took: 5 };
const watch = async function* () {
  yield { type: "snapshot", seq: 0, jobs: [] };
};
const value = { value: "\u001b[31mACME", sure: 0.9, origin: "rule", flags: [{ rule: "unsure", message: "m" }] };
const result = {
  id,
  item: id,
  document: { path: "/x/a.pdf", hash: "h", pages: 1 },
  state: "review",
  recipe: run.recipe,
  fields: { vendor: value },
  flags: [],
  sampled: false,
  timings: {},
};

describe("croft batch", () => {
  // Catches: a script that takes dead letters for success.
  it.each([
    [0, 0],
    [2, 5],
  ])("run with %d dead letters ends with %d and prints what was promised", async (dead, code) => {
    const handlers = {
      "batch.run": async () => ({ run, jobId: id }),
      "jobs.watch": watch,
      "jobs.get": async () => job({ ...passed, dead }),
    };
    const ended = await testCli(["batch", "run", "/x", "--recipe", "invoice", "--json"], { handlers });
    expect(ended.code).toBe(code);
    expect(JSON.parse(ended.stdout)).toEqual({ ...passed, dead });
  });

  it("run passes on what it was told, and imports a recipe's file first", async () => {
    const calls: unknown[] = [];
    const handlers = {
      "batch.importRecipe": async ({ input }: { input: unknown }) => {
        calls.push(input);
        return {
          format: "croft.recipe/1",
          name: "mine",
          version: 4,
          title: "Mine",
          schema: { type: "object", properties: { a: { type: "string" } } },
        };
      },
      "batch.run": async ({ input }: { input: unknown }) => {
        calls.push(input);
        return { run, jobId: id };
      },
      "jobs.watch": watch,
      "jobs.get": async () => job(passed),
    };
    await testCli(["batch", "run", "/x", "--recipe", "./mine.json", "--model", "none", "--name", "n", "--password", "p"], { handlers });
    expect(calls).toMatchObject([
      { path: expect.stringMatching(/mine\.json$/) },
      { paths: ["/x"], recipe: { name: "mine", version: 4 }, model: "none", name: "n", passwords: ["p"], watch: false },
    ]);
  });

  it.each([
    [["batch", "run", "/x"]],
    [["batch", "export", "papers", "--format", "csv"]],
    [["batch", "export", "papers", "--out", "x"]],
    [["batch", "export", "papers", "--format", "doc", "--out", "x"]],
    [["batch", "review", "papers", "a.pdf", "--set", "total"]],
    [["batch", "run", "/x", "--recipe", "invoice", "--unknown"]],
  ])("%j is wrong usage", async (line) => {
    expect((await testCli(line, { handlers: { "batch.results": async () => ({ total: 1, results: [result] }) } })).code).toBe(2);
  });

  // Catches: a document's text that steers the terminal.
  it("results print one document a line, and no control characters as text", async () => {
    const handlers = { "batch.results": async () => ({ total: 1, results: [result] }) };
    const lines = (await testCli(["batch", "results", "papers", "--jsonl"], { handlers })).stdout.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([result]);
    const text = (await testCli(["batch", "results", "papers"], { handlers })).stdout;
    expect(text).toContain("ACME");
    expect(text.includes("\u001b")).toBe(false);
  });

  // Catches: windows by count, which leave documents out or print them twice while the run goes on.
  it("results go on where the window before ended", async () => {
    const next = { sure: 0.5, path: "/a", part: 0 };
    const asked: unknown[] = [];
    const handlers = {
      "batch.results": async ({ input }: { input: unknown }) => {
        asked.push(input);
        return { total: 2, results: [result], ...(asked.length === 1 ? { next } : {}) };
      },
    };
    const { stdout } = await testCli(["batch", "results", "papers", "--jsonl"], { handlers });
    expect(stdout.trim().split("\n")).toHaveLength(2);
    expect(asked).toMatchObject([{ run: "papers" }, { run: "papers", after: next }]);
    expect(asked[0]).not.toHaveProperty("after");
  });

  it("review sends every decision as one act", async () => {
    const calls: unknown[] = [];
    const handlers = {
      "batch.results": async () => ({ total: 1, results: [result] }),
      "batch.decide": async ({ input }: { input: unknown }) => {
        calls.push(input);
        return { ...result, pageSizes: [], history: [] };
      },
    };
    const ended = await testCli(
      [
        "batch",
        "review",
        "papers",
        "a.pdf",
        "--set",
        "total=12,50",
        "--set",
        "iban=",
        "--accept",
        "date",
        "--choose",
        "vendor=2",
        "--approve",
      ],
      { handlers },
    );
    expect(ended.code).toBe(0);
    expect(calls).toEqual([
      {
        id,
        changes: [
          { action: "correct", field: "total", value: "12,50" },
          { action: "correct", field: "iban", value: null },
          { action: "accept", field: "date" },
          { action: "choose", field: "vendor", alternative: 1 },
        ],
        approve: true,
      },
    ]);
  });

  it("export tells what keeps it back", async () => {
    const blocked = [{ record: id, path: "/x/a.pdf", field: "total", rule: "sum", message: "does not add up" }];
    const handlers = {
      "batch.export": async () => {
        throw new AppError("CONFLICT", "Nothing was exported.", { data: { blocked } });
      },
    };
    const text = await testCli(["batch", "export", "papers", "--format", "csv", "--out", "x.csv"], { handlers });
    // The option is told of here alone: a window has a box to tick.
    expect(text.stderr).toContain("--force");
    expect(text.code).toBe(2);
    expect(text.stderr).toContain("does not add up");
    const json = await testCli(["batch", "export", "papers", "--format", "csv", "--out", "x.csv", "--json"], { handlers });
    expect(JSON.parse(json.stdout).error.data.blocked).toEqual(blocked);
  });

  it("recipes validate ends with 4 and the reasons when a file is refused", async () => {
    const handlers = {
      "batch.validateRecipe": async () => ({ ok: false, problems: [{ path: "rules.0", message: "there is no field x" }] }),
    };
    const ended = await testCli(["batch", "recipes", "validate", import.meta.filename], { handlers });
    expect(ended.code).toBe(4);
    expect(ended.stdout).toContain("there is no field x");
  });
});
