import { os } from "../../core/implementer.ts";
import { createAsk } from "./ask.ts";
import { toMarkdown } from "./export-thread.ts";
import type { AskDeps } from "./turn.ts";

export { createThreadStore } from "./thread-store.ts";

/** Conversations: the handlers of `chat.*`, and the end of every answer under way. */
export function createChat(deps: AskDeps) {
  const { threads } = deps;
  const { ask, close } = createAsk(deps);
  const routes = {
    ask: os.chat.ask.handler(({ input, signal }) => ask(input, signal)),
    listThreads: os.chat.listThreads.handler(({ input }) => threads.list(input.limit, input.before)),
    getThread: os.chat.getThread.handler(({ input }) => ({ thread: threads.get(input.id), messages: threads.messages(input.id) })),
    renameThread: os.chat.renameThread.handler(({ input }) => threads.rename(input.id, input.title)),
    selectLeaf: os.chat.selectLeaf.handler(({ input }) => threads.selectLeaf(input.id, input.leaf)),
    removeThread: os.chat.removeThread.handler(({ input }) => {
      threads.remove(input.id);
      return {};
    }),
    exportThread: os.chat.exportThread.handler(({ input }) => {
      const thread = threads.get(input.id);
      if (input.format === "json") return { text: JSON.stringify({ thread, messages: threads.messages(input.id) }, null, 2) };
      return { text: toMarkdown(thread, threads.path(thread.id, thread.leaf)) };
    }),
  };
  return { routes, close };
}
