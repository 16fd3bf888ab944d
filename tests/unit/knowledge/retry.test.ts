import { describe, expect, it } from "vitest";
import { needsWork } from "../../../src/main/features/knowledge/sources/retry.ts";
import type { SourceFile } from "../../../src/main/features/knowledge/sources/source-store.ts";

const file = { path: "/docs/a.pdf", size: 10, modifiedAt: 1 };
const known = (more: Partial<SourceFile>): SourceFile => ({
  ...file,
  id: "f",
  contentHash: null,
  documentId: null,
  state: "indexed",
  reason: undefined,
  unavailable: false,
  ...more,
});
const failed = (reason: string) => known({ state: "failed", reason });

describe("a file", () => {
  it.each([
    ["is new", undefined, true],
    ["is indexed and unchanged", known({}), false],
    ["was left undone", known({ state: "pending" }), true],
    ["came back as it was", known({ unavailable: true }), false],
    ["came back changed", known({ unavailable: true, size: 11 }), true],
    ["has another size", known({ size: 11 }), true],
    ["has another time", known({ modifiedAt: 2 }), true],
    ["was removed by a person", known({ state: "skipped", reason: "REMOVED" }), false],
    ["failed in Croft", failed("INTERNAL"), true],
    ["took too long", failed("TIMEOUT"), true],
    ["lost its engine", failed("ENGINE_EXITED"), true],
    ["could not be opened", failed("FILE_UNREADABLE"), true],
    ["is damaged", failed("FILE_DAMAGED"), false],
    ["is locked", failed("FILE_ENCRYPTED"), false],
  ])("that %s is read: %#", (_, before, expected) => {
    expect(needsWork(file, before, false)).toBe(expected);
  });

  it("in a language that could not be recognised is read again once it can be", () => {
    expect(needsWork(file, failed("NOT_SUPPORTED"), false)).toBe(false);
    expect(needsWork(file, failed("NOT_SUPPORTED"), true)).toBe(true);
  });
});
