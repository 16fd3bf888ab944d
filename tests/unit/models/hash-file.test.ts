import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { feedHash, hashFile } from "../../../src/main/features/models/hash-file.ts";

const bytes = Buffer.from(Array.from({ length: 2_500_001 }, (_, at) => (at * 31 + (at >> 8)) & 255));
const sha256 = (of: Uint8Array) => createHash("sha256").update(of).digest("hex");
let folder = "";
let path = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "croft-hash-"));
  path = join(folder, "model.gguf");
  writeFileSync(path, bytes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the hash of a model's file", () => {
  // Catches pieces left out or taken twice where a file is longer than one read.
  it("is that of all its bytes, told as they pass", async () => {
    let told = 0;
    expect(await hashFile(path, { onBytes: (count) => (told += count) })).toBe(sha256(bytes));
    expect(told).toBe(bytes.length);
  });

  // Catches a download that goes on one byte beside where it stopped: every later hash would be wrong.
  it.each([0, 1, 1 << 20, (1 << 20) + 1, 2_500_001])("takes exactly the first %i bytes", async (length) => {
    const hash = createHash("sha256");
    await feedHash(hash, path, { length });
    expect(hash.digest("hex")).toBe(sha256(bytes.subarray(0, length)));
  });

  it("knows an empty file by the published hash of nothing", async () => {
    writeFileSync(join(folder, "empty"), "");
    expect(await hashFile(join(folder, "empty"))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  // Catches a cancelled check that reads gigabytes to their end, and a missing file that hashes as an empty one.
  it("stops when it is given up and fails where there is no file", async () => {
    const control = new AbortController();
    const reading = hashFile(path, { signal: control.signal, onBytes: () => control.abort() });
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
    await expect(hashFile(join(folder, "missing"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});
