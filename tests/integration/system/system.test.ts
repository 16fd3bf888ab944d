import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { restoreBackup } from "../../../src/main/db/backup.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { VERSION } from "../../../src/main/features/system/version.ts";
import { addAndWait, folderOf, openTestCore } from "../../helpers/core.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const open = (profile?: string) => openTestCore({ engines: { inference: createFakeInference() }, ...(profile ? { profile } : {}) });

describe("system", () => {
  it("names the version that the package has", () => {
    const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as { version: string };
    expect(VERSION).toBe(version);
  });

  it("says what it runs on and in which state every engine is", async () => {
    const { client, profile } = await open();
    const info = await client.system.info({});
    expect(info).toMatchObject({ version: VERSION, host: "embedded", profile, offline: false });
    expect(info.engines.map(({ name }) => name).sort()).toEqual(["generation", "inference", "ocr", "pages", "readers", "search"]);
  });

  it("finds what is missing and says how to mend it", async () => {
    const { client } = await open();
    await client.settings.set({ key: "models.chat", value: "local:not-installed" });
    const checks = await client.system.doctor({});
    expect(checks.find(({ id }) => id === "database")).toMatchObject({ state: "ok" });
    expect(checks.find(({ id }) => id === "models.chat")).toMatchObject({
      state: "warning",
      hint: expect.stringContaining("croft models download not-installed"),
    });
  });

  it("catches up a client that was away, then tells it of what happens", async () => {
    const { client } = await open();
    await client.knowledge.createCollection({ name: "before" });
    const stop = new AbortController();
    const kinds: string[] = [];
    for await (const event of await client.system.events({ since: 0 }, { signal: stop.signal })) {
      kinds.push(event.kind);
      if (event.kind === "collection.created") await client.settings.set({ key: "search.limit", value: 7 });
      if (event.kind === "settings.changed") break;
    }
    stop.abort();
    expect(kinds).toEqual(["collection.created", "settings.changed"]);
  });

  it("tells a client whose number is yet to come what happens now (after a restore it would hear nothing for long)", async () => {
    const { client } = await open();
    const stop = new AbortController();
    const events = (await client.system.events({ since: 1_000_000 }, { signal: stop.signal }))[Symbol.asyncIterator]();
    const first = events.next();
    // A turn of the loop: the stream has begun.
    await new Promise((resolve) => setImmediate(resolve));
    await client.knowledge.createCollection({ name: "after" });
    expect((await first).value).toMatchObject({ kind: "collection.created" });
    stop.abort();
  });
});

describe("backup", () => {
  it("brings collections, texts, conversations and settings back under another home, where the index is made again", async () => {
    const { client, close } = await open();
    await addAndWait(client, "notes", folderOf({ "a.txt": "The waggle dance tells other bees where flowers are." }));
    await client.settings.set({ key: "search.limit", value: 3 });
    const done = await client.chat.ask({ question: "Where are the flowers?", collections: ["notes"], effort: "instant" });
    for await (const item of done) expect(item.type).toBeDefined();
    const file = join(temporaryFolder(), "croft.backup");
    expect((await client.system.backup({ file })).bytes).toBeGreaterThan(0);
    await close();

    const elsewhere = join(temporaryFolder(), "home");
    restoreBackup(elsewhere, file);
    const restored = await open(elsewhere);
    const stop = new AbortController();
    for await (const item of await restored.client.jobs.watch({}, { signal: stop.signal })) {
      const jobs = item.type === "snapshot" ? item.jobs : [item.job];
      if (jobs.some(({ title, state }) => title === "Rebuild the index" && state === "done")) break;
    }
    stop.abort();
    const { results } = await restored.client.knowledge.search({ query: "waggle", collections: ["notes"], mode: "keyword", limit: 1 });
    expect(results[0]?.text).toContain("waggle dance");
    expect((await restored.client.settings.get({ key: "search.limit" })).value).toBe(3);
    const [thread] = await restored.client.chat.listThreads({});
    expect(thread?.title).toBe("Where are the flowers?");
  });
});
