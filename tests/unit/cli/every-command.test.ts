import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Command, globalOptions, type Group, isGroup } from "../../../src/main/cli/command.ts";
import { root } from "../../../src/main/cli/root.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { routes } from "../../helpers/contract-routes.ts";
import { testCli } from "../../helpers/run-cli.ts";
import { sampleOf } from "../../helpers/sample.ts";
import type { TestHandler } from "../../helpers/test-router.ts";

const folder = mkdtempSync(join(tmpdir(), "croft-every-command-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "file.txt");
writeFileSync(file, "{}");

const id = "0192f3a4-7b1c-7def-8abc-0123456789ab";
const words: Record<string, string> = { KEY: "models.chat", VALUE: "local:m", SHELL: "bash", FILE: file, PATH: file, NAME: "invoice" };
/** What a command needs beside its arguments to reach core at all. */
const needed: Record<string, string[]> = {
  "kb add": ["--to", "t"],
  "kb update": ["--embedder", "m"],
  "batch run": ["--recipe", "invoice"],
  "batch export": ["--format", "csv", "--out", join(folder, "out.csv")],
};
/** They start a process or a server of their own, or need no core. */
const apart = new Set(["start", "serve", "core", "restore", "completion"]);

function commandsOf(path: string[], node: Command | Group): { name: string; line: string[]; command: Command }[] {
  if (isGroup(node)) return Object.entries(node.commands).flatMap(([name, child]) => commandsOf([...path, name], child));
  const name = path.join(" ");
  return [{ name, line: [...path, ...node.args.map((argument) => words[argument.name] ?? id), ...(needed[name] ?? [])], command: node }];
}
const commands = commandsOf([], root);
const all = commands.filter(({ name }) => !apart.has(name));

/** Handlers for every route there is. */
const everywhere = (handler: TestHandler): Record<string, TestHandler> => Object.fromEntries(routes.map(({ name }) => [name, handler]));
const sample = (name: string): Record<string, unknown> => {
  const route = routes.find((one) => one.name === name);
  if (!route) throw new Error(`no route ${name}`);
  return sampleOf(route.output) as Record<string, unknown>;
};

describe.each(all)("croft $name", ({ line }) => {
  // Catches: a field that is missing from an answer and is printed as undefined, NaN or [object Object].
  it("says something a person can read of the smallest answer there can be", async () => {
    const { code, stdout, stderr } = await testCli(line);
    // A scan, a job or an answer that ends before its last item has no result to show.
    expect([0, 1, 3, 6, 130]).toContain(code);
    expect(stdout + stderr).not.toMatch(/undefined|NaN|\[object|Infinity|Invalid Date/);
    if (code !== 0) expect(stderr).toMatch(/^croft: /m);
    if (stdout !== "") expect(stdout.endsWith("\n")).toBe(true);
  });

  // Catches: a notice, a bar or a second value among the JSON, which ends every program that reads it.
  it("is one JSON value with --json, whatever else is asked for", async () => {
    for (const more of [["--json"], ["--json", "--quiet"], ["--json", "--no-color"]]) {
      const { stdout } = await testCli([...line, ...more], { terminal: true });
      expect(stdout.split("\n"), more.join(" ")).toHaveLength(2);
      expect(() => JSON.parse(stdout) as unknown).not.toThrow();
    }
  });

  it("is JSON on every line with --jsonl", async () => {
    const { stdout } = await testCli([...line, "--jsonl"]);
    for (const one of stdout.split("\n").slice(0, -1)) expect(() => JSON.parse(one) as unknown, one).not.toThrow();
  });

  // Catches: a refusal of core that a command swallows, answers with success, or leaves core open after.
  it("ends with the code of core's refusal, its hint told, core closed", async () => {
    const handlers = everywhere(() => {
      throw new AppError("MODEL_MISSING", "The model is not here; nothing was changed.", { hint: "Get it.", data: { id: "m" } });
    });
    const json = await testCli([...line, "--json"], { handlers });
    expect([json.code, json.closed]).toEqual([6, 1]);
    expect(JSON.parse(json.stdout)).toEqual({
      error: { code: "MODEL_MISSING", message: "The model is not here; nothing was changed.", hint: "Get it.", data: { id: "m" } },
    });
    const text = await testCli(line, { handlers });
    expect([text.code, text.stdout, text.closed]).toEqual([6, "", 1]);
    expect(text.stderr).toBe("croft: The model is not here; nothing was changed.\nGet it.\n");
  });

  // Catches: a fault whose stack, path or secret is printed: the log has it.
  it("says of an unknown fault only that there was one", async () => {
    const handlers = everywhere(() => {
      throw new Error("secret at /home/someone");
    });
    const { code, stdout, stderr } = await testCli(line, { handlers });
    expect(code).toBe(1);
    expect(stdout + stderr).not.toMatch(/secret|someone|at \//);
  });

  // Catches: Ctrl-C that is reported as the fault it caused, so that a script tries again.
  it("ends with 130 when it was interrupted, whatever that broke", async () => {
    const interrupt = new AbortController();
    const handlers = everywhere(() => {
      interrupt.abort(new AppError("ABORTED", "Stopped; what was done until then is kept."));
      throw new Error("broken by it");
    });
    const { code, stderr } = await testCli(line, { handlers, signal: interrupt.signal });
    expect(code).toBe(130);
    expect(stderr).toContain("kept");
  });

  it("says nothing on stderr when it is quiet and all is well", async () => {
    const { code, stderr } = await testCli([...line, "--quiet"]);
    if (code === 0) expect(stderr).toBe("");
  });
});

/** A command line, the route behind it, and what that is asked; those that no other test has. */
const asked: [line: string[], route: string, input: Record<string, unknown>][] = [
  [["threads", "presets", "list"], "chat.listPresets", {}],
  [
    ["threads", "presets", "save", "brief", "--system", "Be short.", "--temperature", "1", "--max-tokens", "60", "--model", "local:m"],
    "chat.savePreset",
    { name: "brief", settings: { systemPrompt: "Be short.", temperature: 1, maxTokens: 60, model: "local:m" } },
  ],
  [["threads", "fork", id, id], "chat.forkThread", { id, message: id }],
  [
    ["threads", "search", "two", "words", "--limit", "3", "--thread", id],
    "chat.searchThreads",
    { query: "two words", limit: 3, thread: id },
  ],
  [["threads", "export", id, "--format", "json"], "chat.exportThread", { id, format: "json" }],
  [["batch", "recipes", "list"], "batch.listRecipes", {}],
  [["batch", "recipes", "show", "invoice", "--revision", "2"], "batch.getRecipe", { name: "invoice", version: 2 }],
  [["batch", "recipes", "import", file], "batch.importRecipe", { path: file }],
  [["batch", "recipes", "measure", "invoice"], "batch.measureRecipe", { name: "invoice" }],
  [["batch", "recipes", "suggest", file, file, "--name", "mine"], "batch.suggestFields", { paths: [file, file], name: "mine" }],
  [["batch", "status"], "batch.listRuns", {}],
  [["batch", "pause", "r"], "batch.pause", { run: "r" }],
  [["batch", "cancel", "r"], "batch.cancel", { run: "r" }],
  [["batch", "review", "r"], "batch.results", { run: "r", states: ["review"], order: "review" }],
  [["models", "probe", "m"], "models.probe", { id: "m" }],
  [["config", "list"], "settings.list", {}],
];

describe.each(asked)("croft %j", (line, route, input) => {
  // Catches: an option that never reaches core.
  it("asks core for just that", async () => {
    const calls: unknown[] = [];
    const answer = sample(route);
    const { stdout } = await testCli([...line, "--json"], { handlers: { [route]: async (call) => (calls.push(call.input), answer) } });
    expect(calls).toEqual([expect.objectContaining(input)]);
    expect(stdout).not.toBe("");
  });
});

// Catches: an option of a command that a global one of the same name takes away: it would print the version of Croft.
it.each(commands)("$name has no option of a global one's name", ({ command }) => {
  expect(Object.keys(command.options).filter((name) => Object.hasOwn(globalOptions, name))).toEqual([]);
  const shorts = Object.values({ ...globalOptions, ...command.options }).flatMap((option) =>
    "short" in option && option.short ? [option.short] : [],
  );
  expect(new Set(shorts).size).toBe(shorts.length);
});

describe("options that are refused before core is opened", () => {
  it.each([
    [["search", "x", "--limit"], "--limit"],
    [["search", "x", "--limit", "ten"], "whole number"],
    [["search", "x", "--mode", "best"], "hybrid, keyword, vector"],
    [["search"], "QUERY is missing"],
    [["ask"], "QUESTION is missing"],
    [["ask", "x", "--effort", "much"], "one of"],
    [["kb", "create"], "NAME is missing"],
    [["kb", "add", "--to", "t"], "PATH is missing"],
    [["kb", "update", "papers"], "--embedder is missing"],
    [["kb", "status", "papers", "--out", "x"], "--format"],
    [["models", "import"], "PATH is missing"],
    [["models", "import", "x", "--role", "poet"], "one of"],
    [["jobs", "list", "--state", "tired"], "one of"],
    [["config", "set", "models.chat"], "VALUE is missing"],
    [["config", "get", "a", "b"], "too many: b"],
    [["threads", "export", id, "--format", "pdf"], "markdown, json"],
    [["batch", "results"], "RUN is missing"],
    [["batch", "export", "r", "--format", "csv"], "--out is missing"],
    [["batch", "scan"], "PATH is missing"],
    [["read"], "FILE is missing"],
    [["backup"], "FILE is missing"],
    [["completion"], "SHELL is missing"],
    [["serve", "--port", "-1"], "--port"],
    [["serve", "--port", "65536"], "--port is at most 65535"],
    [["config", "set", "models.idleMinutes", "-1"], "after --"],
    [["--unknown", "kb", "list"], "--unknown"],
    [["kb", "list", "--profile"], "--profile"],
    [["kb", "wrong"], "There is no command kb wrong"],
  ])("%j", async (line, told) => {
    const text = await testCli(line);
    expect([text.code, text.stdout, text.closed]).toEqual([2, "", 0]);
    expect(text.stderr).toContain(told);
    const json = await testCli(["--json", ...line]);
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: "INVALID_INPUT", hint: expect.stringContaining("--help") } });
  });

  it("a setting that there is not is not found, and core is not opened for it", async () => {
    for (const line of [
      ["config", "get", "__proto__"],
      ["config", "set", "constructor", "1"],
      ["config", "reset", "no.such"],
    ])
      expect(await testCli(line)).toMatchObject({ code: 3, closed: 0, stderr: expect.stringContaining("config list") });
  });
});

describe("what a person types as a value", () => {
  // Catches: an argument with a meaning in a shell, a path or SQL that is changed on its way.
  it.each(["$(id)", "a;b", "'; DROP TABLE x; --", "../../x", "--", "日本語", "a\nb", " spaces ", "*", "-", "\\"])(
    "%j reaches core as it is",
    async (value) => {
      const calls: unknown[] = [];
      const handlers = {
        "knowledge.showCollection": async ({ input }: { input: unknown }) => (calls.push(input), sample("knowledge.showCollection")),
      };
      const { code } = await testCli(["kb", "show", "--json", "--", value], { handlers });
      expect([code, calls]).toEqual([0, [{ collection: value }]]);
    },
  );

  it("a list option keeps what was given, in order, commas and all", async () => {
    const calls: unknown[] = [];
    const handlers = { "knowledge.search": async ({ input }: { input: unknown }) => (calls.push(input), sample("knowledge.search")) };
    await testCli(["search", "q", "--kb", "b,c", "--kb=a", "--kb", "b,c"], { handlers });
    expect(calls).toMatchObject([{ collections: ["b,c", "a", "b,c"] }]);
  });
});

describe("presets", () => {
  const preset = { id, name: "Brief", settings: {} };
  const handlers = (removed: unknown[]): Record<string, TestHandler> => ({
    "chat.listPresets": async () => [{ ...(sample("chat.savePreset") as object), ...preset }],
    "chat.removePreset": async ({ input }) => (removed.push(input), sample("chat.removePreset")),
  });

  it.each(["brief", "BRIEF", id])("are removed by %s", async (name) => {
    const removed: unknown[] = [];
    expect((await testCli(["threads", "presets", "remove", name], { handlers: handlers(removed) })).code).toBe(0);
    expect(removed).toEqual([{ id }]);
  });

  it("that nobody made are not found, and none is removed", async () => {
    const removed: unknown[] = [];
    const { code, stderr } = await testCli(["threads", "presets", "remove", "bri"], { handlers: handlers(removed) });
    expect([code, removed]).toEqual([3, []]);
    expect(stderr).toContain("presets list");
  });
});

describe("attaching a file", () => {
  it("begins a conversation where none is named, and says which", async () => {
    const calls: unknown[] = [];
    const handlers: Record<string, TestHandler> = {
      "chat.createThread": async () => ({ ...sample("chat.createThread"), id }),
      "chat.attach": async ({ input }) => (calls.push(input), sample("chat.attach")),
    };
    expect((await testCli(["threads", "attach", file], { handlers })).stdout).toBe(`${id}\n`);
    await testCli(["threads", "attach", file, "--thread", id], {
      handlers: { ...handlers, "chat.createThread": () => Promise.reject(new Error("made")) },
    });
    expect(calls).toEqual([
      { thread: id, name: "file.txt", path: file },
      { thread: id, name: "file.txt", path: file },
    ]);
  });
});
