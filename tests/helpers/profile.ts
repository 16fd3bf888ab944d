import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openDatabase } from "../../src/main/db/open.ts";
import { createTruth, type Truth } from "../../src/main/db/truth.ts";

/** A folder of the test's own, removed when it is over. */
export function temporaryFolder(prefix = "croft-test-"): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real database in a folder of the test's own. Time moves by one millisecond a call. */
export function temporaryTruth(profile = temporaryFolder(), now = ticking()): Truth & { profile: string } {
  const truth = createTruth(openDatabase(profile, now), profile, now);
  onTestFinished(() => {
    if (truth.db.open) truth.close();
  });
  return { ...truth, profile };
}

/** A clock that is a millisecond later at each look. */
function ticking(): () => number {
  let time = Date.UTC(2026, 0, 1);
  return () => ++time;
}
