import { os } from "../../../src/main/core/implementer.ts";
import { createOutline } from "../../../src/main/features/chat/threads/outline.ts";
import type {
  AskRequest,
  Attachment,
  Context,
  Message,
  PathMessage,
  Preset,
  Thread,
  ThreadSettings,
} from "../../../src/shared/contract/chat.ts";
import { AppError, toWire } from "../../../src/shared/errors.ts";
import { answerTo, id, now, passages, thread } from "./scripted-data.ts";
import type { createGate } from "./topic.ts";

export type ScriptedChatOptions = {
  read<T>(full: () => T, empty: T, signal: AbortSignal | undefined): Promise<T>;
  gate: ReturnType<typeof createGate>;
  next(): string;
  happened(kind: string, subject: string): void;
};

/** The conversations of a scripted core: every request is kept, and a test may say what is answered to a question. */
export function scriptedChat({ read, gate, next, happened }: ScriptedChatOptions) {
  const threads = new Map<string, Message[]>();
  const titles = new Map<string, string>();
  const leaves = new Map<string, string>();
  const settings = new Map<string, ThreadSettings>();
  /** Of conversations that were begun by something else than a question. */
  const collections = new Map<string, string[]>();
  const drafts = new Map<string, string>();
  const attachments = new Map<string, Attachment[]>();
  const presets: Preset[] = [];
  const asked: AskRequest[] = [];
  /** Answers in the model's own words, by question. */
  const replies = new Map<string, string>();

  const messagesOf = (threadId: string): Message[] => {
    const messages = threads.get(threadId);
    if (!messages) throw new AppError("NOT_FOUND", "There is no such conversation.");
    return messages;
  };
  const threadOf = (threadId: string): Thread => {
    const messages = messagesOf(threadId);
    const title = titles.get(threadId) ?? messages[0]?.text ?? "New conversation";
    const begun = thread(0, title, leaves.get(threadId) ?? null, messages.length);
    const own = { settings: settings.get(threadId) ?? {}, collections: collections.get(threadId) ?? begun.collections };
    return { ...begun, ...own, id: threadId };
  };
  const changed = (threadId: string) => {
    happened("thread.changed", threadId);
    return threadOf(threadId);
  };
  const begin = (): string => {
    const threadId = next();
    threads.set(threadId, []);
    return threadId;
  };
  const answerOf = (request: AskRequest, ids: { thread: string; message: string }) => {
    const reply = replies.get(request.question);
    const result = answerTo(request.question, ids);
    if (reply === undefined) return result;
    return { ...result, answer: reply, sentences: [], citations: [], read: { passages: 0, matched: 0 } };
  };

  const routes = {
    ask: os.chat.ask.handler(async function* ({ input, signal }) {
      asked.push(input);
      const threadId = input.thread ?? begin();
      const messages = messagesOf(threadId);
      const stored = messages.find((message) => message.id === input.answering);
      const question: Message = stored ?? {
        id: next(),
        parent: input.parent === undefined ? (leaves.get(threadId) ?? null) : input.parent,
        role: "user",
        text: input.question,
        state: "complete",
        createdAt: now,
      };
      const answer: Message = { id: next(), parent: question.id, role: "assistant", text: "", state: "streaming", createdAt: now };
      threads.set(threadId, [...messages, ...(stored ? [] : [question]), answer]);
      leaves.set(threadId, answer.id);
      happened("thread.changed", threadId);
      const found = /plainly/i.test(input.question) || replies.has(input.question) ? [] : passages;
      const result = answerOf(input, { thread: threadId, message: answer.id });
      let seq = 0;
      try {
        await gate.pass(signal);
        yield { type: "sources" as const, seq: seq++, thread: threadId, message: answer.id, passages: found, matched: found.length * 3 };
        await gate.pass(signal);
        for (const text of result.answer.match(/\S+\s*/g) ?? []) {
          answer.text += text;
          yield { type: "token" as const, seq: seq++, text };
          if (answer.text.length > 30) await gate.pass(signal);
        }
        if (/break/i.test(input.question)) {
          const failure = new AppError("MEMORY_LOW", "The model ran out of memory; what was written is kept.", {
            hint: "Choose a smaller model.",
          });
          answer.error = toWire(failure);
          throw failure;
        }
        for (const citation of result.citations) yield { type: "citation" as const, seq: seq++, citation };
        answer.answer = result;
        answer.state = "complete";
        answer.model = result.model;
        yield { type: "done" as const, seq: seq++, answer: result };
      } finally {
        if (answer.state === "streaming") answer.state = signal?.aborted ? "stopped" : "failed";
      }
    }),
    listThreads: os.chat.listThreads.handler(({ signal }) => read(() => [...threads.keys()].map(threadOf).reverse(), [], signal)),
    getThread: os.chat.getThread.handler(({ input }) => ({
      thread: threadOf(input.id),
      messages: messagesOf(input.id).map((message) => ({ ...message })),
    })),
    getPath: os.chat.getPath.handler(({ input: { id: threadId, from, around, limit } }) => {
      const messages = messagesOf(threadId);
      const outline = createOutline(messages);
      const path = outline.pathTo(leaves.get(threadId) ?? null);
      const at = around === undefined ? -1 : path.indexOf(around);
      const start = Math.max(0, at >= 0 ? at - Math.floor(limit / 2) : (from ?? path.length - limit));
      const byId = new Map(messages.map((message) => [message.id, message]));
      const shown = path.slice(start, start + limit).flatMap((message): PathMessage[] => {
        const found = byId.get(message);
        return found ? [{ ...found, versions: outline.versions(message) }] : [];
      });
      return { thread: threadOf(threadId), length: path.length, start, messages: shown };
    }),
    createThread: os.chat.createThread.handler(({ input }) => {
      const threadId = begin();
      settings.set(threadId, input.settings);
      collections.set(threadId, input.collections);
      return changed(threadId);
    }),
    setThread: os.chat.setThread.handler(({ input }) => (settings.set(input.id, input.settings), changed(input.id))),
    renameThread: os.chat.renameThread.handler(({ input }) => (titles.set(input.id, input.title), changed(input.id))),
    selectLeaf: os.chat.selectLeaf.handler(({ input }) => {
      const outline = createOutline(messagesOf(input.id));
      leaves.set(input.id, input.follow ? outline.newestLeaf(input.leaf) : input.leaf);
      return changed(input.id);
    }),
    forkThread: os.chat.forkThread.handler(({ input }) => {
      const path = createOutline(messagesOf(input.id)).pathTo(input.message);
      const copy = begin();
      threads.set(
        copy,
        messagesOf(input.id).filter((message) => path.includes(message.id)),
      );
      leaves.set(copy, input.message);
      return changed(copy);
    }),
    removeThread: os.chat.removeThread.handler(({ input }) => {
      if (/cannot go/i.test(threadOf(input.id).title))
        throw new AppError("STORAGE_READONLY", "The disk is read-only; nothing was deleted.");
      threads.delete(input.id);
      return {};
    }),
    exportThread: os.chat.exportThread.handler(({ input }) => ({
      text:
        input.format === "json"
          ? JSON.stringify({ thread: threadOf(input.id), messages: threads.get(input.id) })
          : `# ${threadOf(input.id).title}\n`,
    })),
    searchThreads: os.chat.searchThreads.handler(({ input }) => {
      const word = input.query.toLowerCase();
      const places = [...threads].filter(([threadId]) => input.thread === undefined || input.thread === threadId);
      return places
        .flatMap(([threadId, messages]) => messages.map((message) => ({ threadId, message })))
        .filter(({ message }) => message.text.toLowerCase().includes(word))
        .slice(0, input.limit)
        .map(({ threadId, message: { id: message, role, text } }) => {
          const at = text.toLowerCase().indexOf(word);
          const parts = [text.slice(Math.max(0, at - 40), at), text.slice(at, at + word.length), text.slice(at + word.length, at + 80)];
          return {
            thread: threadId,
            title: threadOf(threadId).title,
            message,
            role,
            at: now,
            snippet: parts.flatMap((part, index) => (part === "" ? [] : [{ text: part, hit: index === 1 }])),
          };
        });
    }),
    trace: os.chat.trace.handler(({ input }) => {
      const message = [...threads.values()].flat().find((one) => one.id === input.message);
      return {
        passages: message?.answer && message.answer.read.passages > 0 ? passages : message?.answer?.refused ? passages.slice(0, 2) : [],
        steps: [
          { name: "retrieval", durationMs: 31, attributes: { passages: 3, matched: 9 } },
          {
            name: "chat",
            durationMs: 1690,
            attributes: { "gen_ai.usage.input_tokens": 180, "gen_ai.usage.output_tokens": 38, "croft.cached_tokens": 112 },
          },
        ],
      };
    }),
    listPresets: os.chat.listPresets.handler(() => presets),
    savePreset: os.chat.savePreset.handler(({ input }) => {
      const preset: Preset = { id: next(), name: input.name, settings: input.settings, updatedAt: now };
      presets.push(preset);
      return preset;
    }),
    removePreset: os.chat.removePreset.handler(({ input }) => {
      presets.splice(
        presets.findIndex((preset) => preset.id === input.id),
        1,
      );
      return {};
    }),
    uploadPart: os.chat.uploadPart.handler(({ input }) => ({ upload: input.upload ?? next(), bytes: input.data.length })),
    attach: os.chat.attach.handler(async ({ input, signal }) => {
      await gate.pass(signal);
      if (input.name.endsWith(".exe"))
        throw new AppError("FILE_TYPE_UNSUPPORTED", `${input.name} is of a type that Croft does not read; nothing was attached.`);
      const attachment = {
        id: next(),
        name: input.name,
        type: "pdf",
        bytes: 81_000,
        pages: 12,
        path: input.path ?? `/uploads/${input.name}`,
      };
      attachments.set(input.thread, [...(attachments.get(input.thread) ?? []), attachment]);
      happened("thread.changed", input.thread);
      return attachment;
    }),
    detach: os.chat.detach.handler(({ input }) => {
      for (const [threadId, held] of attachments)
        attachments.set(
          threadId,
          held.filter((attachment) => attachment.id !== input.id),
        );
      return {};
    }),
    context: os.chat.context.handler(({ input }): Context => {
      const held = attachments.get(input.thread ?? "") ?? [];
      const said = threads.get(input.thread ?? "") ?? [];
      const isSearched = (input.collections ?? []).length > 0 || held.some(({ name }) => name.includes("long"));
      const words = (text: string) => text.split(/\s+/).filter(Boolean).length;
      const history = said.reduce((sum, { text }) => sum + words(text), 0);
      return {
        model: "local:qwen2.5-coder-1.5b-instruct",
        contextTokens: settings.get(input.thread ?? "")?.contextTokens ?? 4096,
        counted: said.length > 0 ? "tokenizer" : "estimate",
        parts: [
          { kind: "system", title: isSearched ? "Rules of answering from sources" : "System prompt", tokens: isSearched ? 96 : 22 },
          ...held.map((attachment) => ({
            kind: "attachment" as const,
            title: attachment.name,
            tokens: isSearched ? 0 : 912,
            ...(isSearched ? { searched: true } : {}),
            attachment,
          })),
          ...(isSearched
            ? [{ kind: "sources" as const, title: "Passages that fit the question, at most", tokens: 90, searched: true }]
            : []),
          ...(history > 0 ? [{ kind: "history" as const, title: "Conversation", tokens: history }] : []),
          ...(input.question === "" ? [] : [{ kind: "question" as const, title: "Question", tokens: words(input.question) + 4 }]),
          ...(isSearched ? [] : [{ kind: "answer" as const, title: "Kept for the answer", tokens: 768 }]),
        ],
      };
    }),
    getDraft: os.chat.getDraft.handler(({ input }) => ({ text: drafts.get(input.thread) ?? "" })),
    saveDraft: os.chat.saveDraft.handler(({ input }) => (drafts.set(input.thread, input.text), {})),
  };

  /** A conversation of so many messages that was there before. */
  function seed(title: string, messages: number, textOf: (n: number) => string): string {
    const threadId = begin();
    titles.set(threadId, title);
    let parent: string | null = null;
    threads.set(
      threadId,
      Array.from({ length: messages }, (_, n): Message => {
        const message: Message = {
          id: id(1_000_000 + n),
          parent,
          role: n % 2 === 0 ? "user" : "assistant",
          text: textOf(n),
          state: "complete",
          createdAt: now,
        };
        parent = message.id;
        return message;
      }),
    );
    leaves.set(threadId, id(1_000_000 + messages - 1));
    return threadId;
  }
  return { routes, threads, asked, replies, drafts, settings, attachments, presets, seed };
}
