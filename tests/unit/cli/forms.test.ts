import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { Passage } from "../../../src/shared/contract/search.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { routes } from "../../helpers/contract-routes.ts";
import { temporaryFolder } from "../../helpers/profile.ts";
import { testCli } from "../../helpers/run-cli.ts";
import { sampleOf } from "../../helpers/sample.ts";
import type { TestHandler } from "../../helpers/test-router.ts";

const id = "0192f3a4-7b1c-7def-8abc-0123456789ab";
const sample = (name: string): Record<string, unknown> => {
  const route = routes.find((one) => one.name === name);
  if (!route) throw new Error(`no route ${name}`);
  return sampleOf(route.output) as Record<string, unknown>;
};

const counts = { indexed: 1, skipped: 0, failed: 0, removed: 0, unavailable: 0 };

/** A command line, the route behind it, and what that is asked. */
const plain: [line: string[], route: string, input: Record<string, unknown>][] = [
  [["kb", "list"], "knowledge.listCollections", {}],
  [["kb", "show", "a b"], "knowledge.showCollection", { collection: "a b" }],
  [["kb", "create", "new", "--embedder", "bge"], "knowledge.createCollection", { name: "new", embedder: "bge" }],
  [["kb", "remove", "old"], "knowledge.removeCollection", { collection: "old" }],
  [["kb", "status", "c"], "knowledge.status", { collection: "c" }],
  [["models", "list"], "models.list", {}],
  [["models", "show", "m"], "models.show", { id: "m" }],
  [["models", "remove", "m"], "models.remove", { id: "m" }],
  [["models", "bench", "m"], "models.bench", { id: "m" }],
  [["models", "import", "f.gguf", "--link", "--role", "chat"], "models.import", { path: resolve("f.gguf"), copy: false, role: "chat" }],
  [["models", "import", "f.gguf"], "models.import", { path: resolve("f.gguf"), copy: true }],
  [["threads", "list", "--limit", "3"], "chat.listThreads", { limit: 3 }],
  [["threads", "show", id], "chat.getThread", { id }],
  [["threads", "remove", id], "chat.removeThread", { id }],
  [["jobs", "list", "--state", "failed"], "jobs.list", { states: ["failed"] }],
  [["jobs", "show", id], "jobs.get", { id }],
  [["jobs", "pause", id], "jobs.pause", { id }],
  [["jobs", "resume", id], "jobs.resume", { id }],
  [["jobs", "cancel", id], "jobs.cancel", { id }],
  [["jobs", "retry", id], "jobs.retry", { id }],
  [["config", "list"], "settings.list", {}],
  [["config", "get", "models.chat"], "settings.get", { key: "models.chat" }],
  [["config", "set", "models.chat", "x"], "settings.set", { key: "models.chat", value: "x" }],
  [["config", "reset", "models.chat"], "settings.reset", { key: "models.chat" }],
  [["backup", "b.db"], "system.backup", { file: resolve("b.db") }],
  [
    ["read", "f.pdf", "--lang", "eng+deu", "--ocr", "never", "--password", "p"],
    "knowledge.readFile",
    { path: resolve("f.pdf"), languages: ["eng", "deu"], ocr: "never", password: "p" },
  ],
  [
    ["search", "two", "words", "--kb", "a", "--kb", "b", "--mode", "keyword", "--no-rerank", "--limit", "7"],
    "knowledge.search",
    { query: "two words", collections: ["a", "b"], mode: "keyword", rerank: false, limit: 7 },
  ],
];

/** Lists, and the routes that are empty on a new profile. */
const lists: [line: string[], route: string, next: string][] = [
  [["kb", "list"], "knowledge.listCollections", "croft kb add"],
  [["jobs", "list"], "jobs.list", "croft kb add"],
  [["threads", "list"], "chat.listThreads", "croft ask"],
  [["threads", "search", "x"], "chat.searchThreads", "Every word"],
  [["threads", "presets", "list"], "chat.listPresets", "croft threads presets save"],
  [["batch", "status"], "batch.listRuns", "croft batch run"],
];

