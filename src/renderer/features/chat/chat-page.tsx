import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useNavigate, useParams } from "react-router";
import { useCroft } from "../../api/use-croft.ts";
import { ErrorNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { ReaderPanel } from "../reader/reader-panel.tsx";
import { newThread } from "./asks.ts";
import { ChatView } from "./chat-view.tsx";
import { ThreadList } from "./thread-list.tsx";
import { useAsk, useAsks } from "./use-asks.ts";

/** Conversations: the list, the one that is open, and the reader for its sources. */
export function ChatPage() {
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
      <main data-region tabIndex={-1} aria-label="Conversation" className="flex min-w-0 flex-1 flex-col">
        {id === undefined ? <NewThread /> : <OpenThread key={id} id={id} />}
      </main>
      <ReaderPanel />
    </>
  );
}

function NewThread() {
  const ask = useAsk(newThread);
  return <ChatView threadKey={newThread} ask={ask} />;
}

function OpenThread({ id }: { id: string }) {
  const { orpc } = useCroft();
  const ask = useAsk(id);
  const { data, error, refetch } = useQuery(orpc.chat.getThread.queryOptions({ input: { id } }));
  if (data) return <ChatView threadKey={id} thread={data.thread} messages={data.messages} ask={ask} />;
  if (ask) return <ChatView threadKey={id} ask={ask} />;
  if (!error) return <SkeletonRows rows={10} label="Loading the conversation" />;
  return (
    <div className="p-4">
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    </div>
  );
}
