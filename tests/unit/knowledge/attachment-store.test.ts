import { describe, expect, test } from "vitest";
import { createAttachmentStore } from "../../../src/main/features/knowledge/sources/attachment-store.ts";
import { createCollectionStore } from "../../../src/main/features/knowledge/collections/collection-store.ts";
import { createSourceStore, SourceOptions } from "../../../src/main/features/knowledge/sources/source-store.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

const MAIL = "/docs/mail.eml";
const owner = { path: MAIL, container: MAIL, modifiedAt: 5, places: [] };
const held = (...names: string[]) => names.map((name, place) => ({ place, name, bytes: 10 }));
const never = new AbortController().signal;

function setUp() {
  const truth = temporaryTruth();
  const { id: collectionId } = createCollectionStore(truth).create("notes", "m");
  const sources = createSourceStore(truth);
  const { id: sourceId } = sources.add(collectionId, "path", "/docs", SourceOptions.parse({}));
  sources.noteSeen(sourceId, [{ path: MAIL, size: 1, modifiedAt: 5 }]);
  return { truth, sources, sourceId, collectionId, attachments: createAttachmentStore(truth) };
}

describe("what lies in a file", () => {
  test("is noted as pending with the way to it, apart from files on disk", async () => {
    const { attachments, sources, sourceId } = setUp();
    const { inside, gone } = attachments.note(sourceId, owner, held("a.pdf", "b.eml"));
    expect(inside).toEqual([
      { path: `${MAIL} › a.pdf`, places: [0], size: 10 },
      { path: `${MAIL} › b.eml`, places: [1], size: 10 },
    ]);
    expect(gone).toEqual([]);
    const nested = { ...owner, path: `${MAIL} › b.eml`, places: [1] };
    expect(attachments.note(sourceId, nested, held("c.txt")).inside[0]).toMatchObject({ places: [1, 0] });
    expect(attachments.list(sourceId)).toHaveLength(3);
    for (const file of attachments.list(sourceId)) expect(file).toMatchObject({ state: "pending", container: MAIL, modifiedAt: 5 });
    expect([...(await sources.files(sourceId, never)).keys()]).toEqual([MAIL]);
  });

  test("that is no longer there is named with what lay in it; the rest stays", () => {
    const { attachments, sourceId } = setUp();
    attachments.note(sourceId, owner, held("a.pdf", "b.eml", "b.emlx"));
    attachments.note(sourceId, { ...owner, path: `${MAIL} › b.eml`, places: [1] }, held("c.txt"));
    expect(attachments.note(sourceId, owner, held("a.pdf", "b.emlx")).gone.sort()).toEqual([`${MAIL} › b.eml`, `${MAIL} › b.eml › c.txt`]);
    expect(attachments.note(sourceId, owner, held("a.pdf", "b.eml", "b.emlx")).gone).toEqual([]);
  });

  test("is bounded in all, however it is nested, and what was known keeps its place", () => {
    const { attachments, sourceId } = setUp();
    const many = (count: number) => held(...Array.from({ length: count }, (_, index) => `${index}.txt`));
    expect(attachments.note(sourceId, owner, many(990)).inside).toHaveLength(990);
    const nested = { ...owner, path: `${MAIL} › 0.txt`, places: [0] };
    expect(attachments.note(sourceId, nested, many(200)).inside).toHaveLength(10);
    expect(attachments.note(sourceId, nested, many(200)).inside).toHaveLength(10);
    expect(attachments.note(sourceId, owner, many(990)).inside).toHaveLength(990);
  });

  test("never takes the path of a file on disk, nor another's number", () => {
    const { attachments, sources, sourceId } = setUp();
    sources.noteSeen(sourceId, [{ path: `${MAIL} › a.txt`, size: 1, modifiedAt: 1 }]);
    const { inside } = attachments.note(sourceId, owner, held("a.txt", "a (2).txt"));
    expect(inside.map(({ path }) => path.slice(MAIL.length + 3))).toEqual(["a (2).txt", "a (2) (2).txt"]);
    expect(sources.file(sourceId, `${MAIL} › a.txt`)).toMatchObject({ size: 1 });
  });

  test("is listed anew when its file is looked at again", () => {
    const { attachments, sources, sourceId, truth } = setUp();
    truth.db.prepare("UPDATE files SET state = 'indexed' WHERE path = ?").run(MAIL);
    attachments.lookAgain(sourceId, MAIL);
    expect(sources.file(sourceId, MAIL)?.state).toBe("pending");
  });
});
