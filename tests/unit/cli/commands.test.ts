import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AppError, errorCodes } from "../../../src/shared/errors.ts";
import { Answer, type AskItem } from "../../../src/shared/contract/chat.ts";
import { Job } from "../../../src/shared/contract/jobs.ts";
import { SearchResponse } from "../../../src/shared/contract/search.ts";
import { type Command, type Group, isGroup } from "../../../src/main/cli/command.ts";
import { root } from "../../../src/main/cli/root.ts";
import { sampleOf } from "../../helpers/sample.ts";
import { testCli } from "../../helpers/run-cli.ts";
import type { TestCall, TestHandler } from "../../helpers/test-router.ts";

const commands = (path: string[], node: Command | Group): { path: string[]; command: Command }[] =>
  isGroup(node) ? Object.entries(node.commands).flatMap(([name, child]) => commands([...path, name], child)) : [{ path, command: node }];
const all = commands([], root).map(({ path, command }) => ({ name: path.join(" "), path, command }));

const id = "0192f3a4-7b1c-7def-8abc-0123456789ab";
const job = (over: Partial<Job>): Job => ({ ...Job.parse(sampleOf(Job)), id, progress: { done: 1, total: 2, unit: "files" }, ...over });
const indexed = { collection: "t", job: id, indexed: 2, skipped: 0, failed: 0, removed: 0, unavailable: 0, failures: [], took: 5 };

/** Handlers of an indexing job that runs and then ends as given. */
function jobHandlers(end: Partial<Job>): Record<string, TestHandler> {
  return {
    "knowledge.addSources": async () => ({
      jobId: id,
      collection: {
        ...(sampleOf(Job) as object),
        id,
        name: "t",
        embedder: "m",
        documents: 0,
        chunks: 0,
        bytes: 0,
        sources: 0,
        createdAt: 0,
      },
    }),
    "jobs.get": async () => job({ state: "running" }),
    "jobs.watch": async function* () {
      yield { type: "snapshot", seq: 0, jobs: [] };
      yield { type: "change", seq: 1, job: job({ id: "0192f3a4-7b1c-7def-8abc-000000000000", state: "failed" }) };
      yield { type: "change", seq: 2, job: job(end) };
    },
  };
}

describe("every command", () => {
  // Catches: a command without help, or whose help lacks what a person needs.
  it.each(all)("$name has help with examples", async ({ path, command }) => {
    const { code, stdout } = await testCli([...path, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(command.summary);
    expect(stdout).toContain(`Usage: croft ${path.join(" ")}`);
    expect(command.examples.length).toBeGreaterThan(0);
    for (const [line] of command.examples) expect(stdout).toContain(line);
    for (const option of Object.keys(command.options)) expect(stdout).toContain(`--${option}`);
  });

  // Catches: a mistyped option that is silently ignored, with another result than was meant.
  it.each(all)("$name refuses unknown options and surplus arguments", async ({ path, command }) => {
    const args = command.args.map(() => "x");
    expect((await testCli([...path, ...args, "--unknown"])).code).toBe(2);
    if (!command.args.at(-1)?.many) expect((await testCli([...path, ...args, "more"])).code).toBe(2);
  });

  // Catches: examples in the help that are themselves refused.
  it.each(all)("the examples of $name can be parsed", async ({ command }) => {
    const { parseLine } = await import("../../../src/main/cli/parse.ts");
    for (const [line] of command.examples) {
      const words = [...line.replace(/ > .*$/, "").matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
      expect(() => parseLine(root, words.slice(1)), line).not.toThrow();
    }
  });
});

describe("the line", () => {
  it("takes global options before and after the command", async () => {
    expect((await testCli(["--json", "kb", "list"])).stdout).toBe("[]\n");
    expect((await testCli(["--profile", "search", "kb", "list", "--json"])).stdout).toBe("[]\n");
  });

  it("knows help, version, groups, and nothing else", async () => {
    expect((await testCli([])).code).toBe(0);
    expect((await testCli(["--version"])).stdout).toBe("1.2.3\n");
    expect((await testCli(["help", "kb", "add"])).stdout).toContain("croft kb add");
    expect((await testCli(["kb"])).code).toBe(2);
    for (const line of [
      ["nothing"],
      ["constructor"],
      ["kb", "__proto__"],
      ["search", "x", "--mode", "wrong"],
      ["search", "x", "--limit", "-1"],
    ]) {
      const refused = await testCli([...line, "--json"]);
      expect(refused.code).toBe(2);
      expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "INVALID_INPUT", hint: expect.stringContaining("--help") } });
    }
  });

  it("passes what follows -- on as it is", async () => {
    const asked: unknown[] = [];
    const handlers = { "knowledge.search": async ({ input }: TestCall) => (asked.push(input), sampleOf(SearchResponse)) };
    expect((await testCli(["search", "--", "--json"], { handlers })).code).toBe(0);
    expect(asked).toEqual([expect.objectContaining({ query: "--json" })]);
  });

  it.each(["bash", "zsh", "fish"])("writes a completion for %s that knows the commands", async (shell) => {
    const { stdout } = await testCli(["completion", shell]);
    for (const word of ["serve", "search", "kb", "no-rerank"]) expect(stdout).toContain(word);
    expect(stdout).not.toContain("idle-seconds");
  });
});

