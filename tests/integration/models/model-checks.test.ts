import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { entryUrl } from "../../../src/main/engines/entries.ts";
import { createModelChecks } from "../../../src/main/features/models/index.ts";
import { codeOf, forkChild, recordingLog } from "../../helpers/engine-hosts.ts";
import { never, openStore, storeFixture } from "../../helpers/model-store.ts";

let fixture: ReturnType<typeof storeFixture>;
beforeEach(() => void (fixture = storeFixture()));
afterEach(() => fixture.end());

const gigabyte = 1024 ** 3;

/** Checks over a store with the synthetic model imported; counts the processes that were started. */
async function checked(options: { availableBytes?: number } = {}) {
  const { store } = openStore(fixture.folder);
  const { id } = await store.import({ path: fixture.ggufPath, copy: true, signal: never });
  const fork = forkChild(entryUrl("probe"));
  let started = 0;
  const startChild = () => {
    started += 1;
    return fork();
  };
  const open = () =>
    createModelChecks({
      store,
      startChild,
      now: () => 1000,
      log: recordingLog().log,
      threads: () => 1,
      availableMemory: () => options.availableBytes ?? 8 * gigabyte,
    });
  return { store, id, open, started: () => started };
}

describe("before a model is loaded", () => {
  test("it is probed once, whoever asks, and never again on this machine", async () => {
    const { store, id, open, started } = await checked();
    const checks = open();
    await Promise.all([checks.ensureUsable(id, never), checks.ensureUsable(`local:${id}`, never)]);
    expect(started()).toBe(1);
    expect(await store.show(id)).toMatchObject({ probed: "ok", fit: { learned: true } });
    await open().ensureUsable(id, never);
    expect(started()).toBe(1);
  });

  test("the context that the probe did not allocate is added to what it measured", async () => {
    const { store, id, open } = await checked();
    const { memoryBytes = 0 } = await open().probe(id, never);
    // 4096 − 512 tokens of 256 bytes
    expect((await store.learned(fixture.sha256)).memoryBytes).toBe(memoryBytes + 3584 * 256);
  });

  test("one that failed is refused from then on without being tried again, until somebody asks for it", async () => {
    const { store, id, open, started } = await checked();
    const { path } = await store.resolveGguf(id);
    const good = readFileSync(path);
    writeFileSync(path, Buffer.alloc(good.length, 7));
    expect(await codeOf(open().ensureUsable(id, never))).toBe("MODEL_INVALID");
    expect(await codeOf(open().ensureUsable(id, never))).toBe("MODEL_INVALID");
    expect(started()).toBe(1);
    expect(await store.show(id)).toMatchObject({ probed: "failed" });
    writeFileSync(path, good);
    expect(await open().probe(id, never)).toMatchObject({ ok: true });
    await open().ensureUsable(id, never);
  });

  test("one that does not fit is refused before a process is started", async () => {
    const { id, open, started } = await checked({ availableBytes: 10_000_000 });
    await expect(open().ensureUsable(id, never)).rejects.toMatchObject({ code: "MEMORY_LOW", hint: expect.stringContaining("smaller") });
    expect(started()).toBe(0);
  });

  test("one that is not installed is said to be missing", async () => {
    const { store, open } = await checked();
    await store.remove("tiny-model.q8");
    expect(await codeOf(open().ensureUsable("tiny-model.q8", never))).toBe("NOT_FOUND");
  });

  test("a stopped probe says nothing about the file", async () => {
    const { store, id, open } = await checked();
    expect(await codeOf(open().ensureUsable(id, AbortSignal.abort()))).toBe("ABORTED");
    expect(await store.show(id)).toMatchObject({ probed: "never" });
  });
});

test("who waits for another's probe is not stopped with it", async () => {
  const { id, open } = await checked();
  const checks = open();
  const controller = new AbortController();
  const stopped = codeOf(checks.probe(id, controller.signal));
  const waiting = checks.probe(id, never);
  controller.abort();
  expect(await stopped).toBe("ABORTED");
  expect(await waiting).toMatchObject({ ok: true });
});

// Catches: a stop that waits for what somebody else asked for.
test("who waits for another's probe is stopped at once by its own signal, and the probe goes on", async () => {
  const { id, open } = await checked();
  const checks = open();
  const order: string[] = [];
  const first = checks.probe(id, never).then((result) => (order.push("probed"), result));
  // The second comes when the first has its process, and goes as soon as it waits.
  await checks.probe("no-such-model", never).catch(() => undefined);
  const controller = new AbortController();
  const second = codeOf(checks.probe(id, controller.signal)).then((code) => (order.push(code), code));
  controller.abort();
  await Promise.all([first, second]);
  expect(order).toEqual(["ABORTED", "probed"]);
  expect(await first).toMatchObject({ ok: true });
});

test("the folder of the store is made only when something comes into it", async () => {
  const { store } = openStore(join(fixture.root, "later"));
  expect(await store.list()).toEqual([]);
});
