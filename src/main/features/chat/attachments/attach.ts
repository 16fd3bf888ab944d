import { resolve } from "node:path";
import type { Attachment, Thread } from "../../../../shared/contract/chat.ts";
import { AppError } from "../../../../shared/errors.ts";
import type { ReadDocument, ThreadFiles } from "../../knowledge/index.ts";
import { type AttachmentStore, type StoredAttachment, toContract } from "./attachment-store.ts";
import type { Uploads } from "./uploads.ts";

/** Longer than the largest context that can be set: such a text is only ever searched. */
const LONGEST_WHOLE = 500_000;

export type AttachDeps = {
  attachments: AttachmentStore;
  uploads: Uploads;
  files: ThreadFiles;
  read: (path: string, signal: AbortSignal) => Promise<ReadDocument>;
};

/** Takes files into conversations and out again. */
export function createAttach({ attachments, uploads, files, read }: AttachDeps) {
  async function remove(gone: readonly StoredAttachment[]): Promise<void> {
    for (const attachment of gone) attachments.remove(attachment);
    await files.remove(gone.flatMap(({ collection }) => collection ?? []));
    for (const { path } of gone) if (attachments.at(path) === 0) await uploads.remove(path);
  }

  return {
    /**
     * Reads the file and begins to index it, since whether it is told whole or searched is known only with the question.
     * @throws FILE_* · NOT_FOUND · INVALID_INPUT
     */
    async add(
      thread: Thread,
      { name, path, upload }: { name: string; path?: string | undefined; upload?: string | undefined },
      signal: AbortSignal,
    ): Promise<Attachment> {
      if ((path === undefined) === (upload === undefined))
        throw new AppError("INVALID_INPUT", "A file has a path or is an upload. Nothing was attached.");
      const file = upload === undefined ? resolve(path ?? "") : await uploads.finish(upload, name);
      try {
        const { text, head, bytes, pages } = await read(file, signal);
        if (text.trim() === "")
          throw new AppError("FILE_EMPTY", `No text was found in ${name}. Nothing was attached.`, {
            hint: "Is it a picture without words?",
          });
        const id = attachments.newId();
        const attachment: StoredAttachment = {
          id,
          thread: thread.id,
          collection: files.add(thread.id, id, name, file),
          name,
          type: head.type,
          bytes,
          pages: pages.length,
          path: file,
          text: text.length <= LONGEST_WHOLE ? text : undefined,
          length: text.length,
        };
        attachments.add(attachment);
        return toContract(attachment);
      } catch (error) {
        await uploads.remove(file);
        throw error;
      }
    },

    remove: (id: string): Promise<void> => remove([attachments.get(id)]),
    /** Of a conversation that is about to be removed. */
    removeAll: (thread: string): Promise<void> => remove(attachments.of(thread)),

    /** Attaches the same files to another conversation: what is stored of them is shared. */
    copy(from: string, to: string): void {
      for (const attachment of attachments.of(from)) {
        const id = attachments.newId();
        attachments.add({ ...attachment, id, thread: to, collection: files.add(to, id, attachment.name, attachment.path) });
      }
    },
  };
}
