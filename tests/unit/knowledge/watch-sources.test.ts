import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { SourceOptions, type Source } from "../../../src/main/features/knowledge/sources/source-store.ts";
import { createSourceWatch, type SourceWatchOptions } from "../../../src/main/features/knowledge/sources/watch-sources.ts";
import { recordingLog } from "../../helpers/engine-hosts.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const sourceAt = (path: string, id = "s1"): Source => ({
  id,
  collectionId: "c1",
  kind: "path",
  path,
  options: SourceOptions.parse({ watch: true }),
});

/** A watch over the sources, its syncs, and a way to wait for the next one. */
function open(sources: Source[], options: Partial<SourceWatchOptions> = {}) {
  const syncs: string[] = [];
  let arrived = () => {};
  const { log, events } = recordingLog();
  const watch = createSourceWatch({
    watched: () => sources,
    sync(collectionId) {
      syncs.push(collectionId);
      arrived();
    },
    log,
    settleMs: 20,
    ...options,
  });
  onTestFinished(() => watch.close());
  const next = () => new Promise<void>((resolve) => (arrived = resolve));
  return { watch, syncs, events, next };
}

/** Opens the watch and waits for its first look. */
async function opened(sources: Source[], options?: Partial<SourceWatchOptions>) {
  const opening = open(sources, options);
  const first = opening.next();
  opening.watch.refresh();
  await first;
  return opening;
}

describe("a watched source", () => {
  it("is looked at when the watch begins (changes made while Croft was closed would be missed)", async () => {
    const { syncs } = await opened([sourceAt(temporaryFolder())]);
    expect(syncs).toEqual(["c1"]);
  });

  it("is synced after files were added, changed, moved and deleted in it", async () => {
    const root = temporaryFolder();
    const { next } = await opened([sourceAt(root)]);
    for (const change of [
      () => writeFileSync(join(root, "a.txt"), "a"),
      () => appendFileSync(join(root, "a.txt"), "more"),
      () => renameSync(join(root, "a.txt"), join(root, "b.txt")),
      () => rmSync(join(root, "b.txt")),
    ]) {
      const synced = next();
      change();
      await synced;
    }
  });

  it("is watched in folders that come later (only the first level would be)", async () => {
    const root = temporaryFolder();
    const { next } = await opened([sourceAt(root)]);
    for (const folder of ["one", "one/two"]) {
      const synced = next();
      mkdirSync(join(root, folder));
      await synced;
    }
    const synced = next();
    writeFileSync(join(root, "one/two/a.txt"), "a");
    await synced;
  });

  it("is one file: another in its folder means nothing, a new one in its place does", async () => {
    const root = temporaryFolder();
    const path = join(root, "a.txt");
    writeFileSync(path, "a");
    const looked: string[] = [];
    const lookAt = async (changed: string) => {
      looked.push(changed);
      return "same";
    };
    const { next } = await opened([sourceAt(path)], { lookAt });
    const synced = next();
    writeFileSync(join(root, "other.txt"), "b");
    writeFileSync(join(root, "new.txt"), "b");
    renameSync(join(root, "new.txt"), path);
    await synced;
    expect(new Set(looked)).toEqual(new Set([path]));
  });

  it("waits for a file that still grows (half a file would be indexed)", async () => {
    const root = temporaryFolder();
    const sizes = ["1", "2", "3", "4", "4"];
    let looks = 0;
    const lookAt = async () => sizes[looks++] ?? "4";
    const { next, syncs } = await opened([sourceAt(root)], { lookAt });
    const synced = next();
    writeFileSync(join(root, "a.txt"), "a");
    await synced;
    expect(looks).toBeGreaterThanOrEqual(sizes.length);
    expect(syncs).toHaveLength(2);
  });

  it("does not wait for ever for what never rests", async () => {
    const root = temporaryFolder();
    let looks = 0;
    const { next } = await opened([sourceAt(root)], { lookAt: async () => String(++looks), longestWaitMs: 100 });
    const synced = next();
    writeFileSync(join(root, "a.log"), "a");
    await synced;
    expect(looks).toBeGreaterThan(1);
  });

  it("that vanished is looked at, logged, and watched again once it is back", async () => {
    const root = join(temporaryFolder(), "drive");
    let isSeen = false;
    const lookAt = async (path: string) => {
      isSeen ||= path === join(root, "a.txt");
      return "same";
    };
    const { next, events } = await opened([sourceAt(root)], { rescanMs: 50, lookAt });
    expect(events()).toContain("watch.lost");
    mkdirSync(root);
    // Each rescan syncs; one of them opens the watch again, and the next change is seen.
    while (!isSeen) {
      await next();
      appendFileSync(join(root, "a.txt"), "a");
    }
  });

  it("is watched no longer once it is no source any more", async () => {
    const [root, other] = [temporaryFolder(), temporaryFolder()];
    const sources = [sourceAt(root, "s1"), { ...sourceAt(other, "s2"), collectionId: "c2" }];
    const { watch, next, syncs } = open(sources);
    watch.refresh();
    while (syncs.length < 2) await next();
    sources.shift();
    watch.refresh();
    writeFileSync(join(root, "a.txt"), "a");
    const synced = next();
    writeFileSync(join(other, "a.txt"), "a");
    await synced;
    expect(syncs.slice(2)).toEqual(["c2"]);
  });
});
