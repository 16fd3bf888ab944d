import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashFile } from "../../../src/main/features/knowledge/sources/file-hash.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const never = new AbortController().signal;

describe("the hash of a file", () => {
  // Catches a piece that is left out, read twice or hashed beyond its end: two files would be taken for one, or one for new.
  it.each([0, 1, 4095, 4096, 4097, 128 * 1024 - 1, 128 * 1024, 128 * 1024 + 1, 700_001])(
    "of %i bytes is that of all of them",
    async (size) => {
      const path = join(temporaryFolder(), "file");
      const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * 31) % 251));
      writeFileSync(path, bytes);
      expect(await hashFile(path, never)).toBe(createHash("sha256").update(bytes).digest("hex"));
    },
  );

  it("that cannot be read is its own fault, with a way out", async () => {
    const folder = temporaryFolder();
    await expect(hashFile(join(folder, "none"), never)).rejects.toMatchObject({ code: "FILE_UNREADABLE", hint: expect.any(String) });
    await expect(hashFile(folder, never)).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  });

  // Catches a large file that is hashed to its end after the job was cancelled.
  it("is not gone on with after an abort", async () => {
    const path = join(temporaryFolder(), "file");
    writeFileSync(path, Buffer.alloc(5_000_000));
    const stop = new AbortController();
    const hashing = hashFile(path, stop.signal);
    stop.abort();
    await expect(hashing).rejects.toMatchObject({ name: "AbortError" });
  });
});
