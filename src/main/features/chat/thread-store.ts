import { Answer, type Message, type Thread } from "../../../shared/contract/chat.ts";
import { Reason } from "../../../shared/contract/define.ts";
import { AppError, toWire } from "../../../shared/errors.ts";
import { createId } from "../../db/id.ts";
import type { Truth } from "../../db/truth.ts";

type ThreadRow = {
  id: string;
  title: string;
  collections: string;
  leaf: string | null;
  created_at: number;
  updated_at: number;
  messages: number;
};
type MessageRow = {
  id: string;
  parent: string | null;
  role: "user" | "assistant";
  text: string;
  state: Message["state"];
  model: string | null;
  answer: string | null;
  error: string | null;
  created_at: number;
};

const SELECT_THREAD = "SELECT t.*, (SELECT count(*) FROM messages m WHERE m.thread_id = t.id) AS messages FROM threads t";
const LONGEST_TITLE = 80;

export type ThreadStore = ReturnType<typeof createThreadStore>;

/**
 * Conversations as trees: a message never changes its parent, and nothing is overwritten but a streaming answer.
 * Citations outlive what they cite: the quote stays, marked as deleted.
 */
export function createThreadStore(truth: Truth) {
  const { db } = truth;
  const documentById = db.prepare<[string], unknown>("SELECT 1 FROM documents WHERE id = ? AND state = 'published'");
  const isDeleted = (id: string) => documentById.get(id) === undefined;
  const threadById = db.prepare<[string], ThreadRow>(`${SELECT_THREAD} WHERE t.id = ?`);
  const messageById = db.prepare<[string, string], MessageRow>("SELECT * FROM messages WHERE id = ? AND thread_id = ?");
  const messagesOf = db.prepare<[string], MessageRow>("SELECT * FROM messages WHERE thread_id = ? ORDER BY created_at, id");
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

    /** From the root to the given message: what the model may be told of the conversation. */
    path(thread: string, leaf: string | null): Message[] {
      const path: Message[] = [];
      for (let id = leaf; id !== null;) {
        const found = message(thread, id);
        path.unshift(found);
        id = found.parent;
      }
      return path;
    },

    /**
     * Writes a question and the place of its answer, in a new thread where none is named: one transaction, durable
     * before the first token. `parent` is the thread's leaf unless another message is named, which makes a branch; null makes one at the root.
     */
    ask(
      question: string,
      options: { thread: string | undefined; parent: string | null | undefined; collections: string[]; model: string },
    ): { thread: string; question: string; answer: string; parent: string | null } {
      return truth.transact((transaction) => {
        const existing = options.thread === undefined ? undefined : get(options.thread);
        const thread = existing?.id ?? createId(truth.now());
        if (!existing) {
          db.prepare("INSERT INTO threads (id, title, collections, created_at, updated_at) VALUES (?, ?, ?, ?, ?)").run(
            thread,
            titleOf(question),
            JSON.stringify(options.collections),
            truth.now(),
            truth.now(),
          );
        }
        const { parent: named = existing?.leaf ?? null } = options;
        const parent = named === null ? null : message(thread, named).id;
        const questionId = insert(thread, parent, "user", question, "complete", null);
        const answerId = insert(thread, questionId, "assistant", "", "streaming", options.model);
        db.prepare("UPDATE threads SET leaf = ?, updated_at = ? WHERE id = ?").run(answerId, truth.now(), thread);
        transaction.event("thread.changed", thread);
        return { thread, question: questionId, answer: answerId, parent };
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

    /** At start: answers that a crash cut off keep their text and are marked stopped. */
    recover: (): number =>
      truth.transact(() => db.prepare("UPDATE messages SET state = 'stopped' WHERE state = 'streaming'").run().changes),

    rename(id: string, title: string): Thread {
      return truth.transact((transaction) => {
        db.prepare("UPDATE threads SET title = ? WHERE id = ?").run(title, get(id).id);
        transaction.event("thread.changed", id);
        return get(id);
      });
    },

    selectLeaf(id: string, leaf: string): Thread {
      return truth.transact((transaction) => {
        db.prepare("UPDATE threads SET leaf = ? WHERE id = ?").run(message(id, leaf).id, id);
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

function titleOf(question: string): string {
  const line = question.replaceAll(/\s+/gu, " ").trim();
  return line.length <= LONGEST_TITLE ? line : `${line.slice(0, LONGEST_TITLE - 1).toWellFormed()}…`;
}

function toThread(row: ThreadRow): Thread {
  return {
    id: row.id,
    title: row.title,
    collections: JSON.parse(row.collections) as string[],
    leaf: row.leaf,
    messages: row.messages,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toMessage(row: MessageRow, isDeleted: (documentId: string) => boolean): Message {
  return {
    id: row.id,
    parent: row.parent,
    role: row.role,
    text: row.text,
    state: row.state,
    ...(row.model === null ? {} : { model: row.model }),
    ...(row.answer === null ? {} : { answer: withDeleted(Answer.parse(JSON.parse(row.answer)), isDeleted) }),
    ...(row.error === null ? {} : { error: Reason.parse(JSON.parse(row.error)) }),
    createdAt: row.created_at,
  };
}

function withDeleted(answer: Answer, isDeleted: (documentId: string) => boolean): Answer {
  return {
    ...answer,
    citations: answer.citations.map((citation) => (isDeleted(citation.document.id) ? { ...citation, deleted: true } : citation)),
  };
}
