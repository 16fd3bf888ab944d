import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createLogFiles } from "../../../src/main/core/log-files.ts";
import { createNodeHost, nodePaths } from "../../../src/main/core/node-host.ts";
import { acquireProfileLock } from "../../../src/main/core/profile-lock.ts";
import { createSecretsFile } from "../../../src/main/core/secrets-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "croft-host-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("acquireProfileLock", () => {
  // Catches: two cores that write to one profile.
  it("is held by one, and says by whom", () => {
    const lock = acquireProfileLock(folder, "server");
    expect(() => acquireProfileLock(folder, "cli")).toThrow(
      expect.objectContaining({ code: "PROFILE_LOCKED", data: expect.objectContaining({ pid: process.pid, kind: "server" }) }),
    );
    lock.release();
    lock.release();
    acquireProfileLock(folder, "cli").release();
  });

  // Catches: a lock that a killed process leaves behind, and one that another process does not see.
  it("is seen by other processes and ends with its holder, even one that is killed", async () => {
    const holder = fork(resolve(import.meta.dirname, "../../helpers/hold-lock.ts"), [folder]);
    onTestFinished(() => void holder.kill("SIGKILL"));
    await once(holder, "message");
    expect(() => acquireProfileLock(folder, "cli")).toThrow(
      expect.objectContaining({ code: "PROFILE_LOCKED", data: expect.objectContaining({ pid: holder.pid }) }),
    );
    holder.kill("SIGKILL");
    await once(holder, "exit");
    acquireProfileLock(folder, "cli").release();
  });

  it("is held although nobody can be told by whom, and given back (a full disk must not lock a profile for good)", () => {
    mkdirSync(join(folder, "lock.json"));
    const lock = acquireProfileLock(folder, "server");
    expect(() => acquireProfileLock(folder, "cli")).toThrow(expect.objectContaining({ code: "PROFILE_LOCKED" }));
    lock.release();
    acquireProfileLock(folder, "cli").release();
  });

  it("says when the profile cannot be written", () => {
    expect(() => acquireProfileLock(join(import.meta.filename, "below-a-file"), "cli")).toThrow(
      expect.objectContaining({ code: "STORAGE_READONLY" }),
    );
  });
});

describe("createSecretsFile", () => {
  // Catches: keys that other users can read, lose each other, or leak through the prototype.
  it("keeps secrets in a file for this user alone", async () => {
    const file = join(folder, "secrets.json");
    const secrets = createSecretsFile(file, {});
    await Promise.all([secrets.set("openai.key", "one"), secrets.set("anthropic.key", "two"), secrets.set("gone", "three")]);
    await secrets.delete("gone");
    expect(await secrets.get("openai.key")).toBe("one");
    expect(await secrets.get("anthropic.key")).toBe("two");
    expect(await secrets.get("gone")).toBeUndefined();
    expect(await secrets.get("toString")).toBeUndefined();
    expect(await secrets.isProtected()).toBe(false);
    if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["secrets.json"]);
  });

  it("lets the environment decide", async () => {
    const secrets = createSecretsFile(join(folder, "secrets.json"), { CROFT_SECRET_OPENAI_KEY: "from outside" });
    await secrets.set("openai.key", "inside");
    expect(await secrets.get("openai.key")).toBe("from outside");
  });
});

describe("createLogFiles", () => {
  // Catches: a log that fills the disk, or one that loses what was just written.
  it("keeps as many files as it was told, the newest lines in the first", () => {
    const logs = createLogFiles(folder, { maxBytes: 400, keep: 2 });
    for (let line = 0; line < 40; line++) logs.write({ level: "info", at: line, scope: "test", event: `event-${line}` });
    logs.write({ level: "debug", at: 99, scope: "test", event: "too fine" });
    logs.close();
    expect(readdirSync(folder).sort()).toEqual(["croft.1.log", "croft.2.log", "croft.log"]);
    const lines = readFileSync(join(folder, "croft.log"), "utf8").trim().split("\n");
    expect(JSON.parse(lines.at(-1) ?? "")).toEqual({ level: "info", at: 39, scope: "test", event: "event-39" });
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(400);
  });
});

describe("createNodeHost", () => {
  it("takes its folders from options, then the environment, then the platform", () => {
    expect(nodePaths({ profile: "/a" }, { CROFT_PROFILE: "/b" }).profile).toBe(resolve("/a"));
    expect(nodePaths({}, { CROFT_PROFILE: "/b", CROFT_MODELS: "/m" })).toMatchObject({ profile: resolve("/b"), models: resolve("/m") });
    expect(nodePaths({}, {}).models).toMatch(/croft/i);
  });

  it("reaches nothing when it is offline", async () => {
    const host = createNodeHost({ kind: "embedded", profile: folder, offline: true });
    await expect(host.fetch("http://127.0.0.1:9/")).rejects.toMatchObject({ code: "OFFLINE" });
    await host.close();
  });

  // Catches: keys of providers in the process that a hostile document may take over.
  it.runIf(process.platform === "linux")("tells its programs no secrets", async () => {
    vi.stubEnv("CROFT_TOKEN", "token of the server");
    vi.stubEnv("CROFT_SECRET_OPENAI_KEY", "key of a provider");
    vi.stubEnv("CROFT_CA_FILE", "");
    const host = createNodeHost({ kind: "embedded", profile: folder });
    onTestFinished(() => host.close());
    onTestFinished(() => void vi.unstubAllEnvs());
    const child = host.startChild({ entry: "readers", name: "readers" });
    const told = () => readFileSync(`/proc/${child.pid}/environ`, "utf8").split("\0");
    // Until the new program is in its place, the process has the old one's.
    await expect.poll(told).toEqual(expect.arrayContaining([expect.stringMatching(/^NODE_CHANNEL_FD=/), "CROFT_CA_FILE="]));
    expect(told().filter((variable) => /^CROFT_(TOKEN|SECRET)/.test(variable))).toEqual([]);
  });

  it("starts only programs of its own, and ends them when it closes", async () => {
    const host = createNodeHost({ kind: "embedded", profile: folder });
    expect(() => host.startChild({ entry: "../../../etc/passwd", name: "x" })).toThrow(expect.objectContaining({ code: "INTERNAL" }));
    const child = host.startChild({ entry: "readers", name: "readers", memoryMb: 256 });
    const ended = new Promise((done) => child.onExit(done));
    await host.close();
    await ended;
    expect(child.pid).toBeGreaterThan(0);
  });
});