describe("errors", () => {
  // Catches: an exit code that scripts rely on and that changed, a hint that is lost.
  it.each(Object.entries(errorCodes))("%s ends with its exit code", async (code, { exit }) => {
    const handlers = {
      "system.info": async () => {
        throw new AppError(code as keyof typeof errorCodes, "What failed.", { hint: "What to do.", data: { a: 1 } });
      },
    };
    const json = await testCli(["doctor", "--json"], { handlers });
    expect(json.code).toBe(exit);
    expect(json.stderr).toBe("");
    expect(JSON.parse(json.stdout)).toEqual({ error: { code, message: "What failed.", hint: "What to do.", data: { a: 1 } } });
    const text = await testCli(["doctor"], { handlers });
    expect(text.stdout).toBe("");
    expect(text.stderr).toBe("croft: What failed.\nWhat to do.\n");
    expect(text.closed).toBe(1);
  });
});

describe("kb add", () => {
  it("waits, resolves paths, and prints the result", async () => {
    const inputs: unknown[] = [];
    const handlers = jobHandlers({ state: "done", result: indexed });
    const addSources = handlers["knowledge.addSources"];
    handlers["knowledge.addSources"] = async (call) => (inputs.push(call.input), await addSources?.(call));
    const line = ["kb", "add", "docs", "--to", "t", "--include", "*.md", "--include", "*.txt", "--json"];
    const { code, stdout, stderr } = await testCli(line, { handlers });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(indexed);
    expect(stderr).toContain("1/2 files");
    expect(inputs).toEqual([expect.objectContaining({ paths: [join(process.cwd(), "docs")], include: ["*.md", "*.txt"], watch: false })]);
  });

  it("ends with 5 when some files failed, and lists them", async () => {
    const result = { ...indexed, failed: 1, failures: [{ path: "/a\u001b[31m.pdf", code: "FILE_DAMAGED", message: "It is cut off." }] };
    const { code, stdout } = await testCli(["kb", "add", "docs", "--to", "t"], { handlers: jobHandlers({ state: "done", result }) });
    expect(code).toBe(5);
    expect(stdout).toContain("It is cut off.");
    // Catches: a file name that steers the terminal.
    expect(stdout).not.toContain("\u001b");
  });

  it("ends with the error of the job", async () => {
    const { code } = await testCli(["kb", "add", "docs", "--to", "t"], {
      handlers: jobHandlers({ state: "failed", error: { code: "DISK_FULL", message: "No space." } }),
    });
    expect(code).toBe(6);
  });

  // Catches: Ctrl-C that leaves the job running without anybody who watches it.
  it("cancels the job when it is interrupted, and ends with 130", async () => {
    const interrupt = new AbortController();
    const cancelled = Promise.withResolvers<void>();
    const handlers = jobHandlers({});
    handlers["jobs.cancel"] = async () => (cancelled.resolve(), job({ state: "cancelled" }));
    handlers["jobs.watch"] = async function* () {
      yield { type: "snapshot", seq: 0, jobs: [] };
      interrupt.abort(new AppError("ABORTED", "Stopped."));
      await cancelled.promise;
      yield { type: "change", seq: 1, job: job({ state: "cancelled" }) };
    };
    const { code, closed } = await testCli(["kb", "add", "docs", "--to", "t"], { handlers, signal: interrupt.signal });
    expect(code).toBe(130);
    expect(closed).toBe(1);
  });

  it.each([
    [["kb", "add", "docs"], "--to"],
    [["kb", "add", "https://example.org/a", "--to", "t"], "https://example.org/a"],
    [["kb", "add", "a.jsonl", "b.jsonl", "--to", "t", "--records"], "--records"],
  ])("refuses %j", async (line, named) => {
    const { code, stderr } = await testCli(line);
    expect(code).toBe(2);
    expect(stderr).toContain(named);
  });
});

