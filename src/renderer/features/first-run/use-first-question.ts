import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useChatView } from "../../view/chat-store.ts";
import { useAsks } from "../chat/asking/use-asks.ts";

export type FirstQuestionOptions = {
  collection: string | undefined;
  /** The documents can be asked now. */
  isRead: boolean;
  /** No model writes here: the best sentence is the answer. */
  instant: boolean;
};

/** The first question: held until its documents are read, then asked in a conversation of its own. */
export function useFirstQuestion({ collection, isRead, instant }: FirstQuestionOptions) {
  const asks = useAsks();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [waits, setWaits] = useState(false);
  const asked = useRef(false);

  useEffect(() => {
    if (!waits || !isRead || collection === undefined || asked.current) return;
    asked.current = true;
    const view = useChatView.getState();
    view.setCollections([collection]);
    if (instant) view.setEffort("instant");
    // The address follows the conversation as soon as it has one; without one the chat says what went wrong.
    let place = "/chat";
    const follow = asks.onThread((thread) => {
      place = `/chat/${thread}`;
      void navigate(place);
    });
    void asks.start({ question: text.trim(), collections: [collection], ...(instant ? { effort: "instant" } : {}) }).then(() => {
      follow();
      if (place === "/chat") void navigate(place);
    });
  }, [waits, isRead, collection, instant, text, asks, navigate]);

  return { text, setText, waits, ask: () => setWaits(text.trim() !== "" && collection !== undefined) };
}
