import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import files from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { inspect } from "node:util";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createLogFiles } from "../../../src/main/core/log-files.ts";
import { createLogger, type LogRecord } from "../../../src/main/core/logger.ts";
import { createSecretsFile } from "../../../src/main/core/secrets-file.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const posix = process.platform !== "win32";
const mode = (path: string): number => statSync(path).mode & 0o777;

describe("createSecretsFile", () => {
  // Catches: a key that stays readable for others because the file was there before, with their permissions.
  it.skipIf(!posix)("makes a file that others could read its own, and its folder from the start", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "secrets.json");
    writeFileSync(file, '{"old.key":"kept"}');
    chmodSync(file, 0o644);
    await createSecretsFile(file, {}).set("new.key", "x");
    expect(mode(file)).toBe(0o600);
    const nested = join(folder, "profile", "secrets.json");
    await createSecretsFile(nested, {}).set("a", "b");
    expect(mode(join(folder, "profile"))).toBe(0o700);
    expect(await createSecretsFile(file, {}).get("old.key")).toBe("kept");
  });

  // Catches: one damaged byte after which all keys are overwritten, and parsers' messages that quote the keys into logs.
  it.each([
    ["cut off", '{"openai.key":"sk-very-secret'],
    ["no JSON", "sk-very-secret"],
    ["a list", '["sk-very-secret"]'],
    ["of other types", '{"openai.key":{"value":"sk-very-secret"}}'],
    ["empty", ""],
  ])("refuses a file that is %s, leaves it as it is, and repeats nothing of it", async (_what, text) => {
    const file = join(temporaryFolder(), "secrets.json");
    writeFileSync(file, text);
    const secrets = createSecretsFile(file, {});
    for (const attempt of [secrets.get("openai.key"), secrets.set("other", "x"), secrets.delete("openai.key")]) {
      const error: unknown = await attempt.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "FILE_DAMAGED", hint: expect.any(String) });
      expect(inspect(error, { depth: 10 })).not.toMatch(/sk-|secret[^s]/);
    }
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  // Catches: a reading shared with those who ask after a write, which brings them what was there before it.
  it("gives what was just written to whoever asks next, though others are reading all the time", async () => {
    const file = join(temporaryFolder(), "secrets.json");
    const secrets = createSecretsFile(file, {});
    for (let turn = 0; turn < 50; turn += 1) {
      const asking = Array.from({ length: 20 }, () => secrets.get("a"));
      await secrets.set("a", String(turn));
      asking.push(secrets.get("a"));
      expect((await Promise.all(asking)).at(-1)).toBe(String(turn));
    }
  });

  // Catches: a list of thousands of sources that opens the file once for each.
  it("is read once for all who ask together, and anew for those who ask later", async () => {
    const file = join(temporaryFolder(), "secrets.json");
    writeFileSync(file, '{"a":"1"}');
    const secrets = createSecretsFile(file, {});
    const reading = vi.spyOn(files, "readFile");
    syncBuiltinESMExports();
    onTestFinished(() => {
      reading.mockRestore();
      syncBuiltinESMExports();
    });
    const together = Array.from({ length: 1000 }, () => secrets.get("a"));
    expect(new Set(await Promise.all(together))).toEqual(new Set(["1"]));
    expect(reading).toHaveBeenCalledTimes(1);
    writeFileSync(file, '{"a":"2"}');
    expect(await secrets.get("a")).toBe("2");
    expect(reading).toHaveBeenCalledTimes(2);
  });

  // Catches: a failed write after which no later one is ever made.
  it("goes on once the file is mended", async () => {
    const file = join(temporaryFolder(), "secrets.json");
    writeFileSync(file, "{");
    const secrets = createSecretsFile(file, {});
    await expect(secrets.set("a", "1")).rejects.toMatchObject({ code: "FILE_DAMAGED" });
    writeFileSync(file, "{}");
    await secrets.set("a", "2");
    expect(await secrets.get("a")).toBe("2");
    expect(readdirSync(join(file, ".."))).toEqual(["secrets.json"]);
  });

  it("keeps any text as it is, and knows no secret by a name of the prototype", async () => {
    const secrets = createSecretsFile(join(temporaryFolder(), "secrets.json"), {});
    const hostile = 'line\nbreak "quotes" \u0000 \u{1f511} $(id)';
    await secrets.set("a", hostile);
    expect(await secrets.get("a")).toBe(hostile);
    for (const name of ["constructor", "__proto__", "hasOwnProperty"]) expect(await secrets.get(name)).toBeUndefined();
    await secrets.delete("not there");
    expect(await secrets.get("a")).toBe(hostile);
  });

  it.each([
    ["openai.key", "CROFT_SECRET_OPENAI_KEY"],
    ["my-provider/v2 key", "CROFT_SECRET_MY_PROVIDER_V2_KEY"],
    ["a", "CROFT_SECRET_A"],
  ])("looks for %s in %s first, and not for an empty one", async (name, variable) => {
    const file = join(temporaryFolder(), "secrets.json");
    await createSecretsFile(file, {}).set(name, "in the file");
    expect(await createSecretsFile(file, { [variable]: "outside" }).get(name)).toBe("outside");
    expect(await createSecretsFile(file, { [variable]: "" }).get(name)).toBe("in the file");
  });

  // Catches: a host without a keychain that cannot start because a file is damaged that it would not have needed.
  it("asks no file where the environment has the secret", async () => {
    const file = join(temporaryFolder(), "secrets.json");
    writeFileSync(file, "damaged");
    expect(await createSecretsFile(file, { CROFT_SECRET_A: "x" }).get("a")).toBe("x");
  });
});

