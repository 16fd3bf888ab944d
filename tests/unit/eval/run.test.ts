import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("without the test data an evaluation says what is missing and is no failure", async () => {
  const script = fileURLToPath(new URL("../../../scripts/eval/run.ts", import.meta.url));
  const absent = fileURLToPath(new URL("no-such-folder", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, "documents"], {
    env: { ...process.env, CROFT_TEST_DATA: absent },
  });
  expect(stdout).toContain("was not evaluated");
  expect(stdout).toContain(absent);
  expect(stdout).toContain("CROFT_TEST_DATA");
});
