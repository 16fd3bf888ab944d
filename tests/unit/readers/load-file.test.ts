import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadFile, loadStart } from "../../../src/main/engines/readers/load-file.ts";
import { hashFile } from "../../../src/main/features/knowledge/sources/file-hash.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

describe("loading a file", () => {
  it("gives its bytes, or the first of them", async () => {
    const path = join(temporaryFolder(), "file");
    writeFileSync(path, "abcdef");
    expect(Buffer.from(await loadFile(path, 6)).toString()).toBe("abcdef");
    expect(Buffer.from(await loadStart(path, 4)).toString()).toBe("abcd");
    expect(Buffer.from(await loadStart(path, 100)).toString()).toBe("abcdef");
    await expect(loadFile(path, 5)).rejects.toMatchObject({ code: "FILE_TOO_LARGE" });
  });

  // Catches: a thread that waits at a named pipe for ever; four such, and nothing of Croft can reach the disk any more.
  it.skipIf(process.platform === "win32")("refuses a named pipe at once, also where its hash is taken", async () => {
    const pipe = join(temporaryFolder(), "pipe");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
    const refused = { code: "FILE_UNREADABLE" };
    await expect(loadFile(pipe, 10)).rejects.toMatchObject(refused);
    await expect(loadStart(pipe, 10)).rejects.toMatchObject(refused);
    await expect(hashFile(pipe, new AbortController().signal)).rejects.toMatchObject(refused);
  });
});
