import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { watchTree } from "../../../src/main/features/knowledge/sources/watch-tree.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

async function watched(root: string) {
  const changes = new Set<string>();
  const lost: unknown[] = [];
  const tree = watchTree(root, { onChange: (path) => void changes.add(path), onLost: (error) => void lost.push(error) });
  onTestFinished(() => tree.close());
  await tree.ready;
  return { tree, changes, lost };
}
const soon = (look: () => unknown) => expect.poll(look, { timeout: 5000, interval: 10 });

describe("a watched folder", () => {
  it("tells of a file deep below it", async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, "a", "b"), { recursive: true });
    const { changes } = await watched(root);
    const file = join(root, "a", "b", "note.txt");
    writeFileSync(file, "x");
    await soon(() => changes.has(file)).toBe(true);
  });

  // Catches: a folder that is made, or moved here, after the watch began, and whose files nobody hears of.
  it("tells of what lies in folders that came later", async () => {
    const root = temporaryFolder();
    const { changes } = await watched(root);
    const folder = join(root, "new");
    mkdirSync(folder);
    await soon(() => changes.has(folder)).toBe(true);
    // The watch on it is opened a moment after the news: written to until it is heard.
    let count = 0;
    await soon(() => {
      writeFileSync(join(folder, `${(count += 1)}.txt`), "x");
      return [...changes].some((path) => path.startsWith(join(folder, "")));
    }).toBe(true);
  });

  it("goes on without a folder that left, and hears of it under its new name", async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, "old"));
    const { changes, lost } = await watched(root);
    renameSync(join(root, "old"), join(root, "renamed"));
    let count = 0;
    await soon(() => {
      writeFileSync(join(root, "renamed", `${(count += 1)}.txt`), "x");
      return [...changes].some((path) => path.startsWith(join(root, "renamed", "")));
    }).toBe(true);
    rmSync(join(root, "renamed"), { recursive: true });
    writeFileSync(join(root, "after.txt"), "x");
    await soon(() => changes.has(join(root, "after.txt"))).toBe(true);
    expect(lost).toEqual([]);
  });

  // Catches: a sync for each object that git writes.
  it("tells nothing of folders that are left out", async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, ".git"));
    const { changes } = await watched(root);
    writeFileSync(join(root, ".git", "index"), "x");
    writeFileSync(join(root, "seen.txt"), "x");
    await soon(() => changes.has(join(root, "seen.txt"))).toBe(true);
    expect([...changes].filter((path) => path.includes(".git"))).toEqual([]);
  });

  it("tells nothing more once it is closed", async () => {
    const root = temporaryFolder();
    const { tree, changes } = await watched(root);
    const other = await watched(root);
    tree.close();
    writeFileSync(join(root, "late.txt"), "x");
    await soon(() => other.changes.size).toBeGreaterThan(0);
    expect(changes.size).toBe(0);
  });
});

describe("a watched file", () => {
  // Catches: a program that saves by renaming, after which the old file is watched, which is nowhere.
  it("is told of when another takes its place, and its neighbours are not", async () => {
    const root = temporaryFolder();
    const file = join(root, "report.txt");
    writeFileSync(file, "one");
    const { changes } = await watched(file);
    for (const text of ["two", "three"]) {
      changes.clear();
      writeFileSync(join(root, "other.txt"), text);
      writeFileSync(join(root, "report.txt~"), text);
      renameSync(join(root, "report.txt~"), file);
      await soon(() => [...changes]).toEqual([file]);
    }
  });
});

it("a root that is not there is lost, once, and said so (a watch on nothing would look like quiet)", async () => {
  const { lost, tree } = await watched(join(temporaryFolder(), "none"));
  expect(lost).toHaveLength(1);
  expect(lost[0]).toMatchObject({ code: "ENOENT" });
  tree.close();
});
