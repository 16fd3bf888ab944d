import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { walk } from "../../../src/main/features/knowledge/sources/walk.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

function tree(files: string[]): string {
  const root = temporaryFolder();
  for (const file of files) {
    mkdirSync(join(root, file, ".."), { recursive: true });
    writeFileSync(join(root, file), file);
  }
  return root;
}

const walkAll = async (root: string, options: { include?: string[]; exclude?: string[] } = {}) => {
  const { files, unreadable } = await walk(root, {
    include: options.include ?? [],
    exclude: options.exclude ?? [],
    signal: new AbortController().signal,
  });
  return { paths: files.map(({ path }) => relative(root, path)), unreadable };
};

describe("walk", () => {
  it("finds every file below the root in a stable order, with size and time", async () => {
    const root = tree(["b.txt", "a/z.md", "a/b/c.pdf", "ünï cödé.txt"]);
    expect((await walkAll(root)).paths).toEqual(["a/b/c.pdf", "a/z.md", "b.txt", "ünï cödé.txt"]);
    const { files } = await walk(root, { include: [], exclude: [], signal: new AbortController().signal });
    expect(files[0]).toMatchObject({ size: "a/b/c.pdf".length });
    expect(Number.isInteger(files[0]?.modifiedAt)).toBe(true);
  });

  it("takes one file as a root", async () => {
    const root = tree(["only.txt"]);
    expect(
      (await walk(join(root, "only.txt"), { include: ["*.md"], exclude: [], signal: new AbortController().signal })).files,
    ).toHaveLength(1);
  });

  it("leaves out version control, packages, office locks and what systems leave behind", async () => {
    const root = tree([".git/config", "node_modules/x/index.js", "~$draft.docx", ".DS_Store", "kept.txt"]);
    expect((await walkAll(root)).paths).toEqual(["kept.txt"]);
  });

  it("includes and excludes by name or by path", async () => {
    const root = tree(["a.md", "drafts/b.md", "drafts/c.txt", "d.txt"]);
    expect((await walkAll(root, { include: ["*.md"] })).paths).toEqual(["a.md", "drafts/b.md"]);
    expect((await walkAll(root, { exclude: ["drafts/**"] })).paths).toEqual(["a.md", "d.txt"]);
    expect((await walkAll(root, { include: ["drafts/**"], exclude: ["*.txt"] })).paths).toEqual(["drafts/b.md"]);
  });

  it("does not follow links, so that a loop ends and nothing outside the root is read", async () => {
    const outside = tree(["secret.txt"]);
    const root = tree(["a/b.txt"]);
    symlinkSync(root, join(root, "a", "loop"));
    symlinkSync(join(outside, "secret.txt"), join(root, "link.txt"));
    expect((await walkAll(root)).paths).toEqual(["a/b.txt"]);
  });

  it("refuses a root that cannot be reached, so that nothing is concluded from its silence", async () => {
    await expect(walkAll("/nowhere/at/all")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("names folders it may not list instead of taking their files for gone", async () => {
    const root = tree(["open/a.txt", "closed/b.txt"]);
    chmodSync(join(root, "closed"), 0o000);
    chmodSync(root, 0o755);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      const { paths, unreadable } = await walkAll(root);
      expect(paths).toEqual(["open/a.txt"]);
      expect(unreadable.map((path) => relative(root, path))).toEqual(["closed"]);
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(join(root, "closed"), 0o755);
    }
  });

  it("stops when it is told to", async () => {
    const root = tree(["a.txt"]);
    await expect(walk(root, { include: [], exclude: [], signal: AbortSignal.abort() })).rejects.toThrow();
  });
});
