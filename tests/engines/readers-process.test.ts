import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, afterEach, expect, test } from "vitest";
import { createArbiter } from "../../src/main/engines/arbiter.ts";
import { createEngineHost } from "../../src/main/engines/engine-host.ts";
import { entryUrl } from "../../src/main/engines/entries.ts";
import type { EngineHost } from "../../src/main/engines/engine.ts";
import type { ReadersConfig, ReadersProtocol, ReadItem } from "../../src/main/engines/readers/protocol.ts";
import { spawnReaders } from "../../src/main/engines/readers/spawn-readers.ts";
import type { MemoryWatch } from "../../src/main/engines/readers/spawn-readers.ts";
import { watchCalls } from "../../src/main/features/knowledge/reading/watchdog.ts";
import { codeOf, forkChild, recordingLog } from "../helpers/engine-hosts.ts";
import { fixtureFolder, setLines } from "../helpers/make-fixtures.ts";
import { makePdf } from "../helpers/make-pdf.ts";
import { limits } from "../helpers/readers.ts";

const files = fixtureFolder();
afterAll(() => files.close());

let host: EngineHost<ReadersProtocol> | undefined;
afterEach(() => host?.close());

function start(watch: Partial<MemoryWatch> = {}): EngineHost<ReadersProtocol> {
  host = createEngineHost<ReadersConfig, ReadersProtocol>({
    name: "readers",
    config: {},
    spawn: spawnReaders(
      forkChild(entryUrl("readers")),
      { entry: "readers", name: "readers" },
      { memoryBytes: 2 ** 40, everyMs: 10, ...watch },
    ),
    arbiter: createArbiter({ cores: 2 }),
    threads: { read: 1, raster: 1, detect: 0 },
    idleMs: 60_000,
    log: recordingLog().log,
    now: () => performance.now(),
    endDeadlineMs: 200,
  });
  return host;
}

const good = files.file("good.txt", "Read me.");
const manyPages = () =>
  files.file(
    "many.pdf",
    makePdf(Array.from({ length: 3000 }, (_, page) => ({ texts: setLines(["A page of words", `numbered ${page}`], { x: 72, y: 72 }) }))),
  );
const big = { ...limits, pages: 10_000 };

async function readText(readers: EngineHost<ReadersProtocol>, path: string): Promise<string> {
  let text = "";
  await readers.call("read", { path, limits: big }, { onItem: (item) => void (item.kind === "page" && (text += item.page.text)) });
  return text;
}

test("pages, boxes and errors cross the process as they are", async () => {
  const readers = start();
  const items: ReadItem[] = [];
  await readers.call(
    "read",
    { path: files.file("one.pdf", makePdf([{ texts: [{ x: 72, y: 72, text: "Hello" }] }])), limits },
    { onItem: (item) => void items.push(item) },
  );
  const page = items.find((item) => item.kind === "page");
  expect(page?.page.words?.boxes).toBeInstanceOf(Float32Array);
  expect(page?.page.text).toBe("Hello");
  await expect(readers.call("read", { path: files.file("empty.txt", ""), limits })).rejects.toMatchObject({
    code: "FILE_EMPTY",
    hint: expect.any(String),
  });
});

test("a file that never ends is given up from outside, and the next one gets a fresh process", async () => {
  const readers = start();
  // The parser's time grows with the square of the depth: minutes, in one go, deaf to any signal.
  const endless = files.file("endless.html", `<html><body>${"<div>".repeat(400_000)}deep</body></html>`);
  const watched = { signal: new AbortController().signal, priority: "background" as const, stallMs: 1500, what: "endless.html" };
  const call = watchCalls(readers, { restart: true });
  expect(await codeOf(call("read", { path: endless, limits }, watched))).toBe("TIMEOUT");
  const { generation } = readers;
  let text = "";
  await call("read", { path: good, limits }, watched, (item) => void (item.kind === "page" && (text += item.page.text)));
  expect(text).toBe("Read me.");
  expect(readers.generation).toBe(generation + 1);
});

test("a file that takes too much memory is refused for that reason, and the next one is read", async () => {
  let reading = false;
  const readers = start({ memoryBytes: 1e9, residentBytes: async () => (reading ? 2e9 : 1e8) });
  await expect(
    readers.call("read", { path: manyPages(), limits: big }, { onItem: (item) => void (reading = item.kind === "head" || reading) }),
  ).rejects.toMatchObject({ code: "FILE_TOO_LARGE", data: { limit: "memoryBytes", allowed: 1e9 } });
  reading = false;
  expect(await readText(readers, good)).toBe("Read me.");
});

test("the memory of a process is known on this platform", async () => {
  let looked = 0;
  const readers = start({ memoryBytes: 1 });
  void readers.onState(() => (looked += 1));
  // No process fits into one byte: if the platform tells, the call cannot succeed.
  if (process.platform === "win32") return;
  expect(await codeOf(readText(readers, manyPages()))).toMatch(/FILE_TOO_LARGE|ENGINE_UNAVAILABLE|ENGINE_EXITED/);
  expect(looked).toBeGreaterThan(0);
});

test("a cancelled call ends, and the same process goes on", async () => {
  const readers = start();
  const stop = new AbortController();
  const call = readers.call(
    "read",
    { path: manyPages(), limits: big },
    { signal: stop.signal, onItem: (item) => void (item.kind === "page" && stop.abort()) },
  );
  expect(await codeOf(call)).toBe("ABORTED");
  expect(await readText(readers, good)).toBe("Read me.");
});

// Catches: evaluations that end before they begin, because a helper they share with the tests asks for a test runner.
test("scripts that measure open the same engines, without a test around them", async () => {
  const helper = new URL("../helpers/reading-engines.ts", import.meta.url).href;
  const script = `
    import { openReading } from ${JSON.stringify(helper)};
    const { reading, starts, close } = openReading();
    const { text } = await reading.readDocument(${JSON.stringify(good)}, { ocr: "never", languages: ["eng"] }, { signal: new AbortController().signal });
    console.log(text.trim(), starts());
    await close();
  `;
  const { VITEST: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { env });
  expect(stdout.trim()).toBe("Read me. 1");
});
