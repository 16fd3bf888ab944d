import { type FSWatcher, watch } from "node:fs";
import { lstat, opendir, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { isLeftOut } from "./walk.ts";

export type TreeWatch = {
  /** Resolves when all that lies below the root is watched, or watching failed and `onLost` was told. */
  ready: Promise<void>;
  close(): void;
};

/**
 * Tells of changes below a root: a hint to look, not a record of them. One watch for the whole tree where the system
 * has that, one for each folder on Linux. After `onLost` (the root is gone, the system's watches are used up) it tells
 * nothing more.
 */
export function watchTree(root: string, told: { onChange: (path: string) => void; onLost: (error: unknown) => void }): TreeWatch {
  const watchers = new Map<string, FSWatcher>();
  let isOver = false;

  function close(): void {
    isOver = true;
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  }

  function lose(error: unknown): void {
    if (isOver) return;
    close();
    told.onLost(error);
  }

  function open(folder: string, recursive: boolean, onName: (name: string | null) => void): void {
    const watcher = watch(folder, { persistent: false, recursive }, (_, name) => {
      if (!isOver) onName(name);
    });
    watchers.set(folder, watcher);
    watcher.on("error", (error) => {
      // A folder that was deleted ends its own watch; the parent tells of it.
      if (folder === root || !isGone(error)) lose(error);
      else drop(folder);
    });
  }

  async function addFolder(folder: string): Promise<void> {
    if (isOver || watchers.has(folder)) return;
    try {
      open(folder, false, (name) => {
        if (name !== null && isLeftOut(name)) return;
        const path = name === null ? folder : join(folder, name);
        told.onChange(path);
        void follow(path);
      });
      for await (const entry of await opendir(folder))
        if (entry.isDirectory() && !isLeftOut(entry.name)) await addFolder(join(folder, entry.name));
    } catch (error) {
      if (folder === root || !isGone(error)) lose(error);
    }
  }

  /** Folders come and go: new ones are watched too. */
  async function follow(path: string): Promise<void> {
    const found = await lstat(path).catch(() => undefined);
    if (found?.isDirectory()) await addFolder(path);
    else if (!found) drop(path);
  }

  function drop(path: string): void {
    for (const [folder, watcher] of watchers) {
      if (folder !== path && !folder.startsWith(path + sep)) continue;
      watcher.close();
      watchers.delete(folder);
    }
  }

  async function start(): Promise<void> {
    try {
      const top = await stat(root);
      if (isOver) return;
      if (top.isFile()) {
        // Programs save by putting a new file in the place of the old: the name is watched, not the file.
        open(dirname(root), false, (name) => {
          if (name === null || name === basename(root)) told.onChange(root);
        });
      } else if (process.platform === "linux") await addFolder(root);
      else {
        open(root, true, (name) => {
          if (name === null || !name.split(sep).some(isLeftOut)) told.onChange(name === null ? root : join(root, name));
        });
      }
    } catch (error) {
      lose(error);
    }
  }

  return { ready: start(), close };
}

const isGone = (error: unknown) => error instanceof Error && "code" in error && ["ENOENT", "ENOTDIR", "EPERM"].includes(String(error.code));
