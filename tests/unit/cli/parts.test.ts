import { spawnSync } from "node:child_process";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Group } from "../../../src/main/cli/command.ts";
import { completionScript } from "../../../src/main/cli/completion.ts";
import { followJob } from "../../../src/main/cli/follow-job.ts";
import { renderHelp } from "../../../src/main/cli/help.ts";
import { showIndexResult } from "../../../src/main/cli/index-result.ts";
import { createInterrupt } from "../../../src/main/cli/interrupt.ts";
import { createOutput, type Form } from "../../../src/main/cli/output.ts";
import { parseLine } from "../../../src/main/cli/parse.ts";
import { root } from "../../../src/main/cli/root.ts";
import { runCli } from "../../../src/main/cli/run-cli.ts";
import { bytes, columns, harmless, oneLine } from "../../../src/main/cli/text.ts";
import { waitUntilIdle } from "../../../src/main/cli/wait-until-idle.ts";
import { createMemoryClient } from "../../../src/main/transport/memory-client.ts";
import { Job } from "../../../src/shared/contract/jobs.ts";
import { AppError, errorCodes } from "../../../src/shared/errors.ts";
import { sampleOf } from "../../helpers/sample.ts";
import { createTestContext, createTestRouter, type TestHandler } from "../../helpers/test-router.ts";

const id = "0192f3a4-7b1c-7def-8abc-0123456789ab";
const job = (over: Partial<Job>): Job => ({ ...Job.parse(sampleOf(Job)), id, progress: { done: 1, total: 2, unit: "files" }, ...over });
const clientOf = (handlers: Record<string, TestHandler>) => createMemoryClient(createTestRouter(handlers), createTestContext().context);

/** An output over streams of the test, with a clock that the test moves. */
function testOutput(
  options: { form?: Form; quiet?: boolean; color?: boolean; terminal?: boolean; columns?: number; environment?: NodeJS.ProcessEnv } = {},
) {
  const written = { stdout: "", stderr: "" };
  const clock = { now: 0 };
  const stream = (name: keyof typeof written) => ({
    write: (text: string) => void (written[name] += text),
    isTTY: options.terminal ?? false,
    columns: options.columns ?? 80,
  });
  const io = { stdout: stream("stdout"), stderr: stream("stderr"), environment: options.environment ?? {}, now: () => clock.now };
  const output = createOutput(io, { form: options.form ?? "text", quiet: options.quiet ?? false, color: options.color ?? true });
  return { output, written, clock, io };
}

describe("progress", () => {
  // Catches: a log of thousands of lines where nobody watches, or none for minutes.
  it("is a line at once and then every five seconds where there is no terminal", () => {
    const { output, written, clock } = testOutput();
    for (clock.now = 0; clock.now < 10_500; clock.now += 100) output.progress({ done: clock.now, total: 0, unit: "files" });
    expect(written).toEqual({ stdout: "", stderr: "0 files\n5000 files\n10000 files\n" });
  });

  it("is one bar that is overwritten on a terminal, and gone before anything else is written", () => {
    const { output, written } = testOutput({ terminal: true });
    output.progress({ done: 1, total: 4, unit: "files" });
    output.result({}, () => "the result");
    output.progressEnd();
    expect(written.stderr).toBe(`\r\u001b[K[${"#".repeat(6)}${" ".repeat(18)}] 1/4 files\r\u001b[K`);
    expect(written.stdout).toBe("the result\n");
  });

  // Catches: a long file name that wraps the bar into ever more lines, or steers the terminal; a bar of negative length.
  it.each([1, 20, 28, 40, 200])("fits a terminal of %i columns, whatever is noted", (width) => {
    const { output, written } = testOutput({ terminal: true, columns: width });
    output.progress({ done: 9, total: 4, unit: "files", note: `${"long/".repeat(100)}\u001b[2J\n` });
    const bar = written.stderr.replace("\r\u001b[K", "");
    expect(bar).not.toContain("\u001b");
    expect(bar).not.toContain("\n");
    expect(bar.length).toBeLessThanOrEqual(Math.max(width, 27));
  });

  it("is nothing when quiet, and nothing of a job that counts nothing yet", () => {
    const quiet = testOutput({ quiet: true, terminal: true });
    quiet.output.progress({ done: 1, total: 2, unit: "files" });
    quiet.output.notice("a notice");
    const early = testOutput();
    early.output.progress({ done: 0, total: 0, unit: "" });
    expect([quiet.written.stderr, early.written.stderr]).toEqual(["", ""]);
  });
});