describe("many queries", () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "croft-queries-"));
    file = join(folder, "queries.jsonl");
    await writeFile(file, '{"_id":"b","text":"two"}\n\n{"_id":7,"text":"bad"}\r\n{"text":"three"}\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const search: TestHandler = async ({ input }) => {
    const { query } = input as { query: string };
    if (query === "bad") throw new AppError("MODEL_MISSING", "No model.");
    return { ...(sampleOf(SearchResponse) as object), query };
  };

  it("are answered one a line, in order, and one that fails does not stop the rest", async () => {
    const { code, stdout } = await testCli(["search", "--queries", file, "--jsonl"], { handlers: { "knowledge.search": search } });
    expect(code).toBe(5);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(lines).toEqual([
      expect.objectContaining({ query: "two", queryId: "b" }),
      { query: "bad", queryId: "7", error: { code: "MODEL_MISSING", message: "No model." } },
      expect.objectContaining({ query: "three" }),
    ]);
  });

  it("name the line that is none, and a file that is not there", async () => {
    await writeFile(join(folder, "broken.jsonl"), '{"text":"a"}\n{"text":\n');
    const broken = await testCli(["search", "--queries", join(folder, "broken.jsonl"), "--jsonl"], {
      handlers: { "knowledge.search": search },
    });
    expect(broken.code).toBe(2);
    expect(broken.stdout).toContain("Line 2");
    expect((await testCli(["search", "--queries", join(folder, "missing.jsonl"), "--jsonl"])).code).toBe(3);
  });
});

