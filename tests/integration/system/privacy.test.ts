import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createSecretsFile } from "../../../src/main/core/secrets-file.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { openEgressLog } from "../../../src/main/features/system/egress-log.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { addAndWait, folderOf, openTestCore } from "../../helpers/core.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const open = (profile = temporaryFolder()) => openTestCore({ engines: { inference: createFakeInference() }, profile });

describe("diagnostics", () => {
  // Catches: a field that was added to the report and carries what a person never meant to send.
  it("carry no secret, no text, no path and no name, wherever those were planted", async () => {
    const profile = temporaryFolder("croft-zanzibar-");
    const planted = [
      "sk-planted-secret-1",
      "planted-document-text",
      "planted-file-name",
      "planted-collection",
      "planted-question",
      "zanzibar",
    ];
    await createSecretsFile(join(profile, "secrets.json"), {}).set("openai.key", "sk-planted-secret-1");
    writeFileSync(
      join(profile, "settings.json"),
      JSON.stringify({ "models.chat": "local:planted-file-name", token: "sk-planted-secret-1" }),
    );
    mkdirSync(join(profile, "logs"), { recursive: true });
    const record = {
      level: "error",
      at: 1,
      scope: "core.knowledge",
      event: "document.failed",
      path: "/home/zanzibar/planted-file-name.pdf",
    };
    appendFileSync(
      join(profile, "logs", "croft.log"),
      [
        JSON.stringify({ ...record, error: { name: "AppError", message: "planted-document-text", stack: "at /home/zanzibar" } }),
        JSON.stringify({ ...record, event: "planted-document-text with spaces" }),
        "sk-planted-secret-1 is no line of the log",
        "",
      ].join("\n"),
    );
    const { client } = await open(profile);
    const folder = folderOf({
      "planted-file-name.txt": "planted-document-text sk-planted-secret-1",
      "planted-file-name.pdf": "%PDF broken",
    });
    await addAndWait(client, "planted-collection", folder);
    await client.chat.createThread({ settings: { systemPrompt: "planted-question" } });

    const { name, text } = await client.system.diagnostics({});
    expect(name).toBe("croft-diagnostics.json");
    for (const word of [...planted, folder, profile]) expect(text, word).not.toContain(word);
    // And it says what helps.
    const report = JSON.parse(text);
    expect(report).toMatchObject({ croft: expect.any(String), cores: expect.any(Number) });
    expect(report.jobs).toEqual([expect.objectContaining({ kind: expect.stringContaining("knowledge"), state: "done" })]);
    expect(report.log).toEqual([{ level: "error", at: 1, scope: "core.knowledge", event: "document.failed", error: { name: "AppError" } }]);
    expect(report.settingsChanged).toContainEqual({ key: "models.chat" });
  });
});

describe("the log of what left this machine", () => {
  const entry = (purpose: "models" | "url", send: typeof fetch, profile = temporaryFolder()) => {
    const log = openEgressLog(profile, () => 5);
    const none: typeof fetch = () => Promise.reject(new Error("not asked"));
    return { log, profile, send: log.record({ models: none, url: none, provider: none, [purpose]: send })[purpose] };
  };

  // Catches: an address, a query or a password that is written down, and a request that is not.
  it("names the host and what became of each request, never the address", async () => {
    const { log, profile, send } = entry("url", async () => new Response("ok"));
    await send("https://user:pass@example.org/private/diary?patient=7");
    expect(log.list(10)).toEqual([{ at: 5, purpose: "url", host: "example.org", outcome: "answered" }]);
    expect(readFileSync(join(profile, "egress.jsonl"), "utf8")).not.toMatch(/diary|patient|pass/);
    expect(statSync(join(profile, "egress.jsonl")).mode & 0o777).toBe(0o600);
  });

  it("tells a request that was refused from one that failed, and lets the error through", async () => {
    const refusing = entry("models", () => Promise.reject(new AppError("OFFLINE", "no")));
    await expect(refusing.send("https://hub.example/x")).rejects.toMatchObject({ code: "OFFLINE" });
    const failing = entry("models", () => Promise.reject(new Error("connection reset")));
    await expect(failing.send(new URL("https://hub.example/x"))).rejects.toThrow("connection reset");
    expect([refusing, failing].map(({ log }) => log.list(1)[0]?.outcome)).toEqual(["refused", "failed"]);
  });

  it("survives a restart and damaged lines, newest first, and stays below two files of a megabyte", async () => {
    const { profile, send } = entry("url", async () => new Response(""));
    await send("https://one.example/");
    appendFileSync(
      join(profile, "egress.jsonl"),
      `{broken\n${JSON.stringify({ at: 1, purpose: "evil", host: "x", outcome: "answered" })}\n`,
    );
    const again = entry("url", async () => new Response(""), profile);
    await again.send("https://two.example/");
    expect(again.log.list(10).map(({ host }) => host)).toEqual(["two.example", "one.example"]);
    appendFileSync(join(profile, "egress.jsonl"), `${"x".repeat(1_100_000)}\n`);
    await again.send("https://three.example/");
    expect(again.log.list(10).map(({ host }) => host)).toEqual(["three.example", "two.example", "one.example"]);
    expect(statSync(join(profile, "egress.jsonl")).size).toBeLessThan(1000);
  });

  it("is what core writes: a download without a network is in it as refused", async () => {
    const { client } = await open();
    await client.settings.set({ key: "network.offline", value: true });
    const missing = (await client.models.list({})).find(({ state }) => state === "missing");
    if (!missing) throw new Error("every model of the catalogue is installed");
    const { jobId } = await client.models.download({ id: missing.id });
    await expect.poll(async () => (await client.jobs.get({ id: jobId })).state, { timeout: 20_000 }).toBe("failed");
    expect((await client.system.egress({}))[0]).toMatchObject({ purpose: "models", outcome: "refused" });
  });
});

