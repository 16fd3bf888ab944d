import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadScript } from "../../helpers/script.ts";

type Outcome = { name: string; ok: boolean; files: number; output: string };
const { outcome, sizes } = await loadScript<{
  outcome(name: string, result: { code: number; output: string }, files: number): Outcome;
  sizes(folder: string): Outcome;
}>("checks.mjs");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "croft-checks-"));
  mkdirSync(join(folder, "src"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a check", () => {
  test("that saw no files fails, although the checker was content", () => {
    expect(outcome("lint", { code: 0, output: "no warnings" }, 0)).toMatchObject({
      ok: false,
      output: expect.stringContaining("saw no files"),
    });
    expect(outcome("lint", { code: 0, output: "" }, 3).ok).toBe(true);
    expect(outcome("lint", { code: 1, output: "bad" }, 3)).toMatchObject({ ok: false, output: "bad" });
  });

  test("of sizes counts lines: 500 pass, 501 fail and are named", () => {
    writeFileSync(join(folder, "src", "long.ts"), "x\n".repeat(500));
    expect(sizes(folder)).toMatchObject({ ok: true, files: 1 });
    writeFileSync(join(folder, "src", "longer.ts"), "x\n".repeat(501));
    expect(sizes(folder)).toMatchObject({ ok: false, output: expect.stringContaining("longer.ts has 501 lines") });
  });

  test("of sizes in an empty checkout fails", () => {
    expect(sizes(folder).ok).toBe(false);
  });
});
