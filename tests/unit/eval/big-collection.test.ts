import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { disagreements, fileRows, misfit } from "../../../scripts/eval/lib/big/agreement.ts";
import { broken, isBroken } from "../../../scripts/eval/lib/big/broken-files.ts";
import { planCollection } from "../../../scripts/eval/lib/big/plan.ts";
import { isAlive, treeOf, watchMemory } from "../../../scripts/eval/lib/big/process-tree.ts";
import { wrapped } from "../../../scripts/eval/lib/big/sentences.ts";
import { writeCollection } from "../../../scripts/eval/lib/big/write-collection.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { addAndWait, folderOf, openTestCore } from "../../helpers/core.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

describe("the plan of the big collection", () => {
  const files = planCollection("full", 7);

  it("has the size that is told of it: 3,000 files, 500 pages to recognise, a twentieth broken, three languages", () => {
    expect(files).toHaveLength(3000);
    expect(new Set(files.map(({ path }) => path)).size).toBe(3000);
    expect(files.filter(({ kind }) => kind.startsWith("scanned")).reduce((sum, { pages }) => sum + pages, 0)).toBe(500);
    expect(files.filter(({ kind }) => isBroken(kind))).toHaveLength(150);
    expect(new Set(files.map(({ language }) => language))).toEqual(new Set(["en", "de", "zh"]));
    expect(Math.max(...files.map(({ pages }) => pages))).toBe(300);
  });

  it("gives every fact a code of its own, else a search would prove nothing", () => {
    const codes = files.flatMap(({ facts }) => facts.map(({ code }) => code));
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.length).toBeGreaterThan(2500);
  });

  it("is the same for the same seed, down to the bytes", async () => {
    expect(planCollection("full", 7)).toEqual(files);
    const some = files.filter(({ kind }, index) => index % 400 === 0 && !kind.startsWith("scanned") && kind !== "copy");
    const [a, b] = [temporaryFolder(), temporaryFolder()];
    expect(await writeCollection(a, some)).toBe(await writeCollection(b, some));
    for (const { path } of some) expect(readFileSync(join(a, path)).equals(readFileSync(join(b, path)))).toBe(true);
  });

  it("breaks files in every way that it names, and lets each end as it may only", () => {
    expect(new Set(files.map(({ kind }) => kind).filter(isBroken)).size).toBe(Object.keys(broken).length);
    const [file] = files.filter(({ kind }) => kind === "empty file");
    if (!file) throw new Error("There is no empty file.");
    const row = { path: file.path, documentId: null, contentHash: null, container: null };
    expect(misfit(file, { ...row, state: "failed", code: "FILE_EMPTY" })).toBeUndefined();
    expect(misfit(file, { ...row, state: "failed", code: "INTERNAL" })).toContain("INTERNAL");
    expect(misfit(file, { ...row, state: "indexed", code: null })).toContain("indexed");
    expect(misfit(file, { ...row, state: "pending", code: null })).toContain("undone");
    expect(misfit(file, undefined)).toContain("not listed");
  });

  it("breaks lines at spaces and loses no word", () => {
    const text = "one two three four five six seven";
    expect(wrapped(text, 9).join(" ")).toBe(text);
    expect(wrapped(text, 9).every((line) => line.length <= 9)).toBe(true);
  });
});

describe("what the big collection is judged by", () => {
  it("finds nothing in a sound profile, and every fault that is planted", async () => {
    const { client, profile, close } = await openTestCore({ engines: { inference: createFakeInference() } });
    const folder = folderOf({ "a.txt": "alpha text", "b.txt": "beta text", "empty.txt": "" });
    await addAndWait(client, "notes", folder);
    await close();
    const rows = fileRows(profile, folder);
    expect([...rows].map(([path, { state, code }]) => [path, state, code])).toEqual([
      ["a.txt", "indexed", null],
      ["b.txt", "indexed", null],
      ["empty.txt", "failed", "FILE_EMPTY"],
    ]);
    const bad = () => disagreements(profile).flatMap(({ what, found }) => (found === 0 ? [] : what));
    expect(bad()).toEqual([]);
    change(profile, "index.db", "DELETE FROM chunks WHERE key = (SELECT min(key) FROM chunks)");
    expect(bad()).toEqual(["chunks in one database and not in the other"]);
    change(profile, "index.db", "DELETE FROM small_1 WHERE key = (SELECT max(key) FROM small_1)");
    expect(bad()).toContain("small vectors in one database and not in the other");
    change(profile, "croft.db", "UPDATE files SET reason = NULL");
    change(profile, "croft.db", "INSERT INTO texts (hash, text, length, created_at) VALUES ('h', 'left over', 9, 1)");
    expect(bad()).toEqual(expect.arrayContaining(["refused files without a reason", "texts of no document"]));
  });

  it.skipIf(process.platform !== "linux")(
    "sees a process and what it started, and that they are gone (elsewhere there is no /proc)",
    async () => {
      const child = spawn("sh", ["-c", "sleep 60 & echo started; wait"], { stdio: ["ignore", "pipe", "ignore"] });
      await once(child.stdout, "data");
      const tree = treeOf(child.pid ?? 0);
      onTestFinished(() => {
        for (const pid of tree) if (isAlive(pid)) process.kill(pid, "SIGKILL");
      });
      expect(tree).toHaveLength(2);
      expect(tree.every(isAlive)).toBe(true);
      const memory = watchMemory(child.pid ?? 0, 5);
      await expect.poll(() => memory.peakBytes()).toBeGreaterThan(100_000);
      memory.stop();
      const exited = once(child, "exit");
      for (const pid of tree) process.kill(pid, "SIGKILL");
      await exited;
      await expect.poll(() => tree.some(isAlive)).toBe(false);
    },
  );
});

function change(profile: string, name: string, sql: string): void {
  const db = new Database(join(profile, name));
  db.exec(sql);
  db.close();
}
