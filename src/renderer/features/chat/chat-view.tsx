import { useCallback, useState } from "react";
import type { PathWindow } from "../../../shared/contract/chat.ts";
import { ErrorNotice } from "../../components/notice.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { useReader } from "../../view/reader-store.ts";
import { useChatView } from "../../view/chat-store.ts";
import type { Ask } from "./asking/ask-state.ts";
import { announce, isRunning } from "./asking/ask-state.ts";
import { ChatEmpty } from "./chat-empty.tsx";
import { Composer } from "./composer/composer.tsx";
import { FindBar } from "./transcript/find-bar.tsx";
import { messages } from "./messages.ts";
import { shownThread } from "./threads/thread-path.ts";
import { NewThreadHeader, ThreadHeader } from "./threads/thread-header.tsx";
import { ThreadSettingsPanel } from "./threads/thread-settings-panel.tsx";
import { Transcript } from "./transcript/transcript.tsx";
import { useAsks } from "./asking/use-asks.ts";
import { useAttach } from "./composer/use-attach.ts";
import { useChosenCollections } from "./composer/use-chosen-collections.ts";
import { useDropFiles } from "./composer/use-drop-files.ts";
import { useFindKeys, useStopKeys } from "./composer/use-stop-keys.ts";
import type { Path } from "./threads/use-path.ts";
import { useTurns } from "./transcript/use-turns.ts";

export type ChatViewProps = { threadKey: string; path: Path; ask: Ask | undefined; goTo: { index: number; id: string } | undefined };

/** One conversation: what was said, what is being said, and the place to ask. */
export function ChatView({ threadKey, path, ask, goTo }: ChatViewProps) {
  const say = useWords(messages);
  const asks = useAsks();
  const thread = path.data?.thread;
  const chosen = useChosenCollections(thread);
  const running = ask !== undefined && isRunning(ask);
  const { length, live } = shownThread(path.data, ask);
  // The next question answers to what stands last on the screen, whatever core was told meanwhile.
  const end = live?.message ?? idAt(path.data, length - 1) ?? (length > 0 ? (thread?.leaf ?? undefined) : undefined);
  const turns = useTurns({ threadKey, thread, path: path.data, end, chosen, busy: running });
  const attach = useAttach(threadKey, chosen);
  const drop = useDropFiles(attach.add);
  const [finding, setFinding] = useState(false);
  const openFind = useCallback(() => setFinding(true), []);
  const settingsOpen = useChatView((view) => view.settingsOpen);
  const reading = useReader(({ evidence }) => evidence.length > 0);
  useStopKeys(running, () => asks.stop(threadKey));
  useFindKeys(thread !== undefined, openFind);

  return (
    <>
      <div className="relative flex min-h-0 min-w-0 flex-1 flex-col" {...drop.handlers}>
        <p role="status" className="sr-only">
          {announce(ask, say)}
        </p>
        {thread ? <ThreadHeader thread={thread} onFind={openFind} /> : <NewThreadHeader />}
        {finding && thread && <FindBar thread={thread.id} onClose={() => setFinding(false)} />}
        {turns.problem && (
          <div className="p-4 pb-0">
            <ErrorNotice error={turns.problem} />
          </div>
        )}
        {length === 0 && !live ? (
          <ChatEmpty collections={chosen.collections} onAsk={turns.ask} />
        ) : (
          <Transcript path={path} length={length} live={live} turns={turns} goTo={goTo} />
        )}
        <Composer
          threadKey={threadKey}
          end={end}
          chosen={chosen}
          attach={attach}
          running={running}
          onSend={turns.ask}
          onStop={() => asks.stop(threadKey)}
        />
        {drop.isOver && (
          <p className="pointer-events-none absolute inset-2 z-20 flex items-center justify-center rounded-panel border-2 border-dashed border-accent bg-bg0/90 text-16">
            {say("dropFilesAttach")}
          </p>
        )}
      </div>
      {settingsOpen && !reading && <ThreadSettingsPanel key={threadKey} threadKey={threadKey} thread={thread} chosen={chosen} />}
    </>
  );
}

const idAt = (path: PathWindow | undefined, index: number): string | undefined => path?.messages[index - path.start]?.id;