describe("ask", () => {
  const answer = {
    ...Answer.parse({ ...(sampleOf(Answer) as object), usage: { promptTokens: 1, completionTokens: 2 } }),
    answer: "Forty-two.",
  };
  const items: AskItem[] = [
    { type: "sources", seq: 0, thread: id, message: id, passages: [], matched: 0 },
    { type: "token", seq: 1, text: "Forty" },
    { type: "token", seq: 2, text: "-two.\u001b[2J" },
    { type: "done", seq: 3, answer },
  ];
  const handlers: Record<string, TestHandler> = {
    "chat.ask": async function* () {
      yield* items;
    },
  };

  it("writes the answer as it comes, then its sources, without control characters", async () => {
    const { stdout } = await testCli(["ask", "What", "is", "it?", "--kb", "t"], { handlers });
    expect(stdout.startsWith("Forty-two.")).toBe(true);
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toContain(answer.thread);
  });

  // Catches a long wait without a word, a bar that wipes what was written, and a part of the sources that passes for all.
  it("tells how far a long answer is until its first word, and how much was read of what matched", async () => {
    const progress = (seq: number, done: number): AskItem => ({ type: "progress", seq, done, total: 3, unit: "section", leftMs: 4_200 });
    const [sources, first, second] = items;
    const stream = (read: Answer["read"]): Record<string, TestHandler> => ({
      "chat.ask": async function* () {
        yield* [sources, progress(1, 0), first, progress(3, 2), second];
        yield { type: "done", seq: 5, answer: { ...answer, refused: false, read } };
      },
    });
    const part = await testCli(["ask", "x"], { handlers: stream({ passages: 2, matched: 9 }), terminal: true });
    expect(part.stderr).toContain("0/3 sections");
    expect(part.stderr).toContain("about 5 s left");
    expect(part.stderr).not.toContain("2/3");
    expect(part.stdout).toContain("read 2 of 9 passages");
    const whole = await testCli(["ask", "x"], { handlers: stream({ passages: 9, matched: 9 }) });
    expect(whole.stdout).toContain("read all 9 passages");
  });

  it("is the answer alone with --json, and the stream with --jsonl", async () => {
    expect(JSON.parse((await testCli(["ask", "x", "--json"], { handlers })).stdout)).toEqual(answer);
    const lines = (await testCli(["ask", "x", "--jsonl"], { handlers })).stdout.trim().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual(items);
  });

  it("says so when the stream ends before it is done", async () => {
    const cut: Record<string, TestHandler> = {
      "chat.ask": async function* () {
        yield items[1];
      },
    };
    expect((await testCli(["ask", "x"], { handlers: cut })).code).toBe(1);
  });
});

describe("output", () => {
  it("has colours on a terminal only, and not against the person's will", async () => {
    const handlers = { "system.doctor": async () => [{ id: "a", title: "A", state: "ok", message: "fine" }] };
    expect((await testCli(["doctor"], { handlers, terminal: true })).stdout).toContain("\u001b[32m");
    expect((await testCli(["doctor"], { handlers })).stdout).not.toContain("\u001b");
    expect((await testCli(["doctor", "--no-color"], { handlers, terminal: true })).stdout).not.toContain("\u001b");
    expect((await testCli(["doctor"], { handlers, terminal: true, environment: { NO_COLOR: "1" } })).stdout).not.toContain("\u001b");
  });

  it("shows a bar on a terminal and nothing when quiet", async () => {
    const handlers = jobHandlers({ state: "done", result: indexed });
    expect((await testCli(["kb", "add", "d", "--to", "t"], { handlers, terminal: true })).stderr).toContain(
      "[############            ] 1/2 files",
    );
    expect((await testCli(["kb", "add", "d", "--to", "t", "--quiet"], { handlers, terminal: true })).stderr).toBe("");
  });

  it("ends with 6 when a check of the doctor failed", async () => {
    const handlers = { "system.doctor": async () => [{ id: "a", title: "A", state: "failed", message: "broken", hint: "mend it" }] };
    const { code, stdout } = await testCli(["doctor"], { handlers });
    expect(code).toBe(6);
    expect(stdout).toContain("mend it");
  });
});

describe("config", () => {
  it("takes JSON or plain text as a value, and knows its keys", async () => {
    const set: unknown[] = [];
    const handlers: Record<string, TestHandler> = {
      "settings.set": async ({ input }) => (set.push(input), { key: "models.chat", value: "x", default: "y", description: "" }),
    };
    for (const value of ["true", '["eng","deu"]', "local:a", "12"]) await testCli(["config", "set", "models.chat", value], { handlers });
    expect(set.map((input) => (input as { value: unknown }).value)).toEqual([true, ["eng", "deu"], "local:a", 12]);
    expect((await testCli(["config", "get", "no.such.key"])).code).toBe(3);
  });
});
