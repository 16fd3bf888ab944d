import { Ellipsis, Pencil, Search, SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import type { Thread } from "../../../../shared/contract/chat.ts";
import { ActionMenu } from "../../../components/action-menu.tsx";
import { IconButton } from "../../../components/icon-button.tsx";
import { useChatView } from "../../../view/chat-store.ts";
import { ErrorNotice } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { ThreadTitleField } from "./thread-title-field.tsx";
import { useThreadActions } from "./use-thread-actions.ts";

const header = "flex h-12 shrink-0 items-center gap-2 border-b border-line pe-2 ps-4";

/** Keeps the place of the name until there is one, so that nothing moves when it comes. */
export function NewThreadHeader() {
  const say = useWords(messages);
  return (
    <header className={header}>
      <h1 className="flex-1 font-title text-fg2">{say("newConversation")}</h1>
      <SettingsButton />
    </header>
  );
}

/** The name of a conversation, and what can be done with the whole of it. */
export function ThreadHeader({ thread, onFind }: { thread: Thread; onFind(): void }) {
  const say = useWords(messages);
  const [renaming, setRenaming] = useState(false);
  const { actions, rename, problem } = useThreadActions(thread);
  return (
    <>
      <header className={header}>
        {renaming ? (
          <ThreadTitleField
            title={thread.title}
            onDone={(title) => {
              setRenaming(false);
              if (title) rename(title);
            }}
          />
        ) : (
          <>
            <h1 dir="auto" className="min-w-0 truncate font-title" title={thread.title}>
              {thread.title}
            </h1>
            <IconButton icon={Pencil} label={say("renameTheConversation")} onClick={() => setRenaming(true)} />
          </>
        )}
        <span className="tnum ms-auto shrink-0 text-fg3">{say("messageCount", { count: thread.messages })}</span>
        <IconButton icon={Search} label={say("findConversation")} keys="Mod+F" onClick={onFind} />
        <SettingsButton />
        <ActionMenu icon={Ellipsis} label={say("moreAboutConversation")} actions={actions} />
      </header>
      {problem && (
        <div className="p-4 pb-0">
          <ErrorNotice error={problem} />
        </div>
      )}
    </>
  );
}

function SettingsButton() {
  const say = useWords(messages);
  const { settingsOpen, toggleSettings } = useChatView((view) => view);
  return (
    <IconButton
      icon={SlidersHorizontal}
      label={say("howConversationAnswered")}
      aria-pressed={settingsOpen}
      className="aria-pressed:bg-bg3 aria-pressed:text-fg"
      onClick={toggleSettings}
    />
  );
}