describe("output", () => {
  const error = new AppError("NOT_FOUND", "Gone.", { hint: "Look." });

  // Catches: an error that --quiet swallows, or that lands among the data.
  it("tells errors on stderr as text and on stdout as JSON, also when quiet", () => {
    const text = testOutput({ quiet: true });
    text.output.error(error);
    expect(text.written).toEqual({ stdout: "", stderr: "croft: Gone.\nLook.\n" });
    for (const form of ["json", "jsonl"] as const) {
      const json = testOutput({ form });
      json.output.error(error);
      expect(json.written).toEqual({ stdout: '{"error":{"code":"NOT_FOUND","message":"Gone.","hint":"Look."}}\n', stderr: "" });
    }
  });

  // Catches: escape codes in a file or a pipe, or against what the person or the terminal says.
  it.each([
    ["a terminal", { terminal: true }, true],
    ["an empty NO_COLOR, which means nothing", { terminal: true, environment: { NO_COLOR: "" } }, true],
    ["NO_COLOR", { terminal: true, environment: { NO_COLOR: "0" } }, false],
    ["a dumb terminal", { terminal: true, environment: { TERM: "dumb" } }, false],
    ["--no-color", { terminal: true, color: false }, false],
    ["a pipe", {}, false],
  ])("with %s", (_what, options, colored) => {
    const { output, written } = testOutput(options);
    output.result({}, (paint) => paint("red", "x"));
    output.error(error);
    expect(written.stdout.includes("\u001b[31m")).toBe(colored);
    expect(written.stderr.includes("\u001b[31m")).toBe(colored);
  });

  it("ends text with one line break, and leaves streamed pieces out of JSON", () => {
    const text = testOutput();
    for (const result of ["a", "a\n", ""]) text.output.result({}, () => result);
    expect(text.written.stdout).toBe("a\na\n");
    const json = testOutput({ form: "json" });
    json.output.piece("token");
    json.output.result([1, 2], () => "");
    expect(json.written.stdout).toBe("[1,2]\n");
  });
});

describe("text", () => {
  it("counts bytes as file managers do", () => {
    expect([0, 999, 1000, 1_500_000, 2e9, 3e12, 5e15].map(bytes)).toEqual([
      "0 B",
      "999 B",
      "1.0 kB",
      "1.5 MB",
      "2.0 GB",
      "3.0 TB",
      "5000.0 TB",
    ]);
  });

  // Catches: "1000.0 kB" where a megabyte is meant.
  it("takes the next unit where rounding would reach it", () => {
    expect([999_949, 999_950, 999_999, 999_949_999, 999_999_999].map(bytes)).toEqual([
      "999.9 kB",
      "1.0 MB",
      "1.0 MB",
      "999.9 MB",
      "1.0 GB",
    ]);
  });

  // Catches: half of an emoji at the end of a line that was cut, which terminals show as damage.
  it("cuts a line between characters", () => {
    expect(oneLine("aaaa😀b", 6)).toBe("aaaa…");
    expect(oneLine("aaa😀bc", 6)).toBe("aaa😀…");
    for (let most = 2; most < 12; most += 1) expect(oneLine("😀".repeat(6), most).isWellFormed()).toBe(true);
  });

  it("lines columns up, without blanks at the end", () => {
    expect(
      columns([
        ["a", "bbb", ""],
        ["cccc", "d", "e"],
      ]),
    ).toBe("a     bbb\ncccc  d    e");
    expect(columns([])).toBe("");
  });

  // Catches: the time of another place, by which nobody finds a conversation of this morning.
  it("shows times by the clock of the machine", () => {
    const program = `import { dateTime } from ${JSON.stringify(new URL("../../../src/main/cli/text.ts", import.meta.url).href)};
      process.stdout.write(dateTime(Date.UTC(2026, 2, 1, 20, 5)));`;
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { env: { TZ: "Asia/Tokyo" } });
    expect(stdout.toString()).toBe("2026-03-02 05:05");
  });

  it("keeps tabs, line breaks and all scripts, and nothing that steers", () => {
    expect(harmless("a\tb\r\nc\u200d語🔑")).toBe("a\tb\nc\u200d語🔑");
    for (const code of [0, 7, 8, 0x0b, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0x202a, 0x202e, 0x2066, 0x2069]) {
      expect(harmless(String.fromCodePoint(code)), code.toString(16)).toBe("\ufffd");
    }
    expect(oneLine("a \n\t b".padEnd(100, "x"), 10)).toHaveLength(10);
  });
});

