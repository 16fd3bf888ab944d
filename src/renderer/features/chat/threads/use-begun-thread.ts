import { useNavigate } from "react-router";
import { useCroft } from "../../../api/use-croft.ts";
import { useChatView } from "../../../view/chat-store.ts";
import { newThread } from "../asking/asks.ts";
import type { ChosenCollections } from "../composer/use-chosen-collections.ts";

/** For what belongs to a conversation before anything was asked in it: a file, a setting. */
export function useBegunThread(threadKey: string, chosen: ChosenCollections) {
  const { client } = useCroft();
  const navigate = useNavigate();
  return {
    /** The id of the thread; a new one is made, and the draft goes with it. */
    async ensure(): Promise<string> {
      if (threadKey !== newThread) return threadKey;
      const { id } = await client.chat.createThread({ collections: chosen.collections.map((collection) => collection.id) });
      const { drafts, setDraft } = useChatView.getState();
      const text = drafts[newThread] ?? "";
      setDraft(id, text);
      setDraft(newThread, "");
      await Promise.all([client.chat.saveDraft({ thread: id, text }), client.chat.saveDraft({ thread: newThread, text: "" })]);
      return id;
    },
    show(id: string): void {
      if (threadKey === newThread) void navigate(`/chat/${id}`, { replace: true });
    },
  };
}