// Catches: a new person who is shown nothing at all, and a script that takes a sentence for the name of a collection.
it.each(lists)("croft %j tells of an empty list what to do, on stderr alone, and is empty as JSON", async (line, route, next) => {
  const handlers = { [route]: async () => [] };
  const told = await testCli(line, { handlers });
  expect(told).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining(next) });
  expect(await testCli([...line, "--quiet"], { handlers })).toMatchObject({ stdout: "", stderr: "" });
  expect(await testCli([...line, "--json"], { handlers })).toMatchObject({ stdout: "[]\n", stderr: "" });
  expect(await testCli([...line, "--jsonl"], { handlers })).toMatchObject({ stdout: "", stderr: "" });
});

// Catches: an empty conversation left behind by a file that is not there; and one's own that is removed for it.
it("leaves no new conversation where the file cannot be attached, and keeps one that was named", async () => {
  const removed: unknown[] = [];
  const handlers = {
    "chat.createThread": async () => ({ ...sample("chat.createThread"), id }),
    "chat.attach": async () => {
      throw new AppError("FILE_UNREADABLE", "nope could not be opened.");
    },
    "chat.removeThread": async ({ input }: { input: unknown }) => (removed.push(input), {}),
  };
  expect((await testCli(["threads", "attach", "/nope"], { handlers })).code).toBe(4);
  expect(removed).toEqual([{ id }]);
  expect((await testCli(["threads", "attach", "/nope", "--thread", id], { handlers })).code).toBe(4);
  expect(removed).toHaveLength(1);
});

// Catches: a call that core refuses, after which nobody knows how the command is used.
it("points at the help of a command whose arguments are refused without a hint", async () => {
  const handlers = { "jobs.get": async () => sample("jobs.get") };
  const { code, stderr } = await testCli(["jobs", "show", "nope"], { handlers });
  expect({ code, hint: stderr.split("\n")[1] }).toEqual({ code: 2, hint: "See: croft jobs show --help" });
});

// Catches: what can only be searched by its words, of which nobody is told, nor what to do about it.
it("says that only words are searched where there is no embedding model, and what to do", async () => {
  const wordsOnly = { code: "MODEL_MISSING", message: "The model m is not installed.", hint: "Get it with: croft models download m" };
  const result = { ...counts, collection: "notes", job: id, failures: [], took: 5, wordsOnly };
  const job = { ...sample("jobs.get"), id, state: "done", result, error: undefined };
  const handlers = {
    "knowledge.sync": async () => ({ jobId: id }),
    "jobs.get": async () => job,
    "jobs.watch": async function* () {
      yield { type: "snapshot", seq: 1, jobs: [] };
    },
  };
  const { code, stderr } = await testCli(["kb", "sync", "notes"], { handlers });
  expect(code).toBe(0);
  expect(stderr).toContain(
    "Only the words of notes can be searched: The model m is not installed. Get it with: croft models download m; then: croft kb sync notes\n",
  );
  const json = await testCli(["kb", "sync", "notes", "--json"], { handlers });
  expect(JSON.parse(json.stdout)).toMatchObject({ wordsOnly });
});

describe.each(plain)("croft %j", (line, route, input) => {
  // Catches: an option that never reaches core, a result that is changed on its way, a second value on stdout.
  it("asks core for just that, and prints its answer as one JSON value", async () => {
    const asked: unknown[] = [];
    const answer = sample(route);
    const { code, stdout, stderr, closed } = await testCli([...line, "--json"], {
      handlers: { [route]: async (call) => (asked.push(call.input), answer) },
    });
    expect(asked).toEqual([expect.objectContaining(input)]);
    expect(JSON.parse(stdout)).toMatchObject(answer);
    expect({ stderr, closed, lines: stdout.split("\n").length }).toEqual({ stderr: "", closed: 1, lines: 2 });
    expect([0, 6]).toContain(code);
  });

  // Catches: a refusal of core that is printed as text among JSON, or a command that goes on after it.
  it("ends with the code of its refusal, in both forms", async () => {
    const handlers: Record<string, TestHandler> = {
      [route]: async () => {
        throw new AppError("NOT_FOUND", "It is\nnot there.\u001b[2J", { hint: "Look\relsewhere." });
      },
    };
    const json = await testCli([...line, "--json"], { handlers });
    expect(json).toMatchObject({ code: 3, stderr: "" });
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: "NOT_FOUND" } });
    const text = await testCli(line, { handlers });
    expect(text).toMatchObject({ code: 3, stdout: "", closed: 1 });
    expect(text.stderr.split("\n")).toHaveLength(3);
    expect(text.stderr).not.toContain("\u001b");
  });
});

