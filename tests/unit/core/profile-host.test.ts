import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { createCore } from "../../../src/main/core/create-core.ts";
import { createEngines } from "../../../src/main/core/engines.ts";
import type { Host } from "../../../src/main/core/host.ts";
import { createLogger } from "../../../src/main/core/logger.ts";
import { makeFolder } from "../../../src/main/core/make-folder.ts";
import { createNodeHost, nodePaths, packageFolder } from "../../../src/main/core/node-host.ts";
import { ocrLanguages } from "../../../src/main/core/ocr-languages.ts";
import { openProfile } from "../../../src/main/core/open-profile.ts";
import { acquireProfileLock } from "../../../src/main/core/profile-lock.ts";
import { joinSession } from "../../../src/main/cli/session.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

describe("a place where no profile can be", () => {
  // Catches: "something in Croft failed" where the folder is at fault, from a log that is opened before the profile is.
  it.each([
    ["below a file", () => join(import.meta.filename, "profile")],
    ["a file", () => import.meta.filename],
  ])("%s, is refused as such by whoever opens it", async (_what, place) => {
    await expect(openProfile({ kind: "cli", profile: place() })).rejects.toMatchObject({
      code: "STORAGE_READONLY",
      hint: expect.stringContaining("--profile"),
    });
  });

  // Catches: Node's recursive mkdir, which goes round for ever below /proc; in a program of its own, which can be ended.
  it.runIf(process.platform === "linux")("is refused by a file system that takes no folders", () => {
    const program = `import { makeFolder } from ${JSON.stringify(new URL("../../../src/main/core/make-folder.ts", import.meta.url).href)};
      try { makeFolder("/proc/none/profile"); } catch (error) { process.stdout.write(error.code); }`;
    const ended = spawnSync(process.execPath, ["--input-type=module", "-e", program], { timeout: 20_000, killSignal: "SIGKILL" });
    expect([ended.signal, ended.stdout.toString()]).toEqual([null, "ENOENT"]);
  });

  it("is none where only folders are missing, which are made for this user alone", () => {
    const folder = join(temporaryFolder(), "a", "b");
    makeFolder(folder);
    makeFolder(folder);
    if (process.platform !== "win32") for (const made of [folder, dirname(folder)]) expect(statSync(made).mode & 0o777).toBe(0o700);
  });
});

describe("acquireProfileLock", () => {
  // Catches: a note that was damaged or forged and that keeps a free profile closed, or breaks the message.
  it.each([
    ["cut off", '{"pid":'],
    ["of other types", '{"pid":"1","kind":{},"since":null}'],
    ["binary", "\u0000\u0001"],
  ])("needs no note: one that is %s neither locks nor breaks", (_what, note) => {
    const profile = temporaryFolder();
    writeFileSync(join(profile, "lock.json"), note);
    const lock = acquireProfileLock(profile, "server");
    writeFileSync(join(profile, "lock.json"), note);
    expect(() => acquireProfileLock(profile, "cli")).toThrow(
      expect.objectContaining({
        code: "PROFILE_LOCKED",
        message: expect.stringContaining(profile),
        hint: expect.stringContaining("--profile"),
      }),
    );
    lock.release();
    acquireProfileLock(profile, "cli").release();
  });

  // Catches: a lock of one profile that closes another.
  it("keeps profiles apart, and leaves no note behind", () => {
    const folder = temporaryFolder();
    const locks = ["one", "two"].map((name) => acquireProfileLock(join(folder, name), "restore"));
    for (const lock of locks) lock.release();
    expect(existsSync(join(folder, "one", "lock.json"))).toBe(false);
  });
});

describe("openProfile", () => {
  // Catches: a refused opening that leaves a socket, an open log or a half-made database behind.
  it("refuses a profile that is held, and touches nothing of it", async () => {
    const profile = temporaryFolder();
    const lock = acquireProfileLock(profile, "server");
    await expect(openProfile({ kind: "cli", profile, models: join(profile, "models") })).rejects.toMatchObject({
      code: "PROFILE_LOCKED",
      data: { pid: process.pid, kind: "server" },
    });
    expect(readdirSync(profile).filter((name) => !name.startsWith("lock."))).toEqual(["logs"]);
    expect(await joinSession(profile)).toBeUndefined();
    lock.release();
  });

  // Catches: a failure in the middle of opening after which the profile stays locked until the process ends.
  it("gives the profile back when core cannot start", async () => {
    const profile = temporaryFolder();
    mkdirSync(join(profile, "croft.db"));
    await expect(openProfile({ kind: "cli", profile, models: join(profile, "models") })).rejects.toBeDefined();
    acquireProfileLock(profile, "cli").release();
  });
});

