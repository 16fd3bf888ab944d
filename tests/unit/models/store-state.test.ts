import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStateFile } from "../../../src/main/features/models/store-state.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "croft-state-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const hash = (digit: number) => String(digit).repeat(64);

describe("the store's state", () => {
  test("keeps the changes of two writers that work side by side", async () => {
    const [one, two] = [openStateFile(folder, () => {}), openStateFile(folder, () => {})];
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 ? one : two).update((state) => void (state.learned[hash(index)] = { memoryBytes: index })),
      ),
    );
    expect(Object.keys((await one.read()).learned)).toHaveLength(10);
    expect(readdirSync(folder)).toEqual(["store.json"]);
  });

  test("writes nothing when a change fails", async () => {
    const state = openStateFile(folder, () => {});
    await expect(
      state.update(() => {
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each(["", "{", "[]", '{"version":9}', '{"version":1,"models":{"x":{"path":7}}}'])(
    "puts a damaged file aside and goes on: %j",
    async (text) => {
      writeFileSync(join(folder, "store.json"), text);
      const kept: string[] = [];
      const state = openStateFile(folder, (path) => void kept.push(path));
      expect(await state.read()).toEqual({ version: 1, models: {}, hashes: {}, learned: {} });
      expect(readFileSync(kept[0] ?? "", "utf8")).toBe(text);
      await state.update((next) => void (next.learned[hash(1)] = {}));
      expect(existsSync(join(folder, "store.json"))).toBe(true);
    },
  );
});
