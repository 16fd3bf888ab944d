import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Job } from "../../../src/shared/contract/jobs.ts";
import { temporaryFolder } from "../../helpers/profile.ts";
import { testCli } from "../../helpers/run-cli.ts";
import { sampleOf } from "../../helpers/sample.ts";

const id = "0192f3a4-7b1c-7def-8abc-0123456789ab";
const job = (over: Partial<Job>): Job => ({ ...Job.parse(sampleOf(Job)), id, progress: { done: 1, total: 2, unit: "documents" }, ...over });
const jobs = (end: Partial<Job>) => ({
  "jobs.get": async () => job({ state: "running" }),
  "jobs.watch": async function* () {
    yield { type: "snapshot", seq: 0, jobs: [] };
    yield { type: "change", seq: 1, job: job(end) };
  },
});
const result = { collection: "papers", job: id, embedder: "all-minilm-l6-v2", documents: 7 };

describe("croft kb update", () => {
  it("follows the job to its end and says what was done", async () => {
    const asked: unknown[] = [];
    const { code, stdout } = await testCli(["kb", "update", "papers", "--embedder", "all-minilm-l6-v2", "--json"], {
      handlers: {
        ...jobs({ state: "done", result }),
        "knowledge.changeEmbedder": async ({ input }) => {
          asked.push(input);
          return { jobId: id };
        },
      },
    });
    expect(code).toBe(0);
    expect(asked).toEqual([{ collection: "papers", embedder: "all-minilm-l6-v2" }]);
    expect(JSON.parse(stdout)).toEqual(result);
  });

  it("is wrong usage without a model, and changes nothing", async () => {
    const { code, stderr } = await testCli(["kb", "update", "papers"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--embedder");
  });
});

describe("croft kb status", () => {
  const text = "\ufeffpath,state\r\n/a.pdf,indexed\r\n";
  const handlers = { "knowledge.exportCoverage": async () => ({ name: "papers-coverage.csv", mime: "text/csv", text }) };

  it("writes the report as a file, byte for byte", async () => {
    const out = join(temporaryFolder(), "coverage.csv");
    const { code, stdout } = await testCli(["kb", "status", "papers", "--format", "csv", "--out", out], { handlers });
    expect([code, stdout.trim()]).toEqual([0, out]);
    expect(readFileSync(out, "utf8")).toBe(text);
  });

  it("refuses a file without a form, and a form that it does not know", async () => {
    for (const rest of [
      ["--out", "x.csv"],
      ["--format", "docx"],
    ])
      expect((await testCli(["kb", "status", "papers", ...rest], { handlers })).code).toBe(2);
  });

  it("says which pages still wait, though their file is indexed", async () => {
    const file = { path: "/a.pdf", state: "indexed", pages: 40, chunks: 3, waitingPages: 12 };
    const coverage = {
      collection: "papers",
      documents: 1,
      chunks: 3,
      bytes: 1,
      files: [file],
      totals: { indexed: 1, skipped: 0, failed: 0, pending: 0 },
    };
    const { stdout } = await testCli(["kb", "status", "papers"], { handlers: { "knowledge.status": async () => coverage } });
    expect(stdout).toContain("/a.pdf (12 pages still to be recognised)");
  });
});

describe("croft kb add", () => {
  it("passes on how files are to be read", async () => {
    const asked: unknown[] = [];
    const done = { collection: "s", job: id, indexed: 0, skipped: 0, failed: 0, removed: 0, unavailable: 0, failures: [], took: 1 };
    const collection = { id, name: "s", embedder: "m", documents: 0, chunks: 0, bytes: 0, sources: 0, createdAt: 0 };
    await testCli(["kb", "add", "/docs", "--to", "s", "--ocr", "always", "--lang", "eng+deu", "--password", "p w"], {
      handlers: {
        ...jobs({ state: "done", result: done }),
        "knowledge.addSources": async ({ input }) => {
          asked.push(input);
          return { jobId: id, collection };
        },
      },
    });
    expect(asked).toMatchObject([{ reading: { ocr: "always", languages: ["eng", "deu"], password: "p w" } }]);
  });
});
