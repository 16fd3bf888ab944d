import type { Message, Thread } from "../../../shared/contract/chat.ts";
import type { Ask } from "./ask-state.ts";
import { announce, isRunning } from "./ask-state.ts";
import { newThread } from "./asks.ts";
import { ChatEmpty } from "./chat-empty.tsx";
import { Composer } from "./composer.tsx";
import { beforeAsk, pathTo } from "./thread-path.ts";
import { Transcript } from "./transcript.tsx";
import { useAsks } from "./use-asks.ts";
import { useChosenCollections } from "./use-chosen-collections.ts";
import { useStopKeys } from "./use-stop-keys.ts";

export type ChatViewProps = { threadKey: string; thread?: Thread; messages?: Message[]; ask: Ask | undefined };

/** One conversation: what was said, what is being said, and the place to ask. */
export function ChatView({ threadKey, thread, messages = [], ask }: ChatViewProps) {
  const asks = useAsks();
  const chosen = useChosenCollections(thread);
  const running = ask !== undefined && isRunning(ask);
  const stored = pathTo(messages, thread?.leaf);
  // Once core has stored the answer whole, the stored one is shown; until then the one under way.
  const settled = ask?.message !== undefined && messages.some(({ id, state }) => id === ask.message && state !== "streaming");
  const live = ask && (running || !settled) ? ask : undefined;
  const path = live ? beforeAsk(stored, live) : stored;

  const send = (question: string) => {
    void asks.start({
      question,
      collections: chosen.collections.map(({ id }) => id),
      ...(threadKey === newThread ? {} : { thread: threadKey }),
      ...(chosen.effort ? { effort: chosen.effort } : {}),
    });
  };
  useStopKeys(running, () => asks.stop(threadKey));

  return (
    <>
      <p role="status" className="sr-only">
        {announce(ask)}
      </p>
      {path.length === 0 && !live ? (
        <ChatEmpty collections={chosen.collections} onAsk={send} />
      ) : (
        <Transcript title={thread?.title} path={path} live={live} />
      )}
      <Composer threadKey={threadKey} chosen={chosen} running={running} onSend={send} onStop={() => asks.stop(threadKey)} />
    </>
  );
}
