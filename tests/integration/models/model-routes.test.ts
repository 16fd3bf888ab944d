import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRouterClient } from "@orpc/server";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { owner } from "../../../src/main/core/principal.ts";
import { createFakeGeneration } from "../../../src/main/engines/fakes/fake-generation.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { entryUrl } from "../../../src/main/engines/entries.ts";
import { createModelChecks, downloadJob, modelRoutes } from "../../../src/main/features/models/index.ts";
import { forkChild, recordingLog } from "../../helpers/engine-hosts.ts";
import { startFileServer } from "../../helpers/file-server.ts";
import type { FileServer } from "../../helpers/file-server.ts";
import { catalogueOf, openStore, storeFixture } from "../../helpers/model-store.ts";
import { writeEmbeddingModel } from "../../helpers/synthetic-onnx.ts";

let fixture: ReturnType<typeof storeFixture>;
let server: FileServer;
let closing: (() => Promise<void>)[];
beforeEach(async () => {
  fixture = storeFixture();
  server = await startFileServer();
  server.put("/someone/tiny/resolve/main/tiny.gguf", { body: fixture.gguf, etag: '"one"' });
  closing = [];
});
afterEach(async () => {
  for (const close of closing) await close();
  await server.close();
  fixture.end();
});

/** The routes as a caller sees them, over a real store and fake engines. */
function open() {
  const { store } = openStore(fixture.folder, { catalogue: catalogueOf(fixture.gguf), fetch, endpoint: server.origin });
  const { log } = recordingLog();
  const checks = createModelChecks({ store, startChild: forkChild(entryUrl("probe")), now: Date.now, log, threads: () => 1 });
  const [generation, inference] = [createFakeGeneration(), createFakeInference()];
  closing.push(
    () => generation.close(),
    () => inference.close(),
  );
  const jobs: { kind: string; title: string; input: unknown }[] = [];
  const startJob = async (kind: string, title: string, input: unknown) => {
    jobs.push({ kind, title, input });
    return { id: "0192f3a4-7b1c-7def-8abc-0123456789ab" };
  };
  const loaded: string[] = [];
  const loadChat = async (id: string) => void loaded.push(id);
  const others = join(fixture.root, "others");
  mkdirSync(others, { recursive: true });
  const router = modelRoutes({ store, checks, startJob, generation, inference, threads: () => 1, loadChat, otherFolders: [others] });
  const models = createRouterClient(router, { context: { principal: owner("cli"), log } });
  return { models, store, jobs, log, loaded, others };
}

describe("the routes of models", () => {
  test("a download is a durable job that brings the model", async () => {
    const { models, store, jobs, log } = open();
    await models.download({ id: "local:tiny" });
    expect(jobs).toEqual([{ kind: "models.download", title: "Download Tiny", input: { id: "tiny" } }]);
    const handler = downloadJob(store);
    expect(handler.kind).toBe(jobs[0]?.kind);
    const input = handler.parse(jobs[0]?.input);
    const done: number[] = [];
    await handler.run(input, {
      jobId: "1",
      signal: new AbortController().signal,
      progress: (progress) => void done.push(progress.done),
      leaveLane: () => undefined,
      log,
    });
    expect(done.at(-1)).toBe(fixture.gguf.length);
    expect(await models.show({ id: "tiny" })).toMatchObject({ state: "installed" });
  });

  test("a stored job whose input was tampered with is refused", () => {
    expect(() => downloadJob(open().store).parse({ id: "../../etc" })).toThrow();
  });

  test("a download of an unknown model starts no job", async () => {
    const { models, jobs } = open();
    await expect(models.download({ id: "nobody" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(jobs).toEqual([]);
  });

  test("import, probe and remove", async () => {
    const { models } = open();
    const model = await models.import({ path: fixture.ggufPath });
    expect(await models.list({})).toContainEqual(expect.objectContaining({ id: model.id, state: "installed" }));
    const probed = await models.probe({ id: model.id });
    expect(probed).toMatchObject({ ok: true });
    expect(await models.remove({ id: model.id })).toEqual({ freed: fixture.gguf.length });
  });

  test("bench measures both kinds of model and keeps the figures", async () => {
    const { models } = open();
    const chat = await models.import({ path: fixture.ggufPath });
    expect((await models.bench({ id: chat.id })).speed).toBeDefined();
    const folder = `${fixture.root}/words`;
    await writeEmbeddingModel(folder, { boat: [1, 0, 0, 0, 0, 0, 0, 0], hello: [0, 1, 0, 0, 0, 0, 0, 0] });
    const words = await models.import({ path: folder });
    await models.bench({ id: words.id });
    expect((await models.show({ id: words.id })).speed?.textsPerSecond).toBeGreaterThan(0);
  });

  test("models of other programs are found where they lie, broken files and those in use are not offered", async () => {
    const { models, others } = open();
    const path = join(others, "theirs.gguf");
    copyFileSync(fixture.ggufPath, path);
    writeFileSync(join(others, "broken.gguf"), fixture.gguf.subarray(0, 100));
    writeFileSync(join(others, "notes.txt"), fixture.gguf);
    expect(await models.onDisk({})).toEqual([{ path, bytes: fixture.gguf.length, name: expect.stringMatching(/./) }]);
    await models.import({ path, copy: false });
    expect(await models.onDisk({})).toEqual([]);
  });

  test("a model is loaded by its role and taken out again; one that is not here is refused", async () => {
    const { models, loaded } = open();
    const chat = await models.import({ path: fixture.ggufPath });
    await models.load({ id: chat.id });
    expect(loaded).toEqual([`local:${chat.id}`]);
    await models.unload({ id: chat.id });
    const folder = `${fixture.root}/words`;
    await writeEmbeddingModel(folder, { boat: [1, 0, 0, 0, 0, 0, 0, 0] });
    const words = await models.import({ path: folder });
    await models.load({ id: words.id });
    await models.unload({ id: words.id });
    expect(loaded).toHaveLength(1);
    await expect(models.load({ id: "nobody" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
