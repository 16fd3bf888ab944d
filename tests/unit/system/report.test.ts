import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Host } from "../../../src/main/core/host.ts";
import { takeSnapshot } from "../../../src/main/db/snapshot.ts";
import { openSettings } from "../../../src/main/features/settings/index.ts";
import { makeDiagnostics } from "../../../src/main/features/system/diagnostics.ts";
import { runDoctor, type SystemDeps } from "../../../src/main/features/system/doctor.ts";
import { openEgressLog } from "../../../src/main/features/system/egress-log.ts";
import { measureStorage } from "../../../src/main/features/system/storage.ts";
import { createJobStore } from "../../../src/main/jobs/job-store.ts";
import { Check, storageParts } from "../../../src/shared/contract/system.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { recordingLog } from "../../helpers/engine-hosts.ts";
import { openStore } from "../../helpers/model-store.ts";
import { temporaryFolder, temporaryTruth } from "../../helpers/profile.ts";

function systemOf(more: { offline?: true; engines?: SystemDeps["engines"] } = {}) {
  const truth = temporaryTruth();
  const { profile } = truth;
  const refuse = () => {
    throw new Error("a report needs none of this");
  };
  const models = join(profile, "models");
  const host: Host = {
    kind: "cli",
    paths: { profile, models, resources: profile },
    ...(more.offline ? { offline: true } : {}),
    secrets: { get: refuse, set: refuse, delete: refuse, isProtected: refuse },
    log: () => {},
    now: () => 1,
    startChild: refuse,
    fetch: refuse,
  };
  const settings = openSettings(profile, recordingLog().log);
  const deps = { host, truth, settings, models: openStore(models).store, engines: more.engines ?? [] };
  return { ...deps, deps, profile, jobStore: createJobStore(truth) };
}
const put = (path: string, bytes: number | string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof bytes === "number" ? Buffer.alloc(bytes) : bytes);
};

/** Each look at the database takes a thread of its own: as few looks as there are machines. */
const checked = async (deps: SystemDeps) => new Map((await runDoctor(deps)).map((check) => [check.id, check]));

describe("the doctor", () => {
  it("finds what is missing on a fresh machine, each by itself and with what to do", async () => {
    const { deps, settings } = systemOf({
      engines: [
        { name: "search", state: "failed", generation: 3 },
        { name: "ocr", state: "stopped", generation: 1 },
      ],
    });
    settings.set("models.chat", "local:some-model");
    const checks = await runDoctor(deps);
    // Catches: a check whose answer no client can read, or two of one name of which one is lost.
    for (const check of checks) expect(Check.parse(check)).toEqual(check);
    const byId = new Map(checks.map((check) => [check.id, check]));
    expect(byId.size).toBe(checks.length);
    expect([byId.get("engine.search")?.state, byId.get("engine.ocr")?.state, byId.get("database")?.state]).toEqual(["failed", "ok", "ok"]);
    // Catches: `local:` before a model's name, under which no model is ever found.
    expect(byId.get("models.chat")).toMatchObject({
      state: "warning",
      message: expect.stringMatching(/^some-model is not/),
      hint: "Run: croft models download some-model",
    });
    expect(byId.get("models.embedding")?.state).toBe("warning");
    expect(byId.get("snapshots")?.message).toContain("None yet");
    expect(byId.get("network")?.message).not.toContain("off");
  });

  it("says what became of snapshots, and that the network is off", async () => {
    const { deps, truth, profile } = systemOf({ offline: true });
    takeSnapshot(truth.db, profile, Date.UTC(2026, 1, 3, 4, 5, 6));
    const checks = await checked(deps);
    expect(checks.get("snapshots")?.message).toBe("1 kept, the newest of 2026-02-03T04:05:06.000Z.");
    expect(checks.get("network")?.message).toContain("off");
  });

  it("finds that the profile is gone, and looks at the rest all the same", async () => {
    const { deps, profile } = systemOf();
    const paths = { ...deps.host.paths, profile: join(profile, "gone") };
    const checks = await checked({ ...deps, host: { ...deps.host, paths } });
    expect(checks.get("profile")).toMatchObject({ state: "failed", hint: expect.any(String) });
    expect(checks.get("database")?.state).toBe("ok");
  });
});