describe("lists with --jsonl", () => {
  // Catches: a list that comes as one line, which no line-by-line reader understands; an empty one that is not empty.
  it("have one element a line, and none for none", async () => {
    const one = sample("knowledge.showCollection");
    const handlers = { "knowledge.listCollections": async () => [one, { ...one, name: "line\nbreak" }] };
    const lines = (await testCli(["kb", "list", "--jsonl"], { handlers })).stdout.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([one, { ...one, name: "line\nbreak" }]);
    expect((await testCli(["kb", "list", "--jsonl"], { handlers: { "knowledge.listCollections": async () => [] } })).stdout).toBe("");
  });
});

describe("text of others", () => {
  const evil = "evil\r\u001b[2J\u009b31m\u0007\u202egnp.exe";
  const job = { ...sample("jobs.get"), title: evil, error: { code: "INTERNAL", message: evil } };
  const thread = { ...(sample("chat.getThread")["thread"] as object), title: evil };
  const message = { id, parent: null, role: "assistant", text: evil, state: "complete", createdAt: 0 };
  const model = { ...sample("models.show"), name: evil, licence: evil, path: evil };
  const part = Passage.parse(sampleOf(Passage));
  const passage = { ...part, document: { ...part.document, title: evil }, chunk: { ...part.chunk, heading: evil }, text: evil };
  const file = { path: evil, state: "failed", reason: { code: "FILE_DAMAGED", message: evil } };
  const hostile: [string[], string, unknown][] = [
    [["kb", "list"], "knowledge.listCollections", [{ ...sample("knowledge.showCollection"), name: evil }]],
    [["kb", "show", "x"], "knowledge.showCollection", { ...sample("knowledge.showCollection"), name: evil }],
    [["kb", "status", "x"], "knowledge.status", { ...sample("knowledge.status"), files: [file] }],
    [["models", "show", "x"], "models.show", model],
    [["jobs", "list"], "jobs.list", [job]],
    [["jobs", "show", id], "jobs.get", job],
    [["threads", "list"], "chat.listThreads", [thread]],
    [["threads", "show", id], "chat.getThread", { thread, messages: [message] }],
    [["threads", "export", id], "chat.exportThread", { ...sample("chat.exportThread"), text: evil }],
    [["doctor"], "system.doctor", [{ id: "a", title: evil, state: "failed", message: evil, hint: evil }]],
    [
      ["read", "x"],
      "knowledge.readFile",
      { ...sample("knowledge.readFile"), text: evil, warnings: [{ code: "X", message: evil, page: 2 }] },
    ],
    [["search", "x"], "knowledge.search", { ...sample("knowledge.search"), results: [passage] }],
  ];

  // Catches: a file name, a page or a model's words that clear the screen, hide text or ring the bell.
  it.each(hostile)("%j does not let it steer the terminal", async (line, route, answer) => {
    const { stdout, stderr } = await testCli(line, { handlers: { [route]: async () => answer } });
    expect(stdout).toContain("evil");
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    expect(stdout + stderr).not.toMatch(/[\u0007\r\u001b\u009b\u202e]/);
  });

  it.each(hostile)("%j keeps it whole in JSON", async (line, route, answer) => {
    const { stdout } = await testCli([...line, "--json"], { handlers: { [route]: async () => answer } });
    expect(stdout).toContain(JSON.stringify(evil).slice(1, -1));
  });
});

