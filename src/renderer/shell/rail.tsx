import { Tooltip } from "@base-ui/react/tooltip";
import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { NavLink } from "react-router";
import { IconButton } from "../components/icon-button.tsx";
import { tooltipPopup } from "../components/tooltip.tsx";
import { useWords } from "../i18n/use-words.ts";
import { useLayout } from "../view/layout-store.ts";
import { messages } from "./messages.ts";
import type { Workspace } from "./workspaces.ts";
import { workspaces } from "./workspaces.ts";

/** The way between workspaces: icons, or icons with their names. */
export function Rail() {
  const say = useWords(messages);
  const { railWide, toggleRail } = useLayout();
  return (
    <nav
      data-region
      tabIndex={-1}
      aria-label={say("workspaces")}
      className={`flex shrink-0 flex-col border-e border-line bg-bg1 p-2 ${railWide ? "w-50" : "w-12"}`}
    >
      <ul className="flex flex-1 flex-col gap-1">
        {workspaces.map((workspace, index) => (
          <li
            key={workspace.id}
            className={index > 0 && workspaces[index - 1]?.group !== workspace.group ? "mt-2 border-t border-line pt-2" : undefined}
          >
            <RailLink workspace={workspace} keys={`Mod+${index + 1}`} wide={railWide} />
          </li>
        ))}
      </ul>
      <IconButton
        className="size-8"
        icon={railWide ? PanelLeftClose : PanelLeftOpen}
        label={say(railWide ? "narrowRail" : "widenRail")}
        onClick={toggleRail}
      />
    </nav>
  );
}

function RailLink({ workspace: { id, icon: Icon }, keys, wide }: { workspace: Workspace; keys: string; wide: boolean }) {
  const title = useWords(messages)(id);
  const link = (
    <NavLink
      to={`/${id}`}
      aria-label={title}
      className={({ isActive }) =>
        `label flex h-8 items-center gap-2.5 rounded-input px-2 ${isActive ? "bg-bg3 text-fg" : "text-fg2 hover:bg-bg3 hover:text-fg"}`
      }
    >
      <Icon aria-hidden size={16} strokeWidth={1.5} className="shrink-0" />
      {wide && title}
    </NavLink>
  );
  if (wide) return link;
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={link} />
      {tooltipPopup(title, keys, "right")}
    </Tooltip.Root>
  );
}
