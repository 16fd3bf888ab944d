import { describe, expect, test } from "vitest";
import { loadScript } from "../../helpers/script.ts";

type Outcome = { project: string; name: string; state: string; note?: string };
const { summarise } = await loadScript<{ summarise(outcomes: Outcome[], silent?: string[]): { lines: string[]; ok: boolean } }>(
  "summary.mjs",
);
const passed: Outcome = { project: "unit", name: "one", state: "passed" };

describe("the end of npm test", () => {
  test("is the counts alone on the last line", () => {
    expect(summarise([passed, passed])).toEqual({ lines: ["2 passed, 0 failed, 0 skipped"], ok: true });
  });

  test("lists every skip with its reason and every failure", () => {
    const { lines, ok } = summarise([
      passed,
      { project: "models", name: "answers", state: "skipped", note: "model x is not installed" },
      { project: "e2e", name: "drops a folder", state: "failed" },
      { project: "e2e", name: "never ended", state: "pending" },
    ]);
    expect(ok).toBe(false);
    expect(lines).toEqual([
      "Skipped:",
      "  models: answers — model x is not installed",
      "Failed:",
      "  e2e: drops a folder",
      "  e2e: never ended",
      "1 passed, 2 failed, 1 skipped",
    ]);
  });

  test("fails when nothing was executed, also when all of it was skipped", () => {
    expect(summarise([]).ok).toBe(false);
    expect(summarise([{ ...passed, state: "skipped" }]).ok).toBe(false);
  });

  test("fails when only what comes before the tests was executed", () => {
    const before = { project: "build", name: "the bundles", state: "passed" };
    expect(summarise([before, { ...passed, state: "skipped" }]).ok).toBe(false);
    // unless nothing else was asked for
    expect(summarise([before, { project: "check", name: "types", state: "passed" }]).ok).toBe(true);
  });

  test("fails when a whole project had no test", () => {
    const { lines, ok } = summarise([passed], ["e2e"]);
    expect(ok).toBe(false);
    expect(lines.at(-1)).toBe("1 passed, 1 failed, 0 skipped");
  });
});
