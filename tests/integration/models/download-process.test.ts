import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { downloadFile } from "../../../src/main/features/models/download-file.ts";
import { stallAfter, startFileServer } from "../../helpers/file-server.ts";
import type { FileServer } from "../../helpers/file-server.ts";
import { recordingLog } from "../../helpers/engine-hosts.ts";

const program = fileURLToPath(new URL("../../helpers/download-process.ts", import.meta.url));
const body = randomBytes(4_000_000);
const sha256 = createHash("sha256").update(body).digest("hex");

let server: FileServer;
let folder: string;
let children: ChildProcess[];
beforeEach(async () => {
  server = await startFileServer();
  server.put("/model.gguf", { body, etag: '"one"' });
  folder = mkdtempSync(join(tmpdir(), "croft-process-"));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

type Line = { done?: number; note?: string; result?: unknown };

/** Starts a download in a process of its own; `until` resolves with the first line that fits. */
function start(path: string) {
  const child = spawn(process.execPath, [program, `${server.origin}/model.gguf`, path, String(body.length), sha256], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(JSON.parse(line));
    for (const look of waiting) look();
  });
  const until = (fits: (line: Line) => boolean) =>
    new Promise<Line>((resolve) => {
      const look = () => {
        const line = lines.find(fits);
        if (!line) return;
        waiting.delete(look);
        resolve(line);
      };
      waiting.add(look);
      look();
    });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { child, until, ended };
}

const download = (path: string) =>
  downloadFile({
    fetch,
    url: `${server.origin}/model.gguf`,
    path,
    expected: { bytes: body.length, sha256 },
    signal: new AbortController().signal,
    log: recordingLog().log,
    onProgress: () => {},
    retryBaseMs: 1,
  });

describe("processes that download", () => {
  test("one killed in the middle leaves nothing under the final name, and the next goes on where it stopped", async () => {
    const path = join(folder, "model.gguf");
    server.script(stallAfter(2_000_000));
    const killed = start(path);
    await killed.until(({ done = 0 }) => done >= 1_000_000);
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(readdirSync(folder)).not.toContain("model.gguf");
    const kept = statSync(`${path}.part`).size;
    await download(path);
    expect(server.requests.at(-1)?.range).toBe(`bytes=${kept}-`);
    expect(readFileSync(path).equals(body)).toBe(true);
    expect(readdirSync(folder)).toEqual(["model.gguf"]);
  });

  test("two that want the same file make one download, and the second reports the first one's progress", async () => {
    const path = join(folder, "model.gguf");
    let release = () => {};
    // The first request waits in the middle until the second process has been seen waiting.
    server.script((_request, response) => {
      response.writeHead(200, { etag: '"one"', "content-length": body.length });
      response.write(body.subarray(0, 1_000_000));
      release = () => void response.end(body.subarray(1_000_000));
    });
    const first = start(path);
    await first.until(({ done = 0 }) => done > 0);
    const second = start(path);
    await second.until(({ note }) => note?.includes("another") ?? false);
    release();
    expect((await first.until(({ result }) => result !== undefined)).result).toEqual({ sha256, bytes: body.length });
    expect((await second.until(({ result }) => result !== undefined)).result).toBeNull();
    expect(server.requests).toHaveLength(1);
    expect(readFileSync(path).equals(body)).toBe(true);
  });

  const noMount = mountReason();
  test.skipIf(noMount)(`a disk that fills up keeps what came and says so${noMount ? ` (skipped: ${noMount})` : ""}`, async () => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]).status).toBe(0);
    try {
      const path = join(disk, "model.gguf");
      // With no size known beforehand only the write itself can find out.
      const failing = downloadFile({
        fetch,
        url: `${server.origin}/model.gguf`,
        path,
        expected: { sha256 },
        signal: new AbortController().signal,
        log: recordingLog().log,
        onProgress: () => {},
      });
      await expect(failing).rejects.toMatchObject({ code: "DISK_FULL" });
      expect(readdirSync(disk)).not.toContain("model.gguf");
      expect(statSync(`${path}.part`).size).toBeGreaterThan(500_000);
      expect(spawnSync("mount", ["-o", "remount,size=64m", disk]).status).toBe(0);
      await downloadFile({
        fetch,
        url: `${server.origin}/model.gguf`,
        path,
        expected: { sha256 },
        signal: new AbortController().signal,
        log: recordingLog().log,
        onProgress: () => {},
      });
      expect(readFileSync(path).equals(body)).toBe(true);
      expect(server.requests.at(-1)?.range).toMatch(/^bytes=\d+-$/);
    } finally {
      spawnSync("umount", [disk]);
    }
  });
});

/** Why no small disk can be mounted here. */
function mountReason(): string | undefined {
  if (process.platform !== "linux") return "a small disk is mounted on Linux only";
  if (process.getuid?.() !== 0) return "mounting a small disk needs root";
  const probe = mkdtempSync(join(tmpdir(), "croft-mount-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", probe]).status === 0;
  if (mounted) spawnSync("umount", [probe]);
  rmSync(probe, { recursive: true, force: true });
  return mounted ? undefined : "this machine does not allow mounting";
}
