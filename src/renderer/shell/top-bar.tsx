import { Search } from "lucide-react";
import { useLocation } from "react-router";
import { useWords } from "../i18n/use-words.ts";
import { useOverlay } from "../view/layout-store.ts";
import { showKeys } from "./keys.ts";
import { messages } from "./messages.ts";
import { workspaceOf } from "./workspaces.ts";

/** The top of the frame: where one is, and the field that leads everywhere. */
export function TopBar() {
  const say = useWords(messages);
  const show = useOverlay((overlay) => overlay.show);
  const workspace = workspaceOf(useLocation().pathname);
  return (
    <div role="banner" className="flex h-10 shrink-0 items-center gap-3 border-b border-line bg-bg1 px-4">
      <span className="label text-fg2">Croft</span>
      <span aria-hidden className="text-fg3">
        /
      </span>
      <span className="label">{say(workspace?.id ?? "welcome")}</span>
      <button
        type="button"
        onClick={() => show("palette")}
        className="ms-auto flex h-7 w-64 items-center gap-2 rounded-input border border-control bg-bg2 px-2 text-fg3 hover:text-fg2"
      >
        <Search aria-hidden size={14} strokeWidth={1.5} />
        <span className="flex-1 text-start">{say("goOrDo")}</span>
        <kbd className="text-11">{showKeys("Mod+K")}</kbd>
      </button>
    </div>
  );
}
