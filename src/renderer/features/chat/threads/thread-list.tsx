import { useQuery } from "@tanstack/react-query";
import { SquarePen } from "lucide-react";
import { useRef, useState } from "react";
import { NavLink, useNavigate } from "react-router";
import { useCroft } from "../../../api/use-croft.ts";
import { TextField } from "../../../components/field.tsx";
import { IconButton } from "../../../components/icon-button.tsx";
import { ErrorNotice } from "../../../components/notice.tsx";
import { SideList } from "../../../components/side-list.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { formatTime } from "../../../components/format.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { useUndo } from "../../../view/undo-store.ts";
import { messages } from "../messages.ts";
import { ThreadHits } from "./thread-hits.tsx";

/** Conversations, the last used first; or those that hold the words in the search field. */
export function ThreadList() {
  const say = useWords(messages);
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const holder = useRef<HTMLDivElement>(null);
  return (
    <SideList
      title={say("conversations")}
      action={<IconButton icon={SquarePen} label={say("newConversation")} keys="Mod+N" onClick={() => void navigate("/chat")} />}
    >
      <div ref={holder} role="search" aria-label={say("allConversations")} className="px-2 pt-1 pb-2">
        <TextField
          type="search"
          label={say("searchAllConversations")}
          placeholder={say("search")}
          maxLength={400}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape" && query !== "") setQuery("");
            else if (event.key === "ArrowDown") holder.current?.parentElement?.querySelector<HTMLElement>("li a")?.focus();
            else return;
            event.preventDefault();
          }}
        />
      </div>
      {query.trim() === "" ? <Threads /> : <ThreadHits query={query.trim()} />}
    </SideList>
  );
}

function Threads() {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const hidden = useUndo((undo) => undo.hidden);
  const { data, error, refetch } = useQuery(orpc.chat.listThreads.queryOptions({ input: { limit: 200 } }));
  const threads = data?.filter(({ id }) => !hidden.includes(id));
  return (
    <>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={6} label={say("loadingConversations")} />}
      {threads?.length === 0 && <p className="px-4 py-2 text-fg3">{say("noneYet")}</p>}
      <ul>
        {threads?.map(({ id, title, updatedAt }) => (
          <li key={id} className="px-2">
            <NavLink
              to={`/chat/${id}`}
              title={`${title}, ${formatTime(updatedAt)}`}
              className={({ isActive }) => `flex h-8 items-center rounded-input px-2 ${isActive ? "bg-bg3" : "hover:bg-bg3"}`}
            >
              <span dir="auto" className="flex-1 truncate">
                {title}
              </span>
            </NavLink>
          </li>
        ))}
      </ul>
    </>
  );
}
