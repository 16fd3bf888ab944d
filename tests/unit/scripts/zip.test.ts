import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadScript } from "../../helpers/script.ts";
import { zipOf } from "../../helpers/write-zip.ts";

const { readMember } = await loadScript<{ readMember(path: string, member: string): Promise<Readable> }>("zip.mjs");

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "croft-zip-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function read(archive: Buffer, member: string): Promise<Buffer> {
  const path = join(folder, "archive.zip");
  writeFileSync(path, archive);
  return Buffer.concat(await (await readMember(path, member)).toArray());
}
const body = Buffer.concat([randomBytes(200_000), Buffer.alloc(300_000)]);

describe("a member of a zip file", () => {
  test.each([true, false])("is read (compressed: %s)", async (packed) => {
    const archive = zipOf({ "other.txt": Buffer.from("no"), "a/data.bin": body, "empty.txt": Buffer.alloc(0) }, packed);
    expect((await read(archive, "a/data.bin")).equals(body)).toBe(true);
    expect(await read(archive, "empty.txt")).toHaveLength(0);
  });

  test("is found in any folder where the name begins with a star", async () => {
    expect((await read(zipOf({ "some_package/data/part01.bin": body }), "*/data/part01.bin")).equals(body)).toBe(true);
  });

  test("is read out of a zip in the zip", async () => {
    expect((await read(zipOf({ "model.zip": zipOf({ "tokenizer.json": body }) }), "model.zip!tokenizer.json")).equals(body)).toBe(true);
  });

  test("that is missing, or an archive that is none, is an error", async () => {
    await expect(read(zipOf({ a: body }), "b")).rejects.toThrow("no b");
    await expect(read(randomBytes(5000), "a")).rejects.toThrow("no zip");
    await expect(read(Buffer.alloc(0), "a")).rejects.toThrow("no zip");
  });
});
