import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createArbiter } from "../../src/main/engines/arbiter.ts";
import type { EngineHost } from "../../src/main/engines/engine.ts";
import { createEngineHost } from "../../src/main/engines/engine-host.ts";
import { entryUrl } from "../../src/main/engines/entries.ts";
import type { SearchConfig, SearchProtocol } from "../../src/main/engines/search/protocol.ts";
import { threadSpawner } from "../../src/main/engines/spawn-thread.ts";
import { codeOf, recordingLog } from "../helpers/engine-hosts.ts";
import { type Library, openLibrary } from "../helpers/search-library.ts";
import { dimensions, packed, wordVector } from "./search-harness.ts";

let folder: string;
let library: Library;
let host: EngineHost<SearchProtocol>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "croft-search-worker-"));
  library = openLibrary(folder);
  host = createEngineHost<SearchConfig, SearchProtocol>({
    name: "search",
    config: library.config,
    spawn: threadSpawner(entryUrl("search")),
    arbiter: createArbiter({ cores: 2 }),
    threads: {},
    idleMs: 60_000,
    log: recordingLog().log,
    now: Date.now,
  });
});
afterEach(async () => {
  await host.close();
  library.close();
  rmSync(folder, { recursive: true, force: true });
});

async function add(chunks: string[]): Promise<number[]> {
  const { id, keys } = library.begin({ chunks });
  const rows = chunks.map((text, index) => ({ key: keys[index] ?? 0, context: "", text }));
  await host.call(
    "put",
    { embedder: "words", dimensions, rows, vectors: packed(chunks.map((text) => wordVector(text))) },
    { priority: "background" },
  );
  library.publish(id, "a");
  return keys;
}

const ask = (text: string, signal?: AbortSignal) =>
  host.call(
    "query",
    { text, mode: "hybrid", vectors: [{ embedder: "words", vector: wordVector(text) }], collections: [], limit: 5, candidates: 20 },
    { signal },
  );

it("works in a thread of its own, and keeps everything over a stop and a start", async () => {
  const keys = await add(["the ferry leaves", "bread is baked"]);
  expect((await ask("ferry")).hits[0]?.key).toBe(keys[0]);
  await host.stop();
  expect(host.state).toBe("stopped");
  expect((await ask("bread")).hits[0]?.key).toBe(keys[1]);
  expect(host.generation).toBe(2);
});

it("carries error codes over the thread's edge", async () => {
  const call = host.call("put", {
    embedder: "words",
    dimensions,
    rows: [{ key: 1, context: "", text: "x" }],
    vectors: new Float32Array(3),
  });
  expect(await codeOf(call)).toBe("INVALID_INPUT");
});

it("answers queries while a long put goes on, and gives the put up when it is aborted", async () => {
  const chunks = Array.from({ length: 3000 }, (_, index) => `common word${index} ${"and more text ".repeat(20)}`);
  const { id, keys } = library.begin({ chunks });
  library.publish(id, "a");
  const rows = chunks.map((text, index) => ({ key: keys[index] ?? 0, context: "", text }));
  const controller = new AbortController();
  const vectors = packed(chunks.map((text) => wordVector(text)));
  const putting = codeOf(
    host.call("put", { embedder: "words", dimensions, rows, vectors }, { signal: controller.signal, priority: "background" }),
  );
  let hits = 0;
  while (hits === 0) hits = (await ask("common")).hits.length;
  controller.abort();
  expect(await putting).toBe("ABORTED");
  const { chunks: written } = await host.call("stats", {});
  expect(written).toBeGreaterThan(0);
  expect(written).toBeLessThan(3000);
});

it("finds what was put before the process was lost, and nothing of what was not published", async () => {
  const keys = await add(["kept words"]);
  const pending = library.begin({ chunks: ["lost words"] });
  await host.call("put", {
    embedder: "words",
    dimensions,
    rows: [{ key: pending.keys[0] ?? 0, context: "", text: "lost words" }],
    vectors: wordVector("lost words"),
  });
  await host.stop();
  expect((await ask("words")).hits.map(({ key }) => key)).toEqual(keys);
});
