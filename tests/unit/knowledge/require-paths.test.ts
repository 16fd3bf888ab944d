import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { requirePaths } from "../../../src/main/features/knowledge/sources/require-paths.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const many = Array.from({ length: 10_000 }, (_, at) => `/drop/${at}.pdf`);

it("looks at ten thousand paths 64 at a time (all at once, nothing else got to the disk)", async () => {
  let now = 0;
  let most = 0;
  let looked = 0;
  await requirePaths(many, async () => {
    most = Math.max(most, ++now);
    if (looked++ % 100 === 0) await setImmediate();
    now -= 1;
  });
  expect([looked, now]).toEqual([10_000, 0]);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(64);
});

it("names the one that is missing and looks at no more than those on their way", async () => {
  let looked = 0;
  const missing = requirePaths(many, async (path) => {
    looked += 1;
    await setImmediate();
    if (path === "/drop/70.pdf") throw new Error("ENOENT");
  });
  await expect(missing).rejects.toMatchObject({ code: "NOT_FOUND", message: expect.stringContaining("/drop/70.pdf") });
  expect(looked).toBeLessThan(300);
});

it("asks the disk itself", async () => {
  const folder = temporaryFolder();
  await requirePaths([folder]);
  await expect(requirePaths([folder, `${folder}/nothing`])).rejects.toMatchObject({ code: "NOT_FOUND" });
});