describe("nodePaths", () => {
  it("are absolute, with ~ as the home folder and nowhere else", () => {
    expect(nodePaths({ profile: "~/croft" }, {}).profile).toBe(join(homedir(), "croft"));
    expect(nodePaths({ profile: "~" }, {}).profile).toBe(homedir());
    expect(nodePaths({ profile: "~other/x" }, {}).profile).toBe(resolve("~other/x"));
    expect(nodePaths({ profile: "a/../b" }, {}).profile).toBe(resolve("b"));
    for (const path of Object.values(nodePaths({}, {}))) expect(isAbsolute(path)).toBe(true);
  });

  // Catches: an empty variable that makes the working folder the profile.
  it("take empty words for none", () => {
    expect(nodePaths({ profile: "" }, { CROFT_PROFILE: "", CROFT_MODELS: "" })).toEqual(nodePaths({}, {}));
  });

  it("find the package from its sources", () => {
    expect(existsSync(join(packageFolder(), "package.json"))).toBe(true);
    expect(existsSync(nodePaths({}, {}).resources)).toBe(true);
  });
});

describe("createCore", () => {
  // Catches a database that stays open after a start that failed: it could not be restored or moved, on Windows not even deleted.
  it("closes the database when a later step of its start fails", async () => {
    const profile = temporaryFolder();
    const node = createNodeHost({ kind: "embedded", profile, models: join(profile, "models") });
    const host: Host = { ...node, log: () => {}, paths: { ...node.paths, resources: join(profile, "nowhere") } };
    await expect(createCore(host)).rejects.toBeDefined();
    // The last connection takes the log with it.
    expect(readdirSync(profile).filter((name) => name.startsWith("croft.db"))).toEqual(["croft.db"]);
    await node.close();
  });
});

describe("createNodeHost", () => {
  // Catches an error at the end of a program that closes what it opened twice.
  it("can be closed twice", async () => {
    const profile = temporaryFolder();
    const host = createNodeHost({ kind: "embedded", profile, models: join(profile, "models") });
    await Promise.all([host.close(), host.close()]);
    await host.close();
  });

  // Catches: names of the prototype taken for programs.
  it.each(["", "constructor", "__proto__", "readers.ts", "readers\u0000"])("starts no program named %j", async (entry) => {
    const host = createNodeHost({ kind: "embedded", profile: temporaryFolder() });
    expect(() => host.startChild({ entry, name: "x" })).toThrow(expect.objectContaining({ code: "INTERNAL" }));
    await host.close();
  });

  it("offline refuses addresses in every form, without naming more than the host", async () => {
    const host = createNodeHost({ kind: "embedded", profile: temporaryFolder(), offline: true });
    for (const input of [
      "https://site.example/secret",
      new URL("https://site.example/secret"),
      new Request("https://site.example/secret"),
    ]) {
      await expect(host.fetch(input)).rejects.toMatchObject({ code: "OFFLINE", message: expect.not.stringContaining("secret") });
    }
    await host.close();
  });
});

describe("ocrLanguages", () => {
  it("names only languages whose data is there, English among them", () => {
    const languages = ocrLanguages();
    expect(Object.keys(languages)).toContain("eng");
    for (const [code, folder] of Object.entries(languages)) expect(existsSync(join(folder, `${code}.traineddata.gz`)), code).toBe(true);
  });
});

describe("createEngines", () => {
  // Catches: engines that start workers and processes before anybody asked them for anything.
  it("starts none of them, and closes them all the same", async () => {
    const profile = temporaryFolder();
    let started = 0;
    const base = createNodeHost({ kind: "embedded", profile });
    const host: Host = { ...base, startChild: (spec) => (started++, base.startChild(spec)) };
    const { engines } = createEngines(
      host,
      createLogger(() => undefined, Date.now),
      { threads: () => 1, idleMs: () => 1000 },
    );
    expect(Object.keys(engines).sort()).toEqual(["generation", "inference", "ocr", "pages", "readers", "search"]);
    await Promise.all(Object.values(engines).map((engine) => engine.close()));
    expect(started).toBe(0);
    await base.close();
  });
});
