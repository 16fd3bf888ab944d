import { useEffect } from "react";
import { useNavigate, useParams } from "react-router";
import { ErrorNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { ReaderPanel } from "../reader/reader-panel.tsx";
import { newThread } from "./asking/asks.ts";
import { ChatView } from "./chat-view.tsx";
import { messages } from "./messages.ts";
import { ThreadList } from "./threads/thread-list.tsx";
import { useAsk, useAsks } from "./asking/use-asks.ts";
import { useGoTo } from "./transcript/use-go-to.ts";
import { type Path, usePath } from "./threads/use-path.ts";

/** Conversations: the list, the one that is open, and the reader for its sources. */
export function ChatPage() {
  const say = useWords(messages);
  const { thread: id } = useParams();
  const asks = useAsks();
  const navigate = useNavigate();

  // A question asked in the empty chat becomes a thread when its sources arrive; the address follows it there.
  useEffect(
    () => (id === undefined ? asks.onThread((thread) => void navigate(`/chat/${thread}`, { replace: true })) : undefined),
    [asks, id, navigate],
  );

  return (
    <>
      <ThreadList />
      <main data-region tabIndex={-1} aria-label={say("conversation")} className="flex min-w-0 flex-1">
        {id === undefined ? <NewThread /> : <OpenThread key={id} id={id} />}
      </main>
      <ReaderPanel />
    </>
  );
}

const nothing: Path = { data: undefined, error: null, retry: () => {}, cover: () => {} };

function NewThread() {
  const ask = useAsk(newThread);
  return <ChatView threadKey={newThread} path={nothing} ask={ask} goTo={undefined} />;
}

function OpenThread({ id }: { id: string }) {
  const say = useWords(messages);
  const ask = useAsk(id);
  const path = usePath(id);
  const goTo = useGoTo(id, path);
  if (path.data || ask) return <ChatView threadKey={id} path={path} ask={ask} goTo={goTo} />;
  if (!path.error) return <SkeletonRows rows={10} label={say("loadingTheConversation")} />;
  return (
    <div className="flex-1 p-4">
      <ErrorNotice error={path.error} onRetry={path.retry} />
    </div>
  );
}
