import { type Answer, type Message, type Thread, ThreadSettings } from "../../../../shared/contract/chat.ts";
import { AppError, toWire } from "../../../../shared/errors.ts";
import { createId } from "../../../db/id.ts";
import type { Truth } from "../../../db/truth.ts";
import { type MessageRow, toMessage } from "./message-row.ts";
import { titleByRule } from "./title.ts";

type ThreadRow = {
  id: string;
  title: string;
  titled: Thread["titled"];
  collections: string;
  settings: string;
  forked_from: string | null;
  leaf: string | null;
  created_at: number;
  updated_at: number;
  messages: number;
};

const SELECT_THREAD = "SELECT t.*, (SELECT count(*) FROM messages m WHERE m.thread_id = t.id) AS messages FROM threads t";

/** Where a question goes and how its thread is begun. */
type AskOptions = {
  thread: string | undefined;
  parent: string | null | undefined;
  collections: string[];
  model: string;
  /** A stored question that is answered once more. */
  answering?: string | undefined;
  /** Of a new thread. */
  settings?: ThreadSettings | undefined;
};
type Asked = { thread: string; question: string; answer: string; parent: string | null; text: string };

export type ThreadStore = ReturnType<typeof createThreadStore>;

/** Conversations as trees: a message never changes its parent, and nothing is overwritten but a streaming answer. */
export function createThreadStore(truth: Truth) {
  const { db } = truth;
  const documentById = db.prepare<[string], unknown>("SELECT 1 FROM documents WHERE id = ? AND state = 'published'");
  const isDeleted = (id: string) => documentById.get(id) === undefined;
  const threadById = db.prepare<[string], ThreadRow>(`${SELECT_THREAD} WHERE t.id = ?`);
  const messageById = db.prepare<[string, string], MessageRow>("SELECT * FROM messages WHERE id = ? AND thread_id = ?");
  const saidById = db.prepare<[string, string], MessageRow>(
    "SELECT id, parent, role, text, state, model, NULL AS answer, NULL AS error, created_at FROM messages WHERE id = ? AND thread_id = ?",
  );
  const messagesOf = db.prepare<[string], MessageRow>("SELECT * FROM messages WHERE thread_id = ? ORDER BY created_at, id");
  const setTitle = db.prepare<[string, Thread["titled"], string]>("UPDATE threads SET title = ?, titled = ? WHERE id = ?");
  const setText = db.prepare<[string, string]>("UPDATE messages SET text = ? WHERE id = ? AND state = 'streaming'");

  function get(id: string): Thread {
    const row = threadById.get(id);
    if (!row) throw new AppError("NOT_FOUND", `There is no thread ${id}.`, { hint: "`croft threads list` shows them." });
    return toThread(row);
  }

  function message(thread: string, id: string): Message {
    const row = messageById.get(id, thread);
    if (!row) throw new AppError("NOT_FOUND", `The thread has no message ${id}.`);
    return toMessage(row, isDeleted);
  }

  function begin(title: string, collections: readonly string[], settings: ThreadSettings): string {
    const id = createId(truth.now());
    db.prepare("INSERT INTO threads (id, title, collections, settings, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)").run(
      id,
      title,
      JSON.stringify(collections),
      JSON.stringify(settings),
      truth.now(),
      truth.now(),
    );
    return id;
  }

  function stored(thread: string, id: string): Message {
    const found = message(thread, id);
    if (found.role !== "user") throw new AppError("INVALID_INPUT", "Only a question can be answered once more.");
    return found;
  }

  function insert(
    thread: string,
    parent: string | null,
    role: Message["role"],
    text: string,
    state: Message["state"],
    model: string | null,
  ): string {
    const id = createId(truth.now());
    db.prepare("INSERT INTO messages (id, thread_id, parent, role, text, state, model, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)").run(
      id,
      thread,
      parent,
      role,
      text,
      state,
      model,
      truth.now(),
    );
    return id;
  }

  return {
    get,
    message,

    list: (limit: number, before: number | undefined): Thread[] =>
      db
        .prepare<[number, number], ThreadRow>(`${SELECT_THREAD} WHERE t.updated_at < ? ORDER BY t.updated_at DESC, t.id DESC LIMIT ?`)
        .all(before ?? Number.MAX_SAFE_INTEGER, limit)
        .map(toThread),

    messages: (id: string): Message[] => messagesOf.all(get(id).id).map((row) => toMessage(row, isDeleted)),

    /** From the root to the given message. @throws NOT_FOUND */
    path: (thread: string, leaf: string | null): Message[] => walk(leaf, (id) => message(thread, id)),

    /** The last `most` messages down to the given one, without what was found for them: what the model may be told. */
    history: (thread: string, leaf: string | null, most: number): Message[] =>
      walk(
        leaf,
        (id) => {
          const row = saidById.get(id, thread);
          return row && toMessage(row, isDeleted);
        },
        most,
      ),

    /** A conversation that nothing was asked in yet. */
    create: (collections: readonly string[], settings: ThreadSettings): Thread =>
      truth.transact((transaction) => {
        const id = begin("New conversation", collections, settings);
        transaction.event("thread.changed", id);
        return get(id);
      }),

    /**
     * Writes a question and the place of its answer, in a new thread where none is named: one transaction, durable
     * before the first token. `parent` is the thread's leaf unless another message is named, which makes a branch; null
     * makes one at the root. A question that is answered once more is not written again.
     */
    ask(question: string, options: AskOptions): Asked {
      return truth.transact((transaction) => {
        const existing = options.thread === undefined ? undefined : get(options.thread);
        const thread = existing?.id ?? begin(titleByRule(question), options.collections, options.settings ?? {});
        const asked = options.answering === undefined ? undefined : stored(thread, options.answering);
        const { parent: named = existing?.leaf ?? null } = options;
        const parent = asked ? asked.parent : named === null ? null : message(thread, named).id;
        const questionId = asked?.id ?? insert(thread, parent, "user", question, "complete", null);
        const answerId = insert(thread, questionId, "assistant", "", "streaming", options.model);
        db.prepare("UPDATE threads SET leaf = ?, updated_at = ? WHERE id = ?").run(answerId, truth.now(), thread);
        if (existing?.messages === 0 && existing.titled === "rule") setTitle.run(titleByRule(question), "rule", thread);
        transaction.event("thread.changed", thread);
        return { thread, question: questionId, answer: answerId, parent, text: asked?.text ?? question };
      });
    },

    /** The answer so far: survives a crash of Croft. */
    saveText: (id: string, text: string): void => truth.jot(() => void setText.run(text, id)),

    finish(
      thread: string,
      id: string,
      end: { state: Exclude<Message["state"], "streaming">; text: string; answer?: Answer; error?: unknown },
    ): void {
      truth.transact((transaction) => {
        db.prepare("UPDATE messages SET state = ?, text = ?, answer = ?, error = ? WHERE id = ? AND state = 'streaming'").run(
          end.state,
          end.text,
          end.answer ? JSON.stringify(end.answer) : null,
          end.error === undefined ? null : JSON.stringify(toWire(end.error)),
          id,
        );
        const { changes } = db.prepare("UPDATE threads SET updated_at = ? WHERE id = ?").run(truth.now(), thread);
        // The thread may have been removed while it was answered: nothing is told of it then.
        if (changes > 0) transaction.event("thread.changed", thread);
      });
    },

    /** At start: answers that a crash cut off keep their text and are marked stopped; conversations that were never used go. */
    recover: (): number =>
      truth.transact(() => {
        db.prepare(
          `DELETE FROM threads WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.thread_id = threads.id)
             AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.thread_id = threads.id)
             AND NOT EXISTS (SELECT 1 FROM drafts d WHERE d.thread = threads.id)`,
        ).run();
        return db.prepare("UPDATE messages SET state = 'stopped' WHERE state = 'streaming'").run().changes;
      }),

    rename(id: string, title: string, titled: "model" | "person"): Thread {
      return truth.transact((transaction) => {
        setTitle.run(title, titled, get(id).id);
        transaction.event("thread.changed", id);
        return get(id);
      });
    },

    setSettings(id: string, settings: ThreadSettings): Thread {
      return truth.transact((transaction) => {
        db.prepare("UPDATE threads SET settings = ? WHERE id = ?").run(JSON.stringify(settings), get(id).id);
        transaction.event("thread.changed", id);
        return get(id);
      });
    },

    /** `toEnd` is told the message and gives the end of its branch. */
    selectLeaf(id: string, leaf: string, toEnd: (leaf: string) => string = (same) => same): Thread {
      return truth.transact((transaction) => {
        db.prepare("UPDATE threads SET leaf = ? WHERE id = ?").run(toEnd(message(id, leaf).id), id);
        transaction.event("thread.changed", id);
        return get(id);
      });
    },

    remove(id: string): void {
      truth.transact((transaction) => {
        db.prepare("DELETE FROM threads WHERE id = ?").run(get(id).id);
        transaction.event("thread.removed", id);
      });
    },
  };
}

function walk(leaf: string | null, read: (id: string) => Message | undefined, most = Number.POSITIVE_INFINITY): Message[] {
  const path: Message[] = [];
  for (let id = leaf; id !== null && path.length < most;) {
    const found = read(id);
    if (!found) break;
    path.push(found);
    id = found.parent;
  }
  return path.reverse();
}

function toThread(row: ThreadRow): Thread {
  return {
    id: row.id,
    title: row.title,
    titled: row.titled,
    collections: JSON.parse(row.collections) as string[],
    settings: ThreadSettings.parse(JSON.parse(row.settings)),
    ...(row.forked_from === null ? {} : { forkedFrom: row.forked_from }),
    leaf: row.leaf,
    messages: row.messages,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
