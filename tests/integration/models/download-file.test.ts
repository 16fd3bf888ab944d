import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { downloadFile } from "../../../src/main/features/models/download-file.ts";
import type { DownloadOptions } from "../../../src/main/features/models/download-file.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { cutAfter, stallAfter, startFileServer, status } from "../../helpers/file-server.ts";
import type { FileServer } from "../../helpers/file-server.ts";
import { recordingLog } from "../../helpers/engine-hosts.ts";

const body = randomBytes(3_000_000);
const sha256 = createHash("sha256").update(body).digest("hex");

let server: FileServer;
let folder: string;
beforeEach(async () => {
  server = await startFileServer();
  server.put("/model.gguf", { body, etag: '"one"' });
  folder = mkdtempSync(join(tmpdir(), "croft-download-"));
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const path = () => join(folder, "model.gguf");
const part = () => `${path()}.part`;
function download(overrides: Partial<DownloadOptions> = {}) {
  return downloadFile({
    fetch,
    url: `${server.origin}/model.gguf`,
    path: path(),
    expected: { bytes: body.length, sha256 },
    signal: new AbortController().signal,
    log: recordingLog().log,
    onProgress: () => {},
    retryBaseMs: 1,
    ...overrides,
  });
}
const ranges = () => server.requests.map(({ range }) => range);
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => "done",
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

/** Only the finished file, nothing beside it. */
function expectWhole() {
  expect(readdirSync(folder)).toEqual(["model.gguf"]);
  expect(readFileSync(path()).equals(body)).toBe(true);
}

describe("a download", () => {
  test("arrives whole, and progress ends at its size", async () => {
    const seen: number[] = [];
    const result = await download({ onProgress: (done) => void seen.push(done) });
    expect(result).toEqual({ sha256, bytes: body.length });
    expect(seen.at(-1)).toBe(body.length);
    expectWhole();
  });

  test("does nothing when the file is there", async () => {
    await download();
    const before = server.requests.length;
    expect(await download()).toBeUndefined();
    expect(server.requests.length).toBe(before);
  });

  test("goes on at the byte where the connection broke, and never reads a byte twice", async () => {
    server.script(cutAfter(1_000_000), cutAfter(500_000));
    await download();
    expectWhole();
    const starts = ranges().map((range) => Number(/\d+/.exec(range ?? "bytes=0")?.[0]));
    expect(starts).toHaveLength(3);
    expect(starts[0]).toBe(0);
    expect(starts[1]).toBeGreaterThan(0);
    expect(starts[2]).toBeGreaterThan(starts[1] ?? 0);
    expect(server.requests[1]?.ifRange).toBe('"one"');
  });

  test("finishes over a line that breaks more often than a fruitless server may fail", async () => {
    server.script(...Array.from({ length: 12 }, () => cutAfter(200_000)));
    await download();
    expectWhole();
  });

  test("gives up after fruitless tries, keeps what came, and goes on the next time", async () => {
    server.script(cutAfter(1_000_000), ...Array.from({ length: 6 }, () => status(503)));
    expect(await code(download())).toBe("DOWNLOAD_FAILED");
    expect(existsSync(path())).toBe(false);
    const kept = statSync(part()).size;
    expect(kept).toBeGreaterThan(0);
    await download();
    expect(ranges().at(-1)).toBe(`bytes=${kept}-`);
    expectWhole();
  });

  test("does not ask again when the server refuses", async () => {
    server.script(status(404));
    expect(await code(download())).toBe("DOWNLOAD_FAILED");
    expect(server.requests).toHaveLength(1);
  });

  test("starts again when the file changed under its address, instead of joining two versions", async () => {
    server.put("/model.gguf", { body: randomBytes(body.length), etag: '"old"' });
    server.script(cutAfter(1_000_000), ...Array.from({ length: 6 }, () => status(503)));
    expect(await code(download())).toBe("DOWNLOAD_FAILED");
    server.put("/model.gguf", { body, etag: '"one"' });
    await download();
    expectWhole();
  });

  test("does not resume what nothing identifies: no tag, no date, no hash", async () => {
    server.put("/model.gguf", { body });
    server.script(cutAfter(1_000_000), ...Array.from({ length: 6 }, () => status(503)));
    const expected = { bytes: body.length };
    await code(download({ expected }));
    await download({ expected });
    expect(ranges().at(-1)).toBeUndefined();
    expectWhole();
  });

  test("starts again when the server cannot give ranges", async () => {
    server.script(cutAfter(1_000_000), (request, _response, next) => {
      delete request.headers.range;
      next();
    });
    await download();
    expectWhole();
  });

  test("refuses a range that begins elsewhere", async () => {
    server.script(cutAfter(1_000_000), (_request, response) => {
      response.writeHead(206, { "content-range": `bytes 7-${body.length - 1}/${body.length}`, "content-length": body.length - 7 });
      response.end(body.subarray(7));
    });
    await download();
    expectWhole();
  });

  test("starts again when a partial file is longer than the file", async () => {
    writeFileSync(part(), randomBytes(body.length + 10));
    writeFileSync(`${part()}.json`, JSON.stringify({ url: `${server.origin}/model.gguf`, validator: '"one"', total: body.length }));
    await download();
    expectWhole();
  });

  test.each([
    ["other bytes of the same size", randomBytes(body.length)],
    ["more bytes", Buffer.concat([body, body])],
    ["fewer bytes", body.subarray(0, 1_000)],
  ])("with %s never gets its name and leaves nothing", async (_what, wrong) => {
    server.put("/model.gguf", { body: wrong, etag: '"wrong"' });
    expect(await code(download())).toBe("CHECKSUM_MISMATCH");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("with a body that outgrows its declared length is cut off", async () => {
    server.script((_request, response) => {
      response.writeHead(200, { "transfer-encoding": "chunked" });
      response.end(Buffer.concat([body, randomBytes(1000)]));
    });
    expect(await code(download())).toBe("CHECKSUM_MISMATCH");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("that stalls is noticed, told and taken up again", async () => {
    server.script(stallAfter(1_000_000));
    const notes: (string | undefined)[] = [];
    const { log, records } = recordingLog();
    await download({ stallMs: 300, log, onProgress: (_done, _total, note) => void notes.push(note) });
    expectWhole();
    expect(records.map(({ event }) => event)).toContain("download.retry");
    expect(notes.join(" ")).toContain("Nothing arrived");
  });

  test("stops on its signal, keeps what came, and goes on later", async () => {
    server.script(stallAfter(1_000_000));
    const controller = new AbortController();
    const onProgress = (done: number) => void (done >= 500_000 && controller.abort());
    expect(await code(download({ signal: controller.signal, onProgress }))).toBe("ABORTED");
    expect(statSync(part()).size).toBeGreaterThanOrEqual(500_000);
    expect(readdirSync(folder).filter((name) => name.endsWith(".lock"))).toEqual([]);
    await download();
    expectWhole();
  });

  test("refused by the egress policy is not tried again, and its reason is kept", async () => {
    let calls = 0;
    const refusing: typeof fetch = () => {
      calls += 1;
      return Promise.reject(new AppError("OFFLINE", "The network is switched off."));
    };
    expect(await code(download({ fetch: refusing }))).toBe("OFFLINE");
    expect(calls).toBe(1);
  });

  test("that cannot fit on the disk is refused before the first byte", async () => {
    expect(await code(download({ expected: { bytes: 2 ** 52, sha256 } }))).toBe("DISK_FULL");
    expect(server.requests).toHaveLength(0);
  });

  test("wanted twice at once is made once", async () => {
    const results = await Promise.all([download(), download(), download()]);
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
    expectWhole();
  });
});