describe("what lies on the disk", () => {
  const measured = async (files: Record<string, number>, models?: string) => {
    const profile = temporaryFolder();
    for (const [name, bytes] of Object.entries(files)) put(join(profile, name), bytes);
    const { parts } = await measureStorage(profile, models ?? join(profile, "models"));
    return Object.fromEntries(parts.flatMap(({ id, bytes, files: count }) => (count > 0 ? [[id, bytes]] : [])));
  };

  it.each([
    ["croft.db", "truth"],
    ["croft.db-wal", "truth"],
    ["croft.db-shm", "truth"],
    ["croft.db.before-restore", "snapshots"],
    ["croft.db-backup", "other"],
    ["index.db", "index"],
    ["index.db-wal", "index"],
    ["index.db.rebuild", "index"],
    ["uploads/a/b.pdf", "files"],
    ["snapshots/croft-1.db", "snapshots"],
    ["logs/croft.log", "logs"],
    ["settings.json", "other"],
    ["uploads.txt", "other"],
  ])("%s belongs to %s", async (name, part) => {
    expect(await measured({ [name]: 7 })).toEqual({ [part]: 7 });
  });

  // Catches: gigabytes of models counted twice since their folder lies in the profile.
  it("is counted once where the models lie in the profile", async () => {
    expect(await measured({ "models/a/x.gguf": 100, "croft.db": 1 })).toEqual({ models: 100, truth: 1 });
  });

  it("has the models that lie elsewhere", async () => {
    const models = temporaryFolder();
    put(join(models, "b/y.gguf"), 50);
    expect(await measured({ "croft.db": 1 }, models)).toEqual({ models: 50, truth: 1 });
  });

  // Catches: somebody's whole home counted as Croft's, since a link leads there.
  it("is not what links lead to", async () => {
    const [profile, home] = [temporaryFolder(), temporaryFolder()];
    put(join(home, "large"), 999);
    symlinkSync(home, join(profile, "uploads"));
    symlinkSync(join(home, "large"), join(profile, "linked"));
    const { parts } = await measureStorage(profile, join(profile, "models"));
    expect(parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(0);
  });

  it("names every part, those that are empty too, in one order", async () => {
    const profile = temporaryFolder();
    const { parts } = await measureStorage(profile, join(profile, "never-made"));
    expect(parts.map(({ id }) => id)).toEqual([...storageParts]);
  });
});

describe("the report for those who help", () => {
  const lineOf = (more: object) => JSON.stringify({ level: "error", at: 1, scope: "core", event: "x.failed", ...more });
  const plain = { level: "error", at: 1, scope: "core", event: "x.failed" };

  // Catches: a line of the log, as somebody's name or text may stand in it, that leaves the machine whole.
  it("has of a line of the log what the code itself wrote, and nothing of what is no such line", async () => {
    const cases: readonly (readonly [string, unknown[]])[] = [
      [lineOf({ path: "/home/ada", message: "secret" }), [plain]],
      [
        lineOf({ error: { name: "AppError", code: "DISK_FULL", message: "at /home/ada" } }),
        [{ ...plain, error: { name: "AppError", code: "DISK_FULL" } }],
      ],
      [lineOf({ error: { name: "could not open ada.pdf" } }), [plain]],
      [lineOf({ error: { name: "AppError", code: "secret of ada" } }), [plain]],
      [lineOf({ event: "opened ada.pdf today" }), []],
      [lineOf({ scope: "/home/ada" }), []],
      [lineOf({ level: "secret" }), []],
      [lineOf({ at: "ada" }), []],
      ["ada's secret", []],
      ["[1,2]", []],
      ["null", []],
      ['{"ada', []],
    ];
    const system = systemOf();
    put(join(system.profile, "logs/croft.log"), cases.map(([line]) => `${line}\n`).join(""));
    const { text } = await makeDiagnostics({ ...system.deps, jobStore: system.jobStore });
    expect(JSON.parse(text).log).toEqual(cases.flatMap(([, expected]) => expected));
    expect(text).not.toMatch(/ada|secret/u);
  });

  // Catches: a job's title or its error's words, in which names of files stand, and a log that is sent whole.
  it("says of jobs what kind they are, of settings which were changed, and has the last lines of the log", async () => {
    const system = systemOf();
    const { id } = system.jobStore.insert("knowledge.index", "Index /home/ada/diary", { path: "/home/ada/diary" });
    system.jobStore.move(id, ["queued"], "failed", { error: new AppError("FILE_DAMAGED", "ada.pdf is damaged.") });
    system.settings.set("search.limit", 25);
    system.settings.set("network.offline", true);
    system.settings.set("models.chat", "local:ada-private");
    put(join(system.profile, "logs/croft.log"), Array.from({ length: 900 }, (_, at) => `${lineOf({ at })}\n`).join(""));
    const { text } = await makeDiagnostics({ ...system.deps, jobStore: system.jobStore });
    const report = JSON.parse(text);
    expect(report.jobs).toMatchObject([{ kind: "knowledge.index", state: "failed", code: "FILE_DAMAGED" }]);
    expect(report.settingsChanged).toEqual(
      expect.arrayContaining([{ key: "search.limit", value: 25 }, { key: "network.offline", value: true }, { key: "models.chat" }]),
    );
    expect([report.log.length, report.log[0].at, report.log.at(-1).at]).toEqual([500, 400, 899]);
    expect(text).not.toMatch(/ada|diary/u);
  });
});

describe("the log of requests", () => {
  const open = (send: typeof fetch) => {
    const log = openEgressLog(temporaryFolder(), () => 5);
    return { log, send: log.record({ models: send, url: send, provider: send }) };
  };

  it.each([
    ["https://user:secret@example.org:8443/a?b=c", "example.org:8443"],
    [new URL("https://example.org/a"), "example.org"],
    [new Request("https://example.org/a"), "example.org"],
    ["not an address, but a secret", "no address"],
  ])("holds the host alone: %s", async (address, host) => {
    const { log, send } = open(async () => new Response(""));
    await send.provider(address);
    expect(log.list(5)).toEqual([{ at: 5, purpose: "provider", host, outcome: "answered" }]);
  });

  // Catches: a request that is written down as sent although the policy refused it.
  it.each(["OFFLINE", "EGRESS_DENIED"] as const)("tells a refusal from a failure: %s", async (code) => {
    const { log, send } = open(() => Promise.reject(new AppError(code, "no")));
    await expect(send.url("https://example.org")).rejects.toMatchObject({ code });
    expect(log.list(1)[0]?.outcome).toBe("refused");
  });

  it("is whole with many at once, newest first, as many as are wanted", async () => {
    const { log, send } = open(async () => new Response(""));
    await Promise.all(Array.from({ length: 50 }, (_, at) => send.models(`https://host${at}.example`)));
    expect(log.list(100)).toHaveLength(50);
    expect(log.list(3)).toHaveLength(3);
  });
});
