import type { Truth } from "../../../db/truth.ts";

/** Texts that were typed and not sent. They survive a crash of Croft: the window's own memory is written too late for that. */
export function createDraftStore(truth: Truth) {
  const { db } = truth;
  const byThread = db.prepare<[string], { text: string }>("SELECT text FROM drafts WHERE thread = ?");
  const put = db.prepare(
    `INSERT INTO drafts (thread, text, updated_at) VALUES (?, ?, ?)
     ON CONFLICT (thread) DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at`,
  );
  const remove = db.prepare("DELETE FROM drafts WHERE thread = ?");
  return {
    get: (thread: string): string => byThread.get(thread)?.text ?? "",
    /** An empty text is no draft. */
    save: (thread: string, text: string): void =>
      truth.jot(() => void (text === "" ? remove.run(thread) : put.run(thread, text, truth.now()))),
  };
}