describe("threads export", () => {
  const handlers = { "chat.exportThread": async () => ({ ...sample("chat.exportThread"), text: "# Talk\n" }) };

  it("writes the file that was named, and says which", async () => {
    const out = join(temporaryFolder(), "talk.md");
    const { code, stdout } = await testCli(["threads", "export", id, "--out", out, "--json"], { handlers });
    expect({ code, stdout: JSON.parse(stdout) as unknown }).toEqual({ code: 0, stdout: { file: out } });
    expect(readFileSync(out, "utf8")).toBe("# Talk\n");
  });

  // Catches: a folder that is not there, reported as a fault of Croft.
  it("says when the file cannot be written", async () => {
    const out = join(temporaryFolder(), "missing", "talk.md");
    const { code, stdout } = await testCli(["threads", "export", id, "--out", out, "--json"], { handlers });
    expect(code).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "STORAGE_READONLY", hint: expect.stringContaining("--out") } });
    expect(existsSync(out)).toBe(false);
  });
});

describe("files of queries", () => {
  // Catches: a mark that Windows programs put first, and that made the first line no JSON.
  it("may begin with a byte order mark", async () => {
    const file = join(temporaryFolder(), "q.jsonl");
    writeFileSync(file, '\ufeff{"text":"one"}\r\n');
    expect((await testCli(["search", "--queries", file, "--jsonl"])).code).toBe(0);
  });

  it("that are folders are refused as such, and no fault of ours", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "q"));
    const { code, stdout } = await testCli(["search", "--queries", join(folder, "q"), "--json"]);
    expect({ code, error: JSON.parse(stdout) as unknown }).toEqual({
      code: 4,
      error: { error: expect.objectContaining({ code: "FILE_UNREADABLE" }) },
    });
  });

  it.each(['{"text":""}', '{"text":7}', '{"query":"x"}', "[]", "null", '"x"'])("name a line that is %s", async (line) => {
    const file = join(temporaryFolder(), "q.jsonl");
    writeFileSync(file, `{"text":"one"}\n\n${line}\n`);
    const { code, stdout } = await testCli(["search", "--queries", file, "--jsonl"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({ error: { code: "INVALID_INPUT", data: { file, line: 3 } } });
  });

  // Catches: Ctrl-C that is recorded as the failure of one query, after which the rest goes on.
  it("stop at an interruption, with what was answered already written", async () => {
    const file = join(temporaryFolder(), "q.jsonl");
    writeFileSync(file, '{"text":"one"}\n{"text":"two"}\n{"text":"three"}\n');
    const interrupt = new AbortController();
    const asked: unknown[] = [];
    const search: TestHandler = async ({ input }) => {
      const { query } = input as { query: string };
      asked.push(query);
      if (query === "two") interrupt.abort(new AppError("ABORTED", "Stopped."));
      return { ...sample("knowledge.search"), query };
    };
    const { code, stdout } = await testCli(["search", "--queries", file, "--jsonl"], {
      handlers: { "knowledge.search": search },
      signal: interrupt.signal,
    });
    expect(code).toBe(130);
    expect(asked).toEqual(["one", "two"]);
    expect(JSON.parse(stdout.split("\n")[0] ?? "")).toMatchObject({ query: "one" });
  });
});

describe("models", () => {
  // Catches: a download that is begun although the person forbade the network.
  it("are not downloaded offline, and core is not even opened", async () => {
    const { code, stdout, closed } = await testCli(["models", "download", "m", "--offline", "--json"]);
    expect({ code, closed }).toEqual({ code: 6, closed: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "OFFLINE" } });
  });

  it.each([
    [true, 0],
    [false, 6],
  ])("that a probe finds usable (%s) end with %i", async (ok, expected) => {
    const handlers = { "models.probe": async () => ({ ...sample("models.probe"), ok, message: "It was tried." }) };
    expect(await testCli(["models", "probe", "m"], { handlers })).toMatchObject({ code: expected, stdout: "It was tried.\n" });
  });
});
