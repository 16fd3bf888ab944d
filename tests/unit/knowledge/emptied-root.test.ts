import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireRoot } from "../../../src/main/features/knowledge/sources/emptied-root.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "croft-root-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("a folder that holds nothing any more", () => {
  // Catches a drive that is not plugged in and whose whole index is thereby forgotten.
  it("is taken for a drive that is gone where it held many files", async () => {
    await expect(requireRoot(root, 0, 10)).rejects.toMatchObject({ code: "NOT_FOUND", data: { root } });
    await expect(requireRoot(join(root, "not mounted"), 0, 500)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  // Catches a few files that somebody did delete and that can never be forgotten.
  it.each([0, 1, 9])("is taken for emptied where it held %i", async (known) => {
    await expect(requireRoot(root, 0, known)).resolves.toBeUndefined();
  });

  // Catches files left out by a new glob, or of another kind, that are taken for a lost drive.
  it("is there as long as anything is in it", async () => {
    await expect(requireRoot(root, 1, 5000)).resolves.toBeUndefined();
    writeFileSync(join(root, ".hidden"), "");
    await expect(requireRoot(root, 0, 5000)).resolves.toBeUndefined();
    rmSync(join(root, ".hidden"));
    mkdirSync(join(root, "empty"));
    await expect(requireRoot(root, 0, 5000)).resolves.toBeUndefined();
  });
});
