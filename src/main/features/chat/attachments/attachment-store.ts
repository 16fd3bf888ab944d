import type { Attachment } from "../../../../shared/contract/chat.ts";
import { AppError } from "../../../../shared/errors.ts";
import { createId } from "../../../db/id.ts";
import type { Truth } from "../../../db/truth.ts";

type Row = {
  id: string;
  thread_id: string;
  collection_id: string | null;
  name: string;
  type: string;
  bytes: number;
  pages: number;
  path: string;
  text: string | null;
  length: number;
};

/** An attachment as it is stored: with its text, unless that is longer than any context, and where it is searched. */
export type StoredAttachment = Attachment & { thread: string; collection: string | undefined; text: string | undefined; length: number };
export type AttachmentStore = ReturnType<typeof createAttachmentStore>;

/** Files of conversations. */
export function createAttachmentStore(truth: Truth) {
  const { db } = truth;
  const byThread = db.prepare<[string], Row>("SELECT * FROM attachments WHERE thread_id = ? ORDER BY created_at, id");
  const byId = db.prepare<[string], Row>("SELECT * FROM attachments WHERE id = ?");
  return {
    of: (thread: string): StoredAttachment[] => byThread.all(thread).map(toAttachment),
    /** @throws NOT_FOUND */
    get(id: string): StoredAttachment {
      const row = byId.get(id);
      if (!row) throw new AppError("NOT_FOUND", "There is no such attachment.");
      return toAttachment(row);
    },
    newId: (): string => createId(truth.now()),
    add: (attachment: StoredAttachment): void =>
      truth.transact((transaction) => {
        const { id, thread, collection, name, type, bytes, pages, path, text, length } = attachment;
        db.prepare(
          "INSERT INTO attachments (id, thread_id, collection_id, name, type, bytes, pages, path, text, length, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ).run(id, thread, collection ?? null, name, type, bytes, pages, path, text ?? null, length, truth.now());
        transaction.event("thread.changed", thread);
      }),
    remove: ({ id, thread }: Pick<StoredAttachment, "id" | "thread">): void =>
      truth.transact((transaction) => {
        db.prepare("DELETE FROM attachments WHERE id = ?").run(id);
        transaction.event("thread.changed", thread);
      }),
    /** How many attachments lie at a path: an upload stays as long as one does. */
    at: (path: string): number =>
      db.prepare<[string], { n: number }>("SELECT count(*) AS n FROM attachments WHERE path = ?").get(path)?.n ?? 0,
  };
}

const toAttachment = ({ thread_id: thread, collection_id: collection, text, ...row }: Row): StoredAttachment => ({
  id: row.id,
  thread,
  collection: collection ?? undefined,
  name: row.name,
  type: row.type,
  bytes: row.bytes,
  pages: row.pages,
  path: row.path,
  text: text ?? undefined,
  length: row.length,
});

/** An attachment as callers see it. */
export const toContract = ({ id, name, type, bytes, pages, path }: StoredAttachment): Attachment => ({
  id,
  name,
  type,
  bytes,
  pages,
  path,
});