describe("createInterrupt", () => {
  afterEach(() => vi.restoreAllMocks());

  /** The handler as the process would call it, with a clock of the test and a process that cannot be killed. */
  function interrupted() {
    const handlers = new Map<string | symbol, (name: NodeJS.Signals) => void>();
    const clock = vi.spyOn(performance, "now").mockReturnValue(1000);
    vi.spyOn(process, "on").mockImplementation((name, handler) => (handlers.set(name, handler as () => void), process));
    vi.spyOn(process, "off").mockImplementation((name) => (handlers.delete(name), process));
    const kill = vi.spyOn(process, "kill").mockReturnValue(true);
    const notices: string[] = [];
    const interrupt = createInterrupt((text) => void notices.push(text));
    return { interrupt, notices, kill, clock, handlers, press: (name: NodeJS.Signals) => handlers.get(name)?.(name) };
  }

  // Catches: a first Ctrl-C that loses what is done, a second that is ignored, or that runs an ordered exit.
  it.each(["SIGINT", "SIGTERM"] as const)("stops at the first %s and dies by the second", (name) => {
    const { interrupt, notices, kill, clock, handlers, press } = interrupted();
    press(name);
    expect(interrupt.signal.reason).toMatchObject({ code: "ABORTED" });
    expect(notices).toEqual([expect.stringContaining("again")]);
    expect(kill).not.toHaveBeenCalled();
    clock.mockReturnValue(1500);
    press(name);
    expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, name);
    // Catches: a handler that is still there and swallows the signal that was to end the process.
    expect(handlers.size).toBe(0);
  });

  it("takes the echo of a library for the same press", () => {
    const { kill, clock, press } = interrupted();
    press("SIGINT");
    clock.mockReturnValue(1050);
    press("SIGINT");
    expect(kill).not.toHaveBeenCalled();
  });

  it("lets go of the signals when the command is over", () => {
    const { interrupt, handlers } = interrupted();
    interrupt.stop();
    expect(handlers.size).toBe(0);
    expect(interrupt.signal.aborted).toBe(false);
  });
});

