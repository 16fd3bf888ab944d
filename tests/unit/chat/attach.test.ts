import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/shared/errors.ts";
import { createAttach } from "../../../src/main/features/chat/attachments/attach.ts";
import { createAttachmentStore } from "../../../src/main/features/chat/attachments/attachment-store.ts";
import { createThreadStore } from "../../../src/main/features/chat/threads/thread-store.ts";
import { createUploads } from "../../../src/main/features/chat/attachments/uploads.ts";
import type { ReadDocument, ThreadFiles } from "../../../src/main/features/knowledge/index.ts";
import { temporaryFolder, temporaryTruth } from "../../helpers/profile.ts";

const never = new AbortController().signal;
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Files read as plain text, and collections that only remember their names. */
function setUp() {
  const truth = temporaryTruth();
  const folder = join(temporaryFolder(), "uploads");
  const uploads = createUploads(folder);
  const attachments = createAttachmentStore(truth);
  const threads = createThreadStore(truth);
  const collections = new Set<string>();
  const files = {
    add: (_: string, id: string): string => {
      truth.db.prepare("INSERT INTO collections (id, name, embedder, created_at) VALUES (?, ?, 'e', 0)").run(`c-${id}`, `c-${id}`);
      collections.add(`c-${id}`);
      return `c-${id}`;
    },
    remove: async (gone: readonly string[]) => gone.forEach((collection) => collections.delete(collection)),
    settled: async () => {},
  } as unknown as ThreadFiles;
  const read = async (path: string): Promise<ReadDocument> => {
    if (!existsSync(path)) throw new AppError("NOT_FOUND", "There is no such file.");
    const text = readFileSync(path, "utf8");
    if (text.startsWith("BROKEN")) throw new AppError("FILE_DAMAGED", "It cannot be read.");
    return { text, head: { type: "txt" }, bytes: text.length, pages: [{}] } as unknown as ReadDocument;
  };
  const attach = createAttach({ attachments, uploads, files, read });
  const thread = () => threads.create([], {});
  const send = async (text: string) => (await uploads.append(undefined, base64(text))).upload;
  const inFolder = () => (existsSync(folder) ? readdirSync(folder) : []);
  return { truth, folder, uploads, attachments, threads, collections, attach, thread, send, inFolder };
}

