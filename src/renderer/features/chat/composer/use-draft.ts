import { useEffect, useRef } from "react";
import { useCroft } from "../../../api/use-croft.ts";
import { useChatView } from "../../../view/chat-store.ts";

/** The window's own memory is written seconds late; core's is written at once, and read where the window has none. */
const saveAfterMs = 300;

/** What is typed and not sent in a conversation. It survives a crash of the window, and of Croft. */
export function useDraft(threadKey: string): [string, (text: string) => void] {
  const { client } = useCroft();
  const draft = useChatView(({ drafts }) => drafts[threadKey] ?? "");
  const setDraft = useChatView((view) => view.setDraft);
  const touched = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    touched.current = false;
    if (useChatView.getState().drafts[threadKey]) return;
    void client.chat.getDraft({ thread: threadKey }).then(
      ({ text }) => {
        if (text && !touched.current) setDraft(threadKey, text);
      },
      () => undefined,
    );
  }, [client, threadKey, setDraft]);

  const change = (text: string) => {
    touched.current = true;
    setDraft(threadKey, text);
    clearTimeout(timer.current);
    // As it is by then: the text may have gone to another conversation, or been sent.
    const latest = () => useChatView.getState().drafts[threadKey] ?? "";
    const save = () => void client.chat.saveDraft({ thread: threadKey, text: latest() }).catch(() => undefined);
    // What was sent is gone at once: a draft of it must not come back.
    if (text === "") save();
    else timer.current = setTimeout(save, saveAfterMs);
  };
  return [draft, change];
}