describe("createLogFiles", () => {
  const record = (event: string, fields: Record<string, unknown> = {}): LogRecord => ({
    level: "info",
    at: 1,
    scope: "t",
    event,
    ...fields,
  });
  const lines = (file: string): Record<string, unknown>[] =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it.skipIf(!posix)("are for this user alone, each of them", () => {
    const folder = join(temporaryFolder(), "logs");
    const logs = createLogFiles(folder, { maxBytes: 10, keep: 2 });
    for (const event of ["a", "b", "c"]) logs.write(record(event));
    logs.close();
    expect(mode(folder)).toBe(0o700);
    for (const name of readdirSync(folder)) expect(mode(join(folder, name))).toBe(0o600);
  });

  // Catches: sizes counted in characters, so that a log of another script grows to three times its limit.
  it("count bytes, not characters", () => {
    const folder = temporaryFolder();
    const logs = createLogFiles(folder, { maxBytes: 1000, keep: 50 });
    for (let at = 0; at < 20; at++) logs.write(record("e", { text: "語".repeat(100) }));
    logs.close();
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(1000);
  });

  // Catches: a profile that cannot be opened for want of a log, and is said to be a fault of Croft.
  it("are none where none can be made, and open no profile's place by force", () => {
    const taken = join(temporaryFolder(), "taken");
    writeFileSync(taken, "mine");
    const logs = createLogFiles(join(taken, "logs"));
    logs.write(record("lost"));
    logs.close();
    expect(readFileSync(taken, "utf8")).toBe("mine");
  });

  // Catches: whatever is logged that fails with the log, and a full disk that ends Croft.
  it.runIf(process.platform === "linux")("lose lines on a full disk, and nothing else", async () => {
    const folder = temporaryFolder();
    symlinkSync("/dev/full", join(folder, "croft.log"));
    const logs = createLogFiles(folder);
    for (let at = 0; at < 3; at++) expect(() => logs.write(record("lost"))).not.toThrow();
    expect(() => logs.close()).not.toThrow();
    // An error that nobody listens for would come with the next turn of the loop.
    await setImmediate();
  });

  // Catches: a new start that forgets how full the file already is, or overwrites it.
  it("go on where the last process stopped", () => {
    const folder = temporaryFolder();
    for (const event of ["first", "second"]) {
      const logs = createLogFiles(folder, { maxBytes: 130 });
      logs.write(record(event));
      logs.close();
    }
    expect(lines(join(folder, "croft.log")).map(({ event }) => event)).toEqual(["first", "second"]);
    const logs = createLogFiles(folder, { maxBytes: 130 });
    logs.write(record("third"));
    logs.close();
    expect(lines(join(folder, "croft.log")).map(({ event }) => event)).toEqual(["third"]);
    expect(lines(join(folder, "croft.1.log")).map(({ event }) => event)).toEqual(["first", "second"]);
  });

  it("lose the oldest file only, in order", () => {
    const folder = temporaryFolder();
    const logs = createLogFiles(folder, { maxBytes: 1, keep: 3 });
    for (let at = 0; at < 6; at++) logs.write(record(`e${at}`));
    logs.close();
    expect(["croft.log", "croft.1.log", "croft.2.log", "croft.3.log"].map((name) => lines(join(folder, name))[0]?.["event"])).toEqual([
      "e5",
      "e4",
      "e3",
      "e2",
    ]);
    expect(readdirSync(folder)).toHaveLength(4);
  });

  // Catches: text of others that forges a line of its own, and values that no JSON has and that end the process.
  it("write one line a record, whatever it holds", () => {
    const folder = temporaryFolder();
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    const logs = createLogFiles(folder);
    logs.write(record("a", { text: '"}\n{"level":"error","event":"forged"}\r\u2028', big: 10n, circular, nothing: undefined }));
    logs.write(record("after"));
    logs.close();
    const written = lines(join(folder, "croft.log"));
    expect(written.map(({ event }) => event)).toEqual(["a", "after"]);
    expect(written[0]).toMatchObject({ level: "info", scope: "t", at: 1 });
  });

  it("take nothing after they were closed, and closing twice is no error", () => {
    const folder = temporaryFolder();
    const logs = createLogFiles(folder);
    logs.close();
    logs.close();
    logs.write(record("late"));
    expect(readFileSync(join(folder, "croft.log"), "utf8")).toBe("");
  });

  it.each([
    ["debug", 4],
    ["warn", 2],
    ["error", 1],
  ] as const)("at level %s write %i of four records", (level, count) => {
    const folder = temporaryFolder();
    const logs = createLogFiles(folder, { level });
    for (const one of ["debug", "info", "warn", "error"] as const) logs.write({ ...record(one), level: one });
    logs.close();
    expect(lines(join(folder, "croft.log"))).toHaveLength(count);
  });
});

