import type { Message, Thread } from "../../../shared/contract/chat.ts";
import type { Ask } from "./ask-state.ts";
import { announce, isRunning } from "./ask-state.ts";
import { ChatEmpty } from "./chat-empty.tsx";
import { Composer } from "./composer.tsx";
import { shownThread } from "./thread-path.ts";
import { NewThreadHeader, ThreadHeader } from "./thread-header.tsx";
import { Transcript } from "./transcript.tsx";
import { useAsks } from "./use-asks.ts";
import { useChosenCollections } from "./use-chosen-collections.ts";
import { useStopKeys } from "./use-stop-keys.ts";
import { useTurns } from "./use-turns.ts";

export type ChatViewProps = { threadKey: string; thread?: Thread; messages?: Message[]; ask: Ask | undefined };

const none: Message[] = [];

/** One conversation: what was said, what is being said, and the place to ask. */
export function ChatView({ threadKey, thread, messages = none, ask }: ChatViewProps) {
  const asks = useAsks();
  const chosen = useChosenCollections(thread);
  const running = ask !== undefined && isRunning(ask);
  const { path, live } = shownThread(messages, thread?.leaf, ask);
  // The next question answers to what stands last on the screen, whatever core was told meanwhile.
  const end = live?.message ?? path.at(-1)?.id;
  const turns = useTurns({ threadKey, thread, messages, end, chosen, busy: running });
  useStopKeys(running, () => asks.stop(threadKey));

  return (
    <>
      <p role="status" className="sr-only">
        {announce(ask)}
      </p>
      {thread ? <ThreadHeader thread={thread} /> : <NewThreadHeader />}
      {path.length === 0 && !live ? (
        <ChatEmpty collections={chosen.collections} onAsk={turns.ask} />
      ) : (
        <Transcript path={path} live={live} turns={turns} />
      )}
      <Composer threadKey={threadKey} chosen={chosen} running={running} onSend={turns.ask} onStop={() => asks.stop(threadKey)} />
    </>
  );
}
