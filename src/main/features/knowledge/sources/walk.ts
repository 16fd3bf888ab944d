import { lstat, opendir, stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import { AppError } from "../../../../shared/errors.ts";
import { fileGlob } from "./file-glob.ts";

export type WalkedFile = { path: string; size: number; modifiedAt: number };
/** Why an entry of a folder is not walked: see `leftOutReasons`. */
export type LeftOut = "not-included" | "excluded" | "never" | "link";
export type Walk = {
  files: WalkedFile[];
  /** Folders that could not be listed: what lies below them is unknown, not gone. */
  unreadable: string[];
};

/** Tells a root that cannot be reached from a file of it that is gone: of the former nothing may be concluded. */
export const isUnreachable = (error: unknown, root: string): error is AppError =>
  error instanceof AppError && error.code === "NOT_FOUND" && error.data?.["root"] === root;

/** Never documents: version control, packages, what editors and systems leave behind. */
const ALWAYS_LEFT_OUT = new Set([
  ".git",
  ".hg",
  ".svn",
  "node_modules",
  ".obsidian",
  ".trash",
  ".DS_Store",
  "Thumbs.db",
  "desktop.ini",
  "__MACOSX",
]);

/** Names of a folder that patterns leave out are gone through without a pause until then. */
const LONGEST_TURN_MS = 5;

/** Where names differ by more than their case to no program, they do not for patterns; and where `\` divides folders, it does there. */
const asNamed = (path: string): string => (process.platform === "linux" ? path : path.toLowerCase());
const asTyped = (glob: string): string => asNamed(process.platform === "win32" ? glob.replaceAll("\\", "/") : glob);

/** Names that are never walked into, read or watched; `~$` begins the lock files of office programs. */
export const isLeftOut = (name: string): boolean => ALWAYS_LEFT_OUT.has(name) || name.startsWith("~$");

/**
 * Every file below a root (or the root itself, when it is a file), sorted by path. Links are not followed, so that
 * a walk ends and never leaves the root.
 * @throws NOT_FOUND when the root cannot be reached; nothing may be concluded about its files then
 */
export async function walk(
  root: string,
  options: {
    include: readonly string[];
    exclude: readonly string[];
    signal: AbortSignal;
    /** Hears of what is left out, and why. */
    onLeftOut?: (path: string, why: LeftOut) => void;
  },
): Promise<Walk> {
  const result: Walk = { files: [], unreadable: [] };
  const included = options.include.map((glob) => fileGlob(asTyped(glob)));
  const excluded = options.exclude.map((glob) => fileGlob(asTyped(glob)));
  let turnBegan = performance.now();
  const top = await stat(root).catch((cause: unknown) => {
    throw new AppError("NOT_FOUND", `${root} cannot be reached. What was indexed from it stays searchable.`, {
      cause,
      hint: "Check the path, or connect the drive, and sync again.",
      data: { root },
    });
  });
  if (top.isFile()) {
    result.files.push({ path: root, size: top.size, modifiedAt: Math.trunc(top.mtimeMs) });
    return result;
  }
  await visit(root);
  result.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return result;

  async function visit(folder: string): Promise<void> {
    options.signal.throwIfAborted();
    const names: { name: string; isFolder: boolean; isFile: boolean }[] = [];
    try {
      for await (const entry of await opendir(folder))
        names.push({ name: entry.name, isFolder: entry.isDirectory(), isFile: entry.isFile() });
    } catch {
      result.unreadable.push(folder);
      return;
    }
    for (const { name, isFolder, isFile } of names) {
      if (isLeftOut(name)) {
        options.onLeftOut?.(join(folder, name), "never");
        continue;
      }
      if (performance.now() - turnBegan > LONGEST_TURN_MS) {
        await setImmediate();
        options.signal.throwIfAborted();
        turnBegan = performance.now();
      }
      const path = join(folder, name);
      if (isFolder) await visit(path);
      else {
        const why = isFile ? unwanted(path) : "link";
        if (why === undefined) await note(path);
        else options.onLeftOut?.(path, why);
      }
    }
  }

  async function note(path: string): Promise<void> {
    try {
      const { size, mtimeMs } = await lstat(path);
      result.files.push({ path, size, modifiedAt: Math.trunc(mtimeMs) });
    } catch {
      result.unreadable.push(path);
    }
  }

  function unwanted(path: string): LeftOut | undefined {
    const inside = asNamed(relative(root, path)).split(sep).join("/");
    const name = asNamed(basename(path));
    const matches = (glob: (path: string) => boolean) => glob(inside) || glob(name);
    if (included.length > 0 && !included.some(matches)) return "not-included";
    return excluded.some(matches) ? "excluded" : undefined;
  }
}
