import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDatabase } from "../../../src/main/db/open.ts";
import { takeSnapshot } from "../../../src/main/db/snapshot.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import type { Job } from "../../../src/shared/contract/jobs.ts";
import { addAndWait, folderOf, openTestCore } from "../../helpers/core.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const commandLine = fileURLToPath(new URL("../../../src/main/cli.ts", import.meta.url));
const indexProcess = fileURLToPath(new URL("../../helpers/index-process.ts", import.meta.url));

type Said = { code: number; json: { error?: { code: string; message: string; hint: string }; [key: string]: unknown } };

/** A command in a process of its own, over this profile. */
const croft = (profile: string, ...line: string[]): Promise<Said> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [commandLine, ...line, "--json", "--offline", "--profile", profile], (error, stdout) =>
      resolve({ code: Number(error?.code ?? 0), json: JSON.parse(stdout || "{}") as Said["json"] }),
    );
    onTestFinished(() => void child.kill("SIGKILL"));
  });

const open = (profile?: string) => openTestCore({ engines: { inference: createFakeInference() }, ...(profile ? { profile } : {}) });
const digest = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** A profile with a collection, closed. */
async function filledProfile(): Promise<{ profile: string; folder: string }> {
  const folder = folderOf(
    Object.fromEntries(Array.from({ length: 20 }, (_, file) => [`${file}.txt`, `A needle of number ${file}. `.repeat(40)])),
  );
  const { client, profile, close } = await open();
  await addAndWait(client, "notes", folder);
  await close();
  return { profile, folder };
}

describe("a damaged croft.db", () => {
  it("is refused with the command that brings the last snapshot back, and that command does, keeping the damaged file", async () => {
    const { profile } = await filledProfile();
    const db = openDatabase(profile, Date.now);
    takeSnapshot(db, profile, Date.now());
    db.close();
    const file = join(profile, "croft.db");
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 0, 8192);
    writeFileSync(file, bytes);
    const damaged = digest(file);

    const refused = await croft(profile, "kb", "list");
    expect(refused.code).toBe(6);
    expect(refused.json.error).toMatchObject({ code: "DATABASE_DAMAGED", message: expect.stringContaining("left as it is") });
    expect(digest(file)).toBe(damaged);
    const snapshot = /croft restore (.*\.db)/.exec(refused.json.error?.hint ?? "")?.[1] ?? "";
    expect(existsSync(snapshot)).toBe(true);

    expect((await croft(profile, "restore", snapshot)).code).toBe(0);
    expect(digest(`${file}.before-restore`)).toBe(damaged);
    const { client } = await open(profile);
    expect((await client.knowledge.status({ collection: "notes" })).totals.indexed).toBe(20);
    expect((await client.system.doctor({})).find(({ id }) => id === "database")).toMatchObject({ state: "ok" });
  });

  it("whose damage shows only when it is read is told as such, by every route, and never as an unknown fault", async () => {
    const { profile } = await filledProfile();
    const file = join(profile, "croft.db");
    const bytes = readFileSync(file);
    // Behind the schema: pages of tables that opening does not look at.
    bytes.fill(0xa5, 4096 * 12);
    writeFileSync(file, bytes);
    const said = await croft(profile, "kb", "status", "notes");
    expect(said.code).toBe(6);
    expect(said.json.error).toMatchObject({ code: "DATABASE_DAMAGED", hint: expect.stringContaining("croft restore") });
  });
});

describe("a damaged index.db", () => {
  it("is set aside and made again from croft.db, with nothing read or lost", async () => {
    const { profile, folder } = await filledProfile();
    writeFileSync(join(profile, "index.db"), Buffer.alloc(20_000, 0x5a));
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), "");
    const { client } = await open(profile);
    const stop = new AbortController();
    for await (const item of await client.jobs.watch({}, { signal: stop.signal })) {
      const jobs: Job[] = item.type === "snapshot" ? item.jobs : [item.job];
      if (jobs.some(({ title, state }) => title === "Rebuild the index" && ["done", "failed"].includes(state))) break;
    }
    stop.abort();
    const { results } = await client.knowledge.search({ query: "needle", collections: ["notes"], mode: "keyword", limit: 100 });
    expect(results.length).toBeGreaterThanOrEqual(20);
    expect(readdirSync(profile)).toContain("index.db.damaged");
  });
});

describe("a profile of a newer Croft", () => {
  it("is refused by every command with what to do, and not one byte of it changes", async () => {
    const { profile } = await filledProfile();
    const db = new Database(join(profile, "croft.db"));
    db.pragma("user_version = 99");
    db.pragma("wal_checkpoint(TRUNCATE)");
    db.close();
    const before = digest(join(profile, "croft.db"));
    const index = digest(join(profile, "index.db"));
    for (const line of [
      ["kb", "list"],
      ["search", "needle", "--kb", "notes"],
      ["kb", "remove", "notes"],
      ["backup", join(temporaryFolder(), "b")],
    ]) {
      const { code, json } = await croft(profile, ...line);
      expect(code).toBe(6);
      expect(json.error).toMatchObject({
        code: "SCHEMA_NEWER",
        message: expect.stringContaining("Nothing was changed"),
        hint: expect.stringContaining("Update Croft"),
      });
    }
    expect(digest(join(profile, "croft.db"))).toBe(before);
    expect(digest(join(profile, "index.db"))).toBe(index);
    expect(readdirSync(profile).filter((name) => /-(?:wal|shm)$/.test(name))).toEqual([]);
  });
});

/** Where files may not grow beyond so many kilobytes: works for whoever runs the tests, root or not. */
const indexLimited = (profile: string, folder: string, kilobytes: number): Promise<{ out: string; errors: string }> =>
  new Promise((resolve) => {
    const child = execFile(
      "sh",
      ["-c", `ulimit -f ${kilobytes * 2}; exec "$@"`, "sh", process.execPath, indexProcess, profile, folder],
      (_, out, errors) => resolve({ out, errors }),
    );
    onTestFinished(() => void child.kill("SIGKILL"));
  });

describe.skipIf(process.platform === "win32")("a disk that takes no more (on Windows nothing limits the size of a file)", () => {
  it("fails the job with what was kept, and the next run goes on where there is room", async () => {
    const { profile } = await filledProfile();
    const words = (file: number) => Array.from({ length: 6000 }, (_, index) => `w${(index * 7919 + file * 104_729) % 1_000_003}`).join(" ");
    const many = folderOf(Object.fromEntries(Array.from({ length: 40 }, (_, file) => [`${file}.md`, words(file)])));
    const { out, errors } = await indexLimited(profile, many, 1500);
    const job = JSON.parse(out || "{}") as Job;
    expect(job, errors.slice(-500)).toMatchObject({
      state: "failed",
      error: { code: expect.stringMatching(/^(?:DISK_FULL|STORAGE_READONLY)$/) },
    });
    expect(job.error?.message).toMatch(/safe|Nothing was changed|keeps what it held/);

    const { client } = await open(profile);
    const before = await client.knowledge.search({ query: "needle", collections: ["notes"], mode: "keyword", limit: 100 });
    expect(before.results.length).toBeGreaterThanOrEqual(20);
    expect(await addAndWait(client, "notes", many)).toMatchObject({ failed: 0, removed: 0 });
    expect((await client.knowledge.status({ collection: "notes" })).totals).toEqual({ indexed: 60, skipped: 0, failed: 0, pending: 0 });
  });
});
