import { useQuery } from "@tanstack/react-query";
import { SquarePen } from "lucide-react";
import { NavLink, useNavigate } from "react-router";
import { useCroft } from "../../api/use-croft.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { SideList } from "../../components/side-list.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { formatTime } from "../../components/format.ts";
import { useUndo } from "../../view/undo-store.ts";

/** Conversations, the last used first. */
export function ThreadList() {
  const { orpc } = useCroft();
  const navigate = useNavigate();
  const hidden = useUndo((undo) => undo.hidden);
  const { data, error, refetch } = useQuery(orpc.chat.listThreads.queryOptions({ input: { limit: 200 } }));
  const threads = data?.filter(({ id }) => !hidden.includes(id));
  return (
    <SideList
      title="Conversations"
      action={<IconButton icon={SquarePen} label="New conversation" keys="Mod+N" onClick={() => void navigate("/chat")} />}
    >
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={6} label="Loading conversations" />}
      {threads?.length === 0 && <p className="px-4 py-2 text-fg3">None yet.</p>}
      <ul>
        {threads?.map(({ id, title, updatedAt }) => (
          <li key={id} className="px-2">
            <NavLink
              to={`/chat/${id}`}
              title={`${title}, ${formatTime(updatedAt)}`}
              className={({ isActive }) => `flex h-8 items-center rounded-input px-2 ${isActive ? "bg-bg3" : "hover:bg-bg3"}`}
            >
              <span className="truncate">{title}</span>
            </NavLink>
          </li>
        ))}
      </ul>
    </SideList>
  );
}
