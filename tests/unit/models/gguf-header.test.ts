import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readGgufHeader } from "../../../src/main/features/models/gguf-header.ts";
import { modelFolder, skipReason } from "../../helpers/models.ts";
import { writeSyntheticGguf } from "../../helpers/synthetic-gguf.ts";

let folder: string;
let good: Buffer;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "croft-gguf-"));
  writeSyntheticGguf(join(folder, "good.gguf"));
  good = readFileSync(join(folder, "good.gguf"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(bytes: Buffer): string {
  const path = join(folder, "tried.gguf");
  writeFileSync(path, bytes);
  return path;
}
const refused = (bytes: Buffer) => expect(readGgufHeader(write(bytes))).rejects.toMatchObject({ code: "MODEL_INVALID" });
/** The good file with some bytes replaced. */
function patched(at: number, bytes: Buffer): Buffer {
  const copy = Buffer.from(good);
  bytes.copy(copy, at);
  return copy;
}
const u64 = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};

describe("the header of a GGUF", () => {
  test("tells what the memory estimate needs", async () => {
    // 2 layers × 2 key-value heads × (16 + 16) numbers × 2 bytes
    expect(await readGgufHeader(join(folder, "good.gguf"))).toEqual({
      architecture: "llama",
      name: "synthetic",
      trainContextTokens: 4096,
      contextBytesPerToken: 256,
      generates: true,
    });
  });

  test("of a file that ends before its last tensor is refused, at any cut", async () => {
    const path = write(good);
    for (const length of [good.length - 1, good.length >> 1, 5_000, 100, 25, 23, 4, 3, 0]) {
      writeFileSync(path, good);
      truncateSync(path, length);
      await expect(readGgufHeader(path), `${length} bytes`).rejects.toMatchObject({ code: "MODEL_INVALID" });
    }
  });

  test("of something else is refused", async () => {
    await refused(Buffer.from("<!doctype html><title>Sign in</title>".repeat(10)));
    await refused(Buffer.alloc(4096));
    await refused(patched(4, Buffer.from([1, 0, 0, 0])));
    await refused(patched(4, Buffer.from([0, 0, 0, 3])));
  });

  test("with absurd counts is refused at once, without allocating for them", async () => {
    await refused(patched(8, u64(2n ** 63n)));
    await refused(patched(16, u64(2n ** 40n)));
    // the length of the first key
    await refused(patched(24, u64(2n ** 50n)));
    await refused(patched(24, u64(BigInt(good.length) * 2n)));
  });

  test("never crashes on damaged bytes: it reads, or refuses with a code", async () => {
    // Every byte of the header's start, one at a time; a parser that trusts any of them throws something else.
    for (let at = 0; at < 600; at += 1) {
      const outcome = await readGgufHeader(write(patched(at, Buffer.from([0xff])))).then(
        () => "read",
        (error: { code?: string }) => error.code,
      );
      expect(["read", "MODEL_INVALID"], `byte ${at}`).toContain(outcome);
    }
  });

  test("gives no control characters from a name", async () => {
    const at = good.indexOf("synthetic");
    const header = await readGgufHeader(write(patched(at, Buffer.from("a\u001b[2Jb\nc\r"))));
    expect(header.name).toBe("a[2Jbc");
  });

  const reason = skipReason("smollm2-135m-instruct");
  test.skipIf(reason)(`of a real model agrees with the catalogue${reason ? ` (skipped: ${reason})` : ""}`, async () => {
    const header = await readGgufHeader(join(modelFolder("smollm2-135m-instruct") ?? "", "SmolLM2-135M-Instruct.Q4_1.gguf"));
    expect(header).toMatchObject({ architecture: "llama", trainContextTokens: 8192, contextBytesPerToken: 23_040, generates: true });
  });
});
