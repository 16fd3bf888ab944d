import { lstat } from "node:fs/promises";
import type { Logger } from "../../../core/logger.ts";
import type { Source } from "./source-store.ts";
import { type TreeWatch, watchTree } from "./watch-tree.ts";

export type SourceWatchOptions = {
  /** Sources that are to be watched now. */
  watched: () => readonly Source[];
  /** Queues a look at a collection's sources; called more than once for one change at times. */
  sync: (collectionId: string) => void;
  log: Logger;
  /** A changed file must look the same for this long before the collection is synced. */
  settleMs?: number;
  /** What keeps changing holds the sync back so long at most: a log that grows for ever is no reason to wait for ever. */
  longestWaitMs?: number;
  /** How often everything is looked at anyway: systems drop hints when too many come at once, and drives come back. */
  rescanMs?: number;
  /** What a file looks like; two equal answers mean that nobody writes to it. */
  lookAt?: (path: string) => Promise<string>;
};

type Unsettled = { since: number; paths: Map<string, string | undefined>; timer: NodeJS.Timeout | undefined };

/** Paths of one collection that are looked at until they are quiet; more only say that much is going on. */
const MOST_PATHS = 500;

/** Watches sources for as long as core runs and queues a sync when what changed has come to rest. */
export function createSourceWatch(options: SourceWatchOptions) {
  const { watched, sync, log, settleMs = 1_000, longestWaitMs = 60_000, rescanMs = 15 * 60_000, lookAt = sizeAndTime } = options;
  const trees = new Map<string, { source: Source; tree: TreeWatch }>();
  const unsettled = new Map<string, Unsettled>();
  let isClosed = false;
  const rescan = setInterval(() => {
    refresh();
    for (const collectionId of new Set(watched().map((source) => source.collectionId))) sync(collectionId);
  }, rescanMs).unref();

  function open(source: Source): void {
    const tree = watchTree(source.path, {
      onChange: (path) => noteChange(source.collectionId, path),
      onLost(error) {
        // Opened again at the next rescan; until then what is there is looked at once.
        log.warn("watch.lost", { error });
        trees.delete(source.id);
        if (!isClosed) sync(source.collectionId);
      },
    });
    trees.set(source.id, { source, tree });
    // What changed while nobody watched, and while the watches were being set.
    void tree.ready.then(() => {
      if (!isClosed && trees.get(source.id)?.tree === tree) sync(source.collectionId);
    });
  }

  function noteChange(collectionId: string, path: string): void {
    if (isClosed) return;
    const entry: Unsettled = unsettled.get(collectionId) ?? { since: performance.now(), paths: new Map(), timer: undefined };
    unsettled.set(collectionId, entry);
    if (entry.paths.has(path) || entry.paths.size < MOST_PATHS) entry.paths.set(path, undefined);
    entry.timer ??= setTimeout(() => void settle(collectionId, entry), settleMs).unref();
  }

  async function settle(collectionId: string, entry: Unsettled): Promise<void> {
    let isQuiet = true;
    for (const [path, before] of entry.paths) {
      const now = await lookAt(path);
      if (now === before) continue;
      isQuiet = false;
      entry.paths.set(path, now);
    }
    entry.timer = undefined;
    if (isClosed) return;
    if (isQuiet || performance.now() - entry.since >= longestWaitMs) {
      unsettled.delete(collectionId);
      sync(collectionId);
    } else {
      entry.timer = setTimeout(() => void settle(collectionId, entry), settleMs).unref();
    }
  }

  /** Watches what is to be watched now, and nothing else. */
  function refresh(): void {
    if (isClosed) return;
    const wanted = new Map(watched().map((source) => [source.id, source]));
    for (const [id, { source, tree }] of trees) {
      if (wanted.get(id)?.path === source.path) continue;
      tree.close();
      trees.delete(id);
    }
    for (const source of wanted.values()) if (!trees.has(source.id)) open(source);
  }

  return {
    refresh,
    close(): void {
      isClosed = true;
      clearInterval(rescan);
      for (const { timer } of unsettled.values()) clearTimeout(timer);
      for (const { tree } of trees.values()) tree.close();
      trees.clear();
    },
  };
}

async function sizeAndTime(path: string): Promise<string> {
  try {
    const { size, mtimeMs } = await lstat(path);
    return `${size} ${mtimeMs}`;
  } catch {
    return "gone";
  }
}
