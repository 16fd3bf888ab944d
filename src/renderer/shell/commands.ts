import { useEffect, useMemo } from "react";
import { useNavigate } from "react-router";
import { themes, useAppearance } from "../view/appearance-store.ts";
import { useLayout, useOverlay } from "../view/layout-store.ts";
import { isTyping, matchesKeys } from "./keys.ts";
import { focusNextRegion } from "./regions.ts";
import { workspaces } from "./workspaces.ts";

/** Everything the keyboard can do anywhere; palette, shortcut list and key handler all read this one list. */
export type Command = { id: string; title: string; group: string; keys?: string; run(): void };

/** The commands of the frame. */
export function useCommands(): Command[] {
  const navigate = useNavigate();
  const show = useOverlay((overlay) => overlay.show);
  return useMemo(() => {
    const goTo = workspaces.map(({ id, title }, index) => ({
      id: `go.${id}`,
      title: `Go to ${title}`,
      group: "Go to",
      keys: `Mod+${index + 1}`,
      run: () => void navigate(`/${id}`),
    }));
    const appearance = themes.map((theme) => ({
      id: `theme.${theme}`,
      title: `Theme: ${theme === "auto" ? "follow the system" : theme === "contrast" ? "high contrast" : theme}`,
      group: "Appearance",
      run: () => useAppearance.getState().setTheme(theme),
    }));
    return [
      { id: "palette", title: "All commands", group: "Window", keys: "Mod+K", run: () => show("palette") },
      ...goTo,
      { id: "chat.new", title: "New conversation", group: "Chat", keys: "Mod+N", run: () => void navigate("/chat") },
      { id: "list", title: "Show or hide the list", group: "Window", keys: "Mod+B", run: () => useLayout.getState().toggleList() },
      { id: "rail", title: "Widen or narrow the rail", group: "Window", run: () => useLayout.getState().toggleRail() },
      { id: "jobs", title: "Jobs", group: "Window", keys: "Mod+J", run: () => show("jobs") },
      { id: "settings", title: "Settings", group: "Window", keys: "Mod+,", run: () => void navigate("/settings") },
      { id: "region", title: "Next region", group: "Window", keys: "F6", run: () => focusNextRegion(document) },
      { id: "shortcuts", title: "Keyboard shortcuts", group: "Window", keys: "?", run: () => show("shortcuts") },
      ...appearance,
    ];
  }, [navigate, show]);
}

/** Runs commands by their keys, for as long as the component lives. */
export function useCommandKeys(commands: readonly Command[]): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const command = commands.find(({ keys }) => keys !== undefined && matchesKeys(event, keys));
      if (!command || (command.keys?.length === 1 && isTyping(event.target))) return;
      event.preventDefault();
      command.run();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [commands]);
}
