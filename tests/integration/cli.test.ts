import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { joinSession, waitForSession } from "../../src/main/cli/session.ts";
import { IndexResult } from "../../src/shared/contract/knowledge.ts";
import { SearchResponse } from "../../src/shared/contract/search.ts";
import { modelsFolder, skipReason } from "../helpers/models.ts";

const program = resolve(import.meta.dirname, "../../src/main/cli.ts");
const missingModel = skipReason("bge-small-en-v1.5");

type Finished = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

/** The real program in processes of its own, on a profile of this test. */
describe("croft", () => {
  let folder: string;
  let profile: string;
  let documents: string;
  const running = new Set<ChildProcessWithoutNullStreams>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "croft-cli-"));
    profile = join(folder, "profile");
    documents = join(folder, "documents");
    await mkdir(documents);
    await writeFile(join(documents, "bees.md"), "# Bees\n\nThe waggle dance tells other bees where flowers are.\n");
    await writeFile(join(documents, "cheese.txt"), "Rennet makes milk curdle.");
    await writeFile(join(documents, "empty.txt"), "");
  });
  afterAll(async () => {
    for (const child of running) child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  function start(...line: string[]): ChildProcessWithoutNullStreams {
    const environment = { ...process.env, CROFT_PROFILE: profile, CROFT_MODELS: modelsFolder(), NO_COLOR: "1" };
    const child = spawn(process.execPath, [program, ...line], { env: environment });
    running.add(child);
    child.once("exit", () => running.delete(child));
    return child;
  }

  async function finish(child: ChildProcessWithoutNullStreams): Promise<Finished> {
    const texts = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) child[name].setEncoding("utf8").on("data", (text: string) => (texts[name] += text));
    const [code, signal]: unknown[] = await once(child, "close");
    return {
      code: typeof code === "number" ? code : null,
      signal: typeof signal === "string" ? (signal as NodeJS.Signals) : null,
      ...texts,
    };
  }
  const croft = (...line: string[]): Promise<Finished> => finish(start(...line));

  // Catches: a first command that leaves something behind, or data and notices on the wrong stream.
  it("opens a new profile, answers, and ends by itself", async () => {
    const { code, stdout, stderr } = await croft("config", "get", "ocr.mode", "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ key: "ocr.mode", value: "auto" });
  });

  it.skipIf(missingModel)(`indexes a folder and finds what is in it${missingModel ? ` (skipped: ${missingModel})` : ""}`, async () => {
    const added = await croft("kb", "add", documents, "--to", "notes", "--json", "--offline");
    expect(added.code).toBe(5);
    expect(IndexResult.parse(JSON.parse(added.stdout))).toMatchObject({
      collection: "notes",
      indexed: 2,
      failed: 1,
      failures: [{ code: "FILE_EMPTY" }],
    });

    const found = await croft("search", "where are flowers?", "--kb", "notes", "--limit", "1", "--json", "--offline");
    expect(found.code).toBe(0);
    expect(SearchResponse.parse(JSON.parse(found.stdout)).results[0]).toMatchObject({
      rank: 1,
      document: { path: join(documents, "bees.md") },
    });

    const status = await croft("kb", "status", "notes");
    expect(status.stdout).toContain("2 indexed, 0 skipped, 1 failed");
  });

  it("reads a file, and refuses others with their reasons", async () => {
    const read = await croft("read", join(documents, "bees.md"));
    expect(read).toMatchObject({ code: 0, stdout: "# Bees\n\nThe waggle dance tells other bees where flowers are.\n" });
    expect(await croft("read", join(documents, "empty.txt"), "--json")).toMatchObject({
      code: 4,
      stdout: expect.stringContaining("FILE_EMPTY"),
    });
    expect(await croft("read", join(documents, "missing.txt"), "--json")).toMatchObject({
      code: 3,
      stdout: expect.stringContaining("NOT_FOUND"),
    });
  });

  it("backs a profile up and restores it into another", async () => {
    await croft("config", "set", "search.limit", "7");
    const file = join(folder, "backup.db");
    expect(await croft("backup", file)).toMatchObject({ code: 0 });
    const other = join(folder, "other");
    expect(await croft("restore", file, "--profile", other)).toMatchObject({ code: 0 });
    expect(await croft("config", "get", "search.limit", "--profile", other)).toMatchObject({ code: 0, stdout: "7\n" });
    expect(await croft("restore", join(folder, "missing.db"), "--profile", other)).toMatchObject({ code: 3 });
  });

  describe("with a server on the profile", () => {
    // Catches: a second process that opens the same database, a server that prints no usable address or does not end.
    it("joins it, keeps restore out, and ends it with 0 at Ctrl-C", async () => {
      const server = start("serve", "--json");
      const ended = finish(server);
      const [line]: unknown[] = await once(server.stdout, "data");
      const { address, link, token } = JSON.parse(String(line)) as { address: string; link: string; token: string };
      expect(link).toMatch(new RegExp(`^${address}/#token=`));

      const answer = await fetch(`${address}/api/system/info`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: "{}",
      });
      expect(await answer.json()).toMatchObject({ host: "server", profile });
      const doctor = await croft("doctor", "--json");
      expect(JSON.parse(doctor.stdout)).toMatchObject({ info: { host: "server" } });
      expect(await croft("restore", join(folder, "backup.db"), "--json")).toMatchObject({
        code: 6,
        stdout: expect.stringContaining("PROFILE_LOCKED"),
      });

      server.kill("SIGINT");
      expect(await ended).toMatchObject({ code: 0, signal: null });
      expect(await joinSession(profile)).toBeUndefined();
    });

    // Catches: a crashed server that locks the profile, or whose socket is taken for a living one.
    it("opens the profile again after the server was killed", async () => {
      const server = start("serve");
      const ended = finish(server);
      await once(server.stdout, "data");
      server.kill("SIGKILL");
      await ended;
      expect(await croft("config", "get", "ocr.mode", "--json")).toMatchObject({ code: 0 });
    });
  });

  // Catches: a core in the background that never ends, or ends while something uses it.
  it("serves commands in the background until it is idle", async () => {
    const core = start("core", "--idle-seconds", "1");
    const ended = finish(core);
    const session = await waitForSession(profile, 30_000);
    expect(session?.joined).toBe(true);
    expect(await session?.client.system.info({})).toMatchObject({ host: "cli", profile });
    expect(core.exitCode).toBeNull();
    await session?.close();
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
  });

  it.skipIf(missingModel)(
    `leaves work to a core in the background with --detach${missingModel ? ` (skipped: ${missingModel})` : ""}`,
    async () => {
      const { code, stdout } = await croft("kb", "add", documents, "--to", "later", "--detach", "--json");
      expect(code).toBe(0);
      const { job } = JSON.parse(stdout) as { job: string };
      const session = await waitForSession(profile, 30_000);
      if (!session) throw new Error("the core in the background does not answer");
      let state = "";
      for await (const item of await session.client.jobs.watch({})) {
        const changed = item.type === "change" ? item.job : item.jobs.find(({ id }) => id === job);
        if (changed?.id !== job) continue;
        ({ state } = changed);
        if (state === "done" || state === "failed") break;
      }
      expect(state).toBe("done");
      const { memory } = await session.client.system.info({});
      expect(memory.core).toBeGreaterThan(0);
      await session.close();
    },
  );

  // Catches: a reader like `head` that turns a full answer into an error.
  it("does not mind when nobody reads its output to the end", async () => {
    const child = start("config", "list", "--jsonl");
    child.stdout.destroy();
    const ended = await finish(child);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
  });
});