describe("createLogger", () => {
  const recording = () => {
    const records: LogRecord[] = [];
    return {
      records,
      log: createLogger(
        (record) => void records.push(record),
        () => 7,
        "core",
      ),
    };
  };

  it("names its part of core and the time, which no field can forge", () => {
    const { records, log } = recording();
    log.child("jobs").child("runner").warn("late", { level: "debug", at: 0, scope: "x", event: "y", count: 2 });
    expect(records).toEqual([{ level: "warn", at: 7, scope: "core.jobs.runner", event: "late", count: 2 }]);
  });

  // Catches: errors that are logged as {}, because their properties do not enumerate.
  it("writes errors with their causes", () => {
    const { records, log } = recording();
    log.error("failed", { error: new AppError("INTERNAL", "Outer.", { cause: new TypeError("inner") }) });
    expect(JSON.parse(JSON.stringify(records[0]?.["error"]))).toMatchObject({
      name: "AppError",
      message: "Outer.",
      stack: expect.stringContaining("secrets-and-logs"),
      cause: { name: "TypeError", message: "inner" },
    });
  });

  // Catches: an error that is its own cause, which would end the process inside the logger.
  it("ends with an error that is its own cause", () => {
    const { records, log } = recording();
    const error = new Error("loop");
    error.cause = error;
    log.error("failed", { error });
    expect(JSON.stringify(records[0]).length).toBeLessThan(100_000);
  });
});

describe("a folder in the place of the file", () => {
  it("is no damage that is called a fault of the keys", async () => {
    const file = join(temporaryFolder(), "secrets.json");
    mkdirSync(file);
    await expect(createSecretsFile(file, {}).get("a")).rejects.toMatchObject({ code: "EISDIR" });
  });
});