describe("a file that is sent in parts", () => {
  // Catches parts in the wrong order or lost at their seams.
  it("is the sum of its parts, readable by its owner only", async () => {
    const { uploads, folder } = setUp();
    const { upload, bytes } = await uploads.append(undefined, base64("one "));
    expect(bytes).toBe(4);
    expect(await uploads.append(upload, base64("two"))).toEqual({ upload, bytes: 7 });
    const path = await uploads.finish(upload, "notes.txt");
    expect(readFileSync(path, "utf8")).toBe("one two");
    expect(path.startsWith(folder)).toBe(true);
    if (process.platform !== "win32") expect(statSync(path).mode & 0o077).toBe(0);
  });

  // Catches a name that leads out of the folder, or an extension that is a command.
  it.each([
    ["../../etc/passwd", ""],
    ["a/b/c.pdf", ".pdf"],
    ["x.p/df", ""],
    ["..", ""],
    ["con.txt:stream", ""],
    ["evil.txt\u0000.sh", ".sh"],
    [`long.${"x".repeat(40)}`, ""],
    [".htaccess", ""],
    ["ünïcödé.docx", ".docx"],
  ])("takes nothing of the name %j but %j", async (name, extension) => {
    const { uploads, folder, send } = setUp();
    const upload = await send("text");
    expect(await uploads.finish(upload, name)).toBe(join(folder, `${upload}${extension}`));
  });

  // Catches an upload's name that is a path: somebody else's file would be appended to or read.
  it.each(["../x", "", "a".repeat(36), "0190a0b0-0000-7000-8000-000000000001/../../x", "0190A0B0-0000-7000-8000-00000000000G"])(
    "is not continued under the name %j",
    async (name) => {
      const { uploads } = setUp();
      await expect(uploads.append(name, base64("x"))).rejects.toMatchObject({ code: /INVALID_INPUT|NOT_FOUND/ });
    },
  );

  // Catches an upload that grows without bound, part by part.
  it("is refused where it is too large, and nothing of it stays", async () => {
    const { uploads, folder, send, inFolder } = setUp();
    const upload = await send("x");
    const path = join(folder, `${upload}.part`);
    writeFileSync(path, "");
    // A sparse file of the largest size: no byte is written.
    const { truncate } = await import("node:fs/promises");
    await truncate(path, 256 * 2 ** 20);
    await expect(uploads.append(upload, base64("y"))).rejects.toMatchObject({ code: "FILE_TOO_LARGE" });
    expect(inFolder()).toEqual([]);
    await expect(uploads.append(upload, base64("y"))).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("is finished once", async () => {
    const { uploads, send } = setUp();
    const upload = await send("x");
    await uploads.finish(upload, "a.txt");
    await expect(uploads.finish(upload, "a.txt")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  // Catches a file of the person's own that is deleted with its conversation.
  it("is deleted only where it lies with us", async () => {
    const { uploads, folder, send } = setUp();
    const sent = await uploads.finish(await send("x"), "a.txt");
    const own = join(temporaryFolder(), "own.txt");
    writeFileSync(own, "mine");
    await uploads.remove(own);
    // As a restored database may name it: it begins with the folder of uploads, and leads out of it.
    await uploads.remove(`${folder}/${relative(folder, own)}`);
    expect(existsSync(own)).toBe(true);
    await uploads.remove(sent);
    expect(existsSync(sent)).toBe(false);
  });
});

describe("attaching a file", () => {
  it("keeps its text, and a collection of its own for when it is searched", async () => {
    const { attach, thread, send, attachments, collections } = setUp();
    const to = thread();
    const made = await attach.add(to, { name: "notes.txt", upload: await send("The lamp is red.") }, never);
    expect(made).toMatchObject({ name: "notes.txt", type: "txt", bytes: 16, pages: 1 });
    expect(made).not.toHaveProperty("text");
    expect(attachments.of(to.id)).toMatchObject([{ text: "The lamp is red.", length: 16, thread: to.id }]);
    expect(collections.size).toBe(1);
  });

  // Catches a text of a whole library that is kept in the row of an attachment: every question would read it.
  it("keeps the length alone of a text that no context holds", async () => {
    const { attach, thread, send, attachments } = setUp();
    const to = thread();
    await attach.add(to, { name: "long.txt", upload: await send("word ".repeat(100_001)) }, never);
    expect(attachments.of(to.id)).toMatchObject([{ text: undefined, length: 500_005 }]);
  });

  // Catches an upload, a row or a collection that stays behind although the file was refused.
  it.each([
    ["damaged", "BROKEN bytes", "FILE_DAMAGED"],
    ["empty", " \n\t ", "FILE_EMPTY"],
  ])("that is %s leaves nothing", async (_, text, code) => {
    const { attach, thread, send, attachments, collections, inFolder } = setUp();
    const to = thread();
    await expect(attach.add(to, { name: "x.txt", upload: await send(text) }, never)).rejects.toMatchObject({ code });
    expect([attachments.of(to.id), [...collections], inFolder()]).toEqual([[], [], []]);
  });

  it("takes a path or an upload, not both and not neither", async () => {
    const { attach, thread, send, inFolder } = setUp();
    await expect(attach.add(thread(), { name: "x" }, never)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    const upload = await send("x");
    await expect(attach.add(thread(), { name: "x", path: "/x", upload }, never)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(inFolder()).toEqual([`${upload}.part`]);
  });

  // Catches a fork whose files vanish with the conversation it was made from, and files that stay when the last one goes.
  it("shares a file between a conversation and its fork until the last of both is gone", async () => {
    const { attach, thread, send, attachments, collections, inFolder } = setUp();
    const [first, fork] = [thread(), thread()];
    await attach.add(first, { name: "notes.txt", upload: await send("shared") }, never);
    attach.copy(first.id, fork.id);
    expect(collections.size).toBe(2);
    await attach.removeAll(first.id);
    expect(attachments.of(first.id)).toEqual([]);
    expect(attachments.of(fork.id)).toMatchObject([{ text: "shared" }]);
    expect(inFolder()).toHaveLength(1);
    await attach.remove(attachments.of(fork.id)[0]!.id);
    expect([inFolder(), [...collections]]).toEqual([[], []]);
  });

  it("of which there is none cannot be taken out", async () => {
    const { attach } = setUp();
    expect(() => attach.remove("0190a0b0-0000-7000-8000-000000000009")).toThrowError(expect.objectContaining({ code: "NOT_FOUND" }));
  });
});
