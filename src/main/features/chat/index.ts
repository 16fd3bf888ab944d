import { os } from "../../core/implementer.ts";
import type { Logger } from "../../core/logger.ts";
import type { Truth } from "../../db/truth.ts";
import type { ThreadFiles } from "../knowledge/index.ts";
import { createAsk } from "./ask.ts";
import { createAttach, type AttachDeps } from "./attachments/attach.ts";
import { createAttachmentStore } from "./attachments/attachment-store.ts";
import { contextOf } from "./prompt/context.ts";
import { createDraftStore } from "./threads/draft-store.ts";
import { toMarkdown } from "./threads/export-thread.ts";
import { createPathStore } from "./threads/path-store.ts";
import { createPresetStore } from "./threads/preset-store.ts";
import { createSpokenStore } from "./threads/spoken-store.ts";
import type { ThreadStore } from "./threads/thread-store.ts";
import { createTitler } from "./threads/titler.ts";
import { createTokenCounter } from "./prompt/token-counter.ts";
import { createToldHistory } from "./prompt/told-history.ts";
import { createTraceStore } from "./threads/trace-store.ts";
import type { AskDeps } from "./turn.ts";
import { createUploads } from "./attachments/uploads.ts";

export { answerRules } from "./prompt/prompt.ts";
export { createThreadStore } from "./threads/thread-store.ts";

export type ChatOptions = Omit<AskDeps, "attachments" | "counter" | "preset" | "threads" | "told"> & {
  threads: ThreadStore;
  truth: Truth;
  files: ThreadFiles;
  read: AttachDeps["read"];
  /** Where files lie that came over the wire. */
  uploadFolder: string;
  /** Conversations are named by the model when nothing else is asked of it; by rule alone in a single command. */
  namesByModel: boolean;
  log: Logger;
};

/** Conversations: the handlers of `chat.*`, and the end of every answer under way. */
export function createChat({ truth, files, read, uploadFolder, namesByModel, log, ...options }: ChatOptions) {
  const { threads } = options;
  const paths = createPathStore(truth, threads);
  const spoken = createSpokenStore(truth);
  const presets = createPresetStore(truth);
  const drafts = createDraftStore(truth);
  const traces = createTraceStore(truth, options.text);
  const attachments = createAttachmentStore(truth);
  const uploads = createUploads(uploadFolder);
  const attach = createAttach({ attachments, uploads, files, read });
  const titler = createTitler({ threads, chatModel: options.chatModel, log });
  const deps = {
    ...options,
    attachments,
    counter: createTokenCounter(),
    told: createToldHistory(),
    preset: presets.get,
    attachmentsReady: files.settled,
    saveTrace: traces.save,
    log,
    onAnswered: (thread: string) => (namesByModel ? titler.answered(thread) : undefined),
  };
  const { ask, stopThread, close } = createAsk(deps);

  const routes = {
    ask: os.chat.ask.handler(({ input, signal }) => {
      titler.yield();
      return ask(input, signal);
    }),
    listThreads: os.chat.listThreads.handler(({ input }) => threads.list(input.limit, input.before)),
    getThread: os.chat.getThread.handler(({ input }) => ({ thread: threads.get(input.id), messages: threads.messages(input.id) })),
    createThread: os.chat.createThread.handler(({ input }) => threads.create(options.collectionIds(input.collections), input.settings)),
    getPath: os.chat.getPath.handler(({ input: { id, ...window } }) => paths.window(id, window)),
    setThread: os.chat.setThread.handler(({ input }) => threads.setSettings(input.id, input.settings)),
    renameThread: os.chat.renameThread.handler(({ input }) => threads.rename(input.id, input.title, "person")),
    selectLeaf: os.chat.selectLeaf.handler(({ input: { id, leaf, follow } }) =>
      threads.selectLeaf(id, leaf, follow ? (from) => paths.newestLeaf(id, from) : undefined),
    ),
    forkThread: os.chat.forkThread.handler(({ input }) => {
      const copy = paths.fork(input.id, input.message);
      attach.copy(input.id, copy);
      return threads.get(copy);
    }),
    removeThread: os.chat.removeThread.handler(async ({ input }) => {
      const { id } = threads.get(input.id);
      await stopThread(id);
      await attach.removeAll(id);
      threads.remove(id);
      return {};
    }),
    exportThread: os.chat.exportThread.handler(({ input }) => {
      const thread = threads.get(input.id);
      if (input.format === "json") return { text: JSON.stringify({ thread, messages: threads.messages(input.id) }, null, 2) };
      return { text: toMarkdown(thread, threads.path(thread.id, thread.leaf)) };
    }),
    searchThreads: os.chat.searchThreads.handler(({ input }) => spoken.search(input.query, input.thread, input.limit)),
    trace: os.chat.trace.handler(({ input }) => traces.get(input.message)),

    listPresets: os.chat.listPresets.handler(() => presets.list()),
    savePreset: os.chat.savePreset.handler(({ input }) => presets.save(input.name, input.settings)),
    removePreset: os.chat.removePreset.handler(({ input }) => {
      presets.remove(input.id);
      return {};
    }),

    uploadPart: os.chat.uploadPart.handler(({ input }) => uploads.append(input.upload, input.data)),
    attach: os.chat.attach.handler(({ input: { thread, ...file }, signal }) =>
      attach.add(threads.get(thread), file, signal ?? new AbortController().signal),
    ),
    detach: os.chat.detach.handler(async ({ input }) => {
      await attach.remove(input.id);
      return {};
    }),
    context: os.chat.context.handler(({ input, signal }) => contextOf(deps, input, signal ?? new AbortController().signal)),

    getDraft: os.chat.getDraft.handler(({ input }) => ({ text: drafts.get(input.thread) })),
    saveDraft: os.chat.saveDraft.handler(({ input }) => {
      drafts.save(input.thread, input.text);
      return {};
    }),
  };
  return {
    routes,
    async close(): Promise<void> {
      await Promise.all([close(), titler.close()]);
    },
  };
}
