import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withFileLock as appLock } from "../../../src/main/features/models/file-lock.ts";
import { loadScript } from "../../helpers/script.ts";

const { withFileLock: scriptLock } = await loadScript<{ withFileLock: <T>(path: string, run: () => Promise<T>) => Promise<T> }>("lock.mjs");

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "croft-lock-"));
  lock = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The id of a process that has ended. */
const endedProcess = () => spawnSync(process.execPath, ["-e", ""]).pid;

describe.each([
  ["the app", appLock],
  ["the set-up", scriptLock],
])("a file lock of %s", (_whose, withFileLock) => {
  test("lets one in at a time", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withFileLock(lock, work)));
    expect(most).toBe(1);
    expect(existsSync(lock)).toBe(false);
  });

  test("is given back when the work fails", async () => {
    await expect(withFileLock(lock, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await withFileLock(lock, async () => "next")).toBe("next");
  });

  test("of a process that is gone is taken over", async () => {
    writeFileSync(lock, `${endedProcess()} token`);
    expect(await withFileLock(lock, async () => "mine")).toBe("mine");
  });

  test("that nobody refreshed is taken over although its process lives", async () => {
    writeFileSync(lock, `${process.pid} token`);
    utimesSync(lock, new Date(0), new Date(0));
    expect(await withFileLock(lock, async () => "mine")).toBe("mine");
  });

  test.skipIf(process.platform !== "linux")("of a process that ended but was never waited for is taken over at once (Linux)", async () => {
    // The shell becomes a program that waits for nobody, so its child stays behind.
    const parent = spawn("sh", ["-c", "(exit 0) & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const [pid] = await once(parent.stdout, "data");
      writeFileSync(lock, `${String(pid).trim()} token`);
      expect(await withFileLock(lock, async () => "mine")).toBe("mine");
    } finally {
      parent.kill("SIGKILL");
    }
  });

  test("is not removed by a holder from whom it was taken", async () => {
    await withFileLock(lock, async () => writeFileSync(lock, "another's"));
    expect(readFileSync(lock, "utf8")).toBe("another's");
  });
});

test("of a living process is respected, and waiting ends with the signal", async () => {
  writeFileSync(lock, `${process.pid} token`);
  const controller = new AbortController();
  const onWait = () => controller.abort();
  await expect(appLock(lock, async () => "mine", { signal: controller.signal, onWait })).rejects.toMatchObject({
    name: "AbortError",
  });
  expect(readFileSync(lock, "utf8")).toBe(`${process.pid} token`);
});