describe("followJob", () => {
  const follow = (items: unknown[], get: Job = job({ state: "running" })) => {
    const client = clientOf({
      "jobs.get": async () => get,
      "jobs.watch": async function* () {
        yield* items;
      },
    });
    return followJob(client, id, { output: testOutput().output, signal: new AbortController().signal });
  };
  const snapshot = { type: "snapshot", seq: 0, jobs: [] };

  it.each([
    ["done before it was watched", [snapshot], job({ state: "done" })],
    ["done while it is watched", [snapshot, { type: "change", seq: 1, job: job({ state: "done" }) }], undefined],
  ])("returns a job that is %s", async (_what, items, get) => {
    expect(await follow(items, get)).toMatchObject({ id, state: "done" });
  });

  // Catches: a job that ended otherwise than done and that a script takes for done, or waits for.
  it.each([
    ["failed", { error: { code: "DISK_FULL", message: "No space." } }, "DISK_FULL", undefined],
    ["failed", { error: { code: "constructor", message: "?" } }, "INTERNAL", undefined],
    ["failed", {}, "INTERNAL", undefined],
    ["cancelled", {}, "ABORTED", `croft jobs retry ${id}`],
    ["paused", {}, "ABORTED", `croft jobs resume ${id}`],
  ] as const)("throws what a %s job (%j) ended with", async (state, over, code, hint) => {
    const error: unknown = await follow([snapshot, { type: "change", seq: 1, job: job({ state, ...over }) }]).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code, data: { job: id } });
    if (hint) expect(error).toMatchObject({ hint: expect.stringContaining(hint) });
    expect(errorCodes[code].exit).toBeGreaterThan(0);
  });

  it("says that the job goes on when Croft ends first", async () => {
    await expect(follow([snapshot])).rejects.toMatchObject({ code: "CLOSED", data: { job: id } });
  });

  // Catches: a Ctrl-C that came before the job was watched, and that nobody heard.
  it("cancels a job of a command that was already interrupted", async () => {
    let cancelled: unknown;
    const client = clientOf({
      "jobs.cancel": async ({ input }) => ((cancelled = input), job({ state: "cancelled" })),
      "jobs.get": async () => job({ state: "cancelled" }),
      "jobs.watch": async function* () {
        yield snapshot;
      },
    });
    await expect(followJob(client, id, { output: testOutput().output, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "ABORTED",
    });
    expect(cancelled).toEqual({ id });
  });

  it.each([undefined, {}, { indexed: "many" }])("makes a fault of an indexing job that ends with %j", (result) => {
    expect(() => showIndexResult(job({ state: "done", result }), testOutput().output)).toThrow(
      expect.objectContaining({ code: "INTERNAL" }),
    );
  });
});

describe("waitUntilIdle", () => {
  afterEach(() => void vi.useRealTimers());
  const connectionsOf = (count: number) => {
    const state = {
      connections: count,
      listeners: [] as (() => void)[],
      onChange: (listener: () => void) => void state.listeners.push(listener),
    };
    return state;
  };
  const watching = (jobs: Job[]) =>
    clientOf({
      "jobs.watch": async function* ({ signal }) {
        yield { type: "snapshot", seq: 0, jobs };
        await new Promise<void>((done) => signal?.addEventListener("abort", () => done()));
      },
    });

  it("ends once nothing waits and nobody is connected", async () => {
    await waitUntilIdle(watching([job({ state: "done" })]), connectionsOf(0), { idleMs: 1, signal: new AbortController().signal });
  });

  // Catches: a core in the background that ends under a job, or under somebody who is connected.
  it.each([
    ["a job runs", [job({ state: "running" })], 0],
    ["a job waits", [job({ state: "queued" })], 0],
    ["somebody is connected", [], 1],
  ])("does not end while %s, until it is told to", async (_what, jobs, count) => {
    const timers = vi.spyOn(globalThis, "setTimeout");
    const stop = new AbortController();
    const seen = Promise.withResolvers<void>();
    const connections = connectionsOf(count);
    const client = watching(jobs);
    const waiting = waitUntilIdle(client, connections, { idleMs: 123_456, signal: stop.signal });
    setImmediate(() => setImmediate(seen.resolve));
    await seen.promise;
    expect(timers.mock.calls.filter(([, delay]) => delay === 123_456)).toHaveLength(jobs.length > 0 || count > 0 ? 0 : 1);
    timers.mockRestore();
    stop.abort();
    await waiting;
  });
});

