import type { PathWindow } from "../../../../shared/contract/chat.ts";
import { createId } from "../../../db/id.ts";
import type { Truth } from "../../../db/truth.ts";
import { createOutline, type Outline, type OutlineRow } from "./outline.ts";
import type { ThreadStore } from "./thread-store.ts";

/** Outlines kept in memory: the conversations that somebody reads at the moment. */
const OUTLINES_KEPT = 4;

/** Windows of the active branch. The tree is read without its texts, once, and followed as messages are added. */
export function createPathStore(truth: Truth, threads: ThreadStore) {
  const { db } = truth;
  const rowsOf = db.prepare<[string], OutlineRow>("SELECT id, parent, role FROM messages WHERE thread_id = ? ORDER BY created_at, id");
  const copyRow = db.prepare<[{ id: string; thread: string; parent: string | null; answer: string | null; from: string }]>(
    `INSERT INTO messages (id, thread_id, parent, role, text, state, model, answer, error, created_at)
       SELECT @id, @thread, @parent, role, text, CASE state WHEN 'streaming' THEN 'stopped' ELSE state END, model, @answer, error, created_at
       FROM messages WHERE id = @from`,
  );
  const copyTrace = db.prepare<[string, string]>(
    "INSERT INTO traces (message_id, passages) SELECT ?, passages FROM traces WHERE message_id = ?",
  );
  const kept = new Map<string, { messages: number; outline: Outline }>();

  /** Messages are only ever added to a thread: as many as before are the same. */
  function outlineOf(thread: string): Outline {
    const { messages } = threads.get(thread);
    const known = kept.get(thread);
    kept.delete(thread);
    const current = known?.messages === messages ? known : { messages, outline: createOutline(rowsOf.all(thread)) };
    kept.set(thread, current);
    for (const oldest of kept.keys()) if (kept.size > OUTLINES_KEPT) kept.delete(oldest);
    return current.outline;
  }

  return {
    /** From `from`, or with `around` in its middle where that is on the branch, or the end of the branch. @throws NOT_FOUND */
    window(id: string, { from, around, limit }: { from?: number | undefined; around?: string | undefined; limit: number }): PathWindow {
      const thread = threads.get(id);
      const outline = outlineOf(id);
      const path = outline.pathTo(thread.leaf);
      const at = around === undefined ? -1 : path.indexOf(around);
      const wanted = at >= 0 ? at - Math.floor(limit / 2) : (from ?? path.length - limit);
      const start = Math.max(0, Math.min(wanted, path.length));
      const messages = path
        .slice(start, start + limit)
        .map((message) => ({ ...threads.message(id, message), versions: outline.versions(message) }));
      return { thread, length: path.length, start, messages };
    },

    /** The end of the branch that goes on from a message, at every fork the newest. */
    newestLeaf: (thread: string, from: string): string => outlineOf(thread).newestLeaf(from),

    /** A new thread of copies of the messages from the root to this one, with what was read for them. @throws NOT_FOUND */
    fork(id: string, message: string): string {
      return truth.transact((transaction) => {
        const thread = threads.get(id);
        const path = outlineOf(id).pathTo(threads.message(id, message).id);
        const copy = createId(truth.now());
        db.prepare(
          "INSERT INTO threads (id, title, titled, collections, settings, forked_from, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ).run(
          copy,
          thread.title,
          thread.titled,
          JSON.stringify(thread.collections),
          JSON.stringify(thread.settings),
          id,
          truth.now(),
          truth.now(),
        );
        let parent: string | null = null;
        for (const from of path) {
          const made: string = createId(truth.now());
          const { answer } = threads.message(id, from);
          copyRow.run({
            id: made,
            thread: copy,
            parent,
            from,
            answer: answer ? JSON.stringify({ ...answer, thread: copy, message: made }) : null,
          });
          copyTrace.run(made, from);
          parent = made;
        }
        db.prepare("UPDATE threads SET leaf = ? WHERE id = ?").run(parent, copy);
        transaction.event("thread.changed", copy);
        return copy;
      });
    },
  };
}
