import { execFileSync } from "node:child_process";
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCore } from "../../../src/main/core/create-core.ts";
import { createNodeHost } from "../../../src/main/core/node-host.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { addAndWait, folderOf, jobEnd, openTestCore, resultOf } from "../../helpers/core.ts";
import { modelsFolder } from "../../helpers/models.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

/** Why no small disk can be mounted here, or undefined when it can. */
function missingMount(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "mounting a small disk takes Linux and root";
  const folder = temporaryMountPoint();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], { stdio: "ignore" });
    execFileSync("umount", [folder], { stdio: "ignore" });
    return undefined;
  } catch {
    return "this system allows no mounts";
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function temporaryMountPoint(): string {
  return execFileSync("mktemp", ["-d"], { encoding: "utf8" }).trim();
}

/** A disk of so many megabytes, gone with the test. */
function smallDisk(megabytes: number): string {
  const folder = temporaryMountPoint();
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder]);
  onTestFinished(() => {
    execFileSync("umount", ["-l", folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** The same disk at another place, where nobody can write. */
function readOnlyView(disk: string): string {
  const folder = temporaryMountPoint();
  execFileSync("mount", ["--bind", disk, folder]);
  onTestFinished(() => {
    execFileSync("umount", ["-l", folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  execFileSync("mount", ["-o", "remount,ro,bind", folder]);
  return folder;
}

const reason = missingMount();
const words = (seed: number) => Array.from({ length: 4000 }, (_, index) => `w${(index * 7919 + seed * 104_729) % 1_000_003}`).join(" ");
const engines = () => ({ inference: createFakeInference() });

describe.skipIf(reason)(`a profile on a disk${reason ? ` (skipped: ${reason})` : ""}`, () => {
  it("that fills up while indexing fails the job with DISK_FULL, loses nothing, and goes on once there is room", async () => {
    const disk = smallDisk(24);
    const { client } = await openTestCore({ engines: engines(), profile: join(disk, "profile") });
    const kept = folderOf({ "kept.txt": "the needle that was there before" });
    await addAndWait(client, "notes", kept);
    const filler = join(disk, "filler");
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - 1_500_000)));

    const many = folderOf(Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`file-${index}.txt`, words(index)])));
    const { jobId } = await client.knowledge.addSources({ collection: "notes", paths: [many] });
    expect(await jobEnd(client, jobId)).toMatchObject({ state: "failed", error: { code: "DISK_FULL" } });
    const find = async (query: string) =>
      (await client.knowledge.search({ query, collections: ["notes"], mode: "keyword", limit: 5 })).results.length;
    expect(await find("needle")).toBe(1);
    const { totals } = await client.knowledge.status({ collection: "notes" });
    expect(totals.failed).toBe(0);

    rmSync(filler);
    const again = await client.knowledge.sync({ collection: "notes" });
    expect(resultOf(await jobEnd(client, again.jobId))).toMatchObject({ failed: 0, removed: 0 });
    expect((await client.knowledge.status({ collection: "notes" })).totals).toEqual({ indexed: 81, skipped: 0, failed: 0, pending: 0 });
    expect(await find("needle")).toBe(1);
    expect(await find(words(79).slice(0, 10))).toBeGreaterThan(0);
  });

  it("that turns read-only is refused with STORAGE_READONLY, and indexing goes on once it can be written", async () => {
    const disk = smallDisk(24);
    const profile = join(disk, "profile");
    const first = await openTestCore({ engines: engines(), profile });
    const folder = folderOf(Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`file-${index}.txt`, `needle number ${index}`])));
    const { jobId } = await first.client.knowledge.addSources({ collection: "notes", paths: [folder] });
    await first.close();
    const node = createNodeHost({ kind: "embedded", profile: temporaryFolder(), models: modelsFolder() });
    onTestFinished(() => node.close());
    const host = { ...node, paths: { ...node.paths, profile: join(readOnlyView(disk), "profile") } };
    await expect(createCore(host, { engines: engines() })).rejects.toMatchObject({ code: "STORAGE_READONLY" });
    const { client } = await openTestCore({ engines: engines(), profile });
    expect(resultOf(await jobEnd(client, jobId))).toMatchObject({ failed: 0 });
    expect((await client.knowledge.status({ collection: "notes" })).totals.indexed).toBe(30);
  });
});
