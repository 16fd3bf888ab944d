import { resolve } from "node:path";
import { expect, it } from "vitest";
import { testCli } from "../../helpers/run-cli.ts";
import type { TestHandler } from "../../helpers/test-router.ts";

const id = "0192f3a4-7b1c-7def-8abc-0123456789ab";
const source = { id, kind: "path", path: resolve("papers"), include: [], exclude: [], watch: false, reading: {}, hasPassword: false };

function handlersOf(removed: unknown[]): Record<string, TestHandler> {
  return {
    "knowledge.listSources": async () => [source],
    "knowledge.removeSource": async ({ input }) => (removed.push(input), { removedDocuments: 3 }),
  };
}

it("takes a source out by its path as a person writes it", async () => {
  const removed: unknown[] = [];
  const { code, stdout } = await testCli(["kb", "unlink", "notes", "./papers/"], { handlers: handlersOf(removed) });
  expect([code, removed]).toEqual([0, [{ collection: "notes", id }]]);
  expect(stdout).toContain("3 documents removed");
});

it("removes nothing for a folder inside a source (its whole parent would go)", async () => {
  const removed: unknown[] = [];
  const { code, stderr } = await testCli(["kb", "unlink", "notes", "papers/old"], { handlers: handlersOf(removed) });
  expect(code).not.toBe(0);
  expect(removed).toEqual([]);
  expect(stderr).toContain("is no source of notes");
});