describe("storage", () => {
  it("counts what lies in the profile by its purpose, whole", async () => {
    const { client, profile } = await open();
    await addAndWait(client, "notes", folderOf({ "a.txt": "Some words about boats." }));
    mkdirSync(join(profile, "uploads"), { recursive: true });
    writeFileSync(join(profile, "uploads", "x.bin"), Buffer.alloc(4321));
    const { parts, free } = await client.system.storage({});
    const bytesOf = (id: string) => parts.find((part) => part.id === id)?.bytes ?? 0;
    expect(bytesOf("truth")).toBeGreaterThan(4096);
    expect(bytesOf("index")).toBeGreaterThan(4096);
    expect(bytesOf("files")).toBe(4321);
    expect(free).toBeGreaterThan(0);
  });
});

describe("restoring from the interface", () => {
  it("checks the file at once, changes nothing until the next start, and is tried once", async () => {
    const profile = temporaryFolder();
    const first = await open(profile);
    await first.client.knowledge.createCollection({ name: "kept" });
    const file = join(temporaryFolder(), "backup.db");
    await first.client.system.backup({ file });
    await first.client.knowledge.createCollection({ name: "made later" });
    const notes = join(folderOf({ "notes.db": "no database" }), "notes.db");
    await expect(first.client.system.restore({ file: notes })).rejects.toMatchObject({ code: "FILE_DAMAGED" });
    await expect(first.client.system.restore({ file: "/nowhere/x.db" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await first.client.system.restore({ file });
    expect((await first.client.knowledge.listCollections({})).map(({ name }) => name).sort()).toEqual(["kept", "made later"]);
    await first.close();

    const second = await open(profile);
    expect((await second.client.knowledge.listCollections({})).map(({ name }) => name)).toEqual(["kept"]);
    expect((await second.client.system.info({})).restoreRefused).toBeUndefined();
    await second.client.knowledge.createCollection({ name: "after" });
    await second.close();
    const third = await open(profile);
    expect((await third.client.knowledge.listCollections({})).map(({ name }) => name).sort()).toEqual(["after", "kept"]);
  });

  // Catches: a backup that is gone by the next start, of which nobody is told.
  it("a request that cannot be met is dropped and told, and Croft starts with what it had", async () => {
    const profile = temporaryFolder();
    writeFileSync(join(profile, "restore-asked.json"), JSON.stringify({ file: "/nowhere/at/all.db" }));
    const { client, records } = await open(profile);
    expect(await client.knowledge.listCollections({})).toEqual([]);
    expect(records.some(({ event }) => event === "restore.failed")).toBe(true);
    const { restoreRefused } = await client.system.info({});
    expect(restoreRefused).toMatchObject({ code: "NOT_FOUND", message: expect.stringContaining("/nowhere/at/all.db") });
    expect(await client.system.doctor({})).toContainEqual(
      expect.objectContaining({ id: "restore", state: "failed", message: expect.stringContaining("the profile is as it was") }),
    );
  });
});