describe("parseLine", () => {
  const group: Group = {
    summary: "",
    commands: {
      run: {
        summary: "Run",
        args: [
          { name: "FILE", description: "" },
          { name: "MORE", description: "", optional: true },
        ],
        options: {
          many: { type: "list", description: "" },
          count: { type: "number", description: "" },
          kind: { type: "string", choices: ["a", "b"], description: "" },
        },
        examples: [],
        run: async () => 0,
      },
    },
  };

  it("gives every option its type, also when it is not there", () => {
    expect(parseLine(group, ["run", "f", "--many", "1", "--many=2", "--count", "007", "--kind=b", "-q"])).toMatchObject({
      path: ["run"],
      args: ["f"],
      values: { many: ["1", "2"], count: 7, kind: "b", quiet: true, json: false, profile: undefined },
    });
    expect(parseLine(group, ["run", "f"]).values).toMatchObject({ many: [], count: undefined, kind: undefined });
  });

  it.each([
    [["run"], "FILE is missing"],
    [["run", "a", "b", "c"], "too many: c"],
    [["run", "f", "--count", "1e3"], "whole number"],
    [["run", "f", "--count", "1.5"], "whole number"],
    [["run", "f", "--count", "9999999999"], "whole number"],
    [["run", "f", "--count", ""], "whole number"],
    [["run", "f", "--kind", "A"], "one of a, b"],
    [["run", "f", "--json=yes"], "--json"],
    [["run", "f", "--many"], "--many"],
    [["run", "f", "-x"], "-x"],
    [["run", "f", "--__proto__", "x"], "__proto__"],
    [["run", "f", "-1"], "after --"],
    // A variable that is not set; as a path it would be the folder that the command was called in.
    [["run", ""], "FILE is empty"],
    [["run", "f", ""], "MORE is empty"],
    [["run", "f", "--profile", ""], "--profile is empty"],
    [["toString"], "no command toString"],
  ])("refuses %j", (line, message) => {
    expect(() => parseLine(group, line)).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT", message: expect.stringContaining(message) }),
    );
  });

  // Catches: help that is refused because the arguments are missing that it would explain.
  it("helps without arguments", () => expect(parseLine(group, ["run", "--help"]).global.help).toBe(true));
});

describe("runCli", () => {
  // Catches: a core that cannot be closed, or opened, and that ends the program with a stack.
  it.each([
    ["opened", "reject", "close"],
    ["closed", "open", "reject"],
  ])("ends with a code when core cannot be %s", async (_what, opening, closing) => {
    const { io, written } = testOutput();
    const fail = async (how: string): Promise<void> => {
      if (how === "reject") throw new Error("secret detail");
    };
    const code = await runCli(["kb", "list"], {
      io,
      version: "1",
      signal: new AbortController().signal,
      openSession: async () => (await fail(opening), { client: clientOf({}), joined: false, close: () => fail(closing) }),
    });
    expect(code).toBe(1);
    expect(written.stderr).toContain("croft: ");
    expect(written.stderr).not.toContain("secret");
  });
});

describe("completion and help", () => {
  const bash = spawnSync("bash", ["--version"]).status === 0;
  const complete = (...words: string[]): string[] => {
    const program = `${completionScript("bash", root)}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); cd /; _croft; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return spawnSync("bash", ["-c", program, "bash", "croft", ...words], { encoding: "utf8" })
      .stdout.split("\n")
      .filter(Boolean);
  };

  // Catches: a script that a shell cannot run, or that offers the wrong words; run by the shell itself.
  it.skipIf(!bash).each([
    [["se"], ["search", "serve"]],
    [["kb", "st"], ["status"]],
    [["kb", "add", "--re"], ["--records"]],
    [["search", "words", "--no-r"], ["--no-rerank"]],
    [["--of"], ["--offline"]],
    [["core", "--idle"], []],
  ])("bash completes %j", (words, expected) => {
    expect(complete(...words).sort()).toEqual(expected);
  });

  it.skipIf(!bash)("is a script without errors, for zsh's bash mode too", () => {
    for (const shell of ["bash", "zsh"]) {
      expect(spawnSync("bash", ["-n"], { input: completionScript(shell, root), encoding: "utf8" })).toMatchObject({
        status: 0,
        stderr: "",
      });
    }
  });

  // Catches: a description with a quote that breaks out of its string in the person's shell.
  it("quotes descriptions for fish", () => {
    const hostile: Group = {
      summary: "",
      commands: { x: { summary: "it's $(id) \\ done", args: [], options: {}, examples: [], run: async () => 0 } },
    };
    expect(completionScript("fish", hostile)).toContain("-a x -d 'it\\'s $(id) \\\\ done'");
  });

  it.each(["powershell", "", "constructor"])("knows no shell %j", (shell) => {
    expect(() => completionScript(shell, root)).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT", hint: expect.stringContaining("fish") }),
    );
  });

  it("hides what is only for Croft itself", () => {
    expect(renderHelp([], root)).not.toMatch(/^ {2}core /m);
    expect(renderHelp([], root)).toContain("Usage: croft COMMAND");
  });
});
