import { useMemo } from "react";
import { useNavigate } from "react-router";
import { densities, themes, useAppearance } from "../view/appearance-store.ts";
import { useLayout, useOverlay } from "../view/layout-store.ts";
import { useWords } from "../i18n/use-words.ts";
import { isTyping, matchesKeys } from "./keys.ts";
import { messages } from "./messages.ts";
import { focusNextRegion } from "./regions.ts";
import { useWindowKeys } from "./use-window-keys.ts";
import { workspaces } from "./workspaces.ts";

/** Everything the keyboard can do anywhere; palette, shortcut list and key handler all read this one list. */
export type Command = { id: string; title: string; group: string; keys?: string; run(): void };

/** The commands of the frame. */
export function useCommands(): Command[] {
  const navigate = useNavigate();
  const show = useOverlay((overlay) => overlay.show);
  const say = useWords(messages);
  return useMemo(() => {
    const goTo = workspaces.map(({ id }, index) => ({
      id: `go.${id}`,
      title: say("goTo", { place: say(id) }),
      group: say("groupGo"),
      keys: `Mod+${index + 1}`,
      run: () => void navigate(`/${id}`),
    }));
    const appearance = themes.map((theme) => ({
      id: `theme.${theme}`,
      title: say("themeIs", { theme: say(`theme.${theme}`) }),
      group: say("groupLook"),
      run: () => useAppearance.getState().setTheme(theme),
    }));
    const density = densities.map((one) => ({
      id: `density.${one}`,
      title: say("densityIs", { density: say(`density.${one}`) }),
      group: say("groupLook"),
      run: () => useAppearance.getState().setLook({ density: one }),
    }));
    const [window, chat] = [say("groupWindow"), say("chat")];
    return [
      { id: "palette", title: say("allCommands"), group: window, keys: "Mod+K", run: () => show("palette") },
      ...goTo,
      { id: "chat.new", title: say("newConversation"), group: chat, keys: "Mod+N", run: () => void navigate("/chat") },
      { id: "list", title: say("toggleList"), group: window, keys: "Mod+B", run: () => useLayout.getState().toggleList() },
      { id: "rail", title: say("toggleRail"), group: window, run: () => useLayout.getState().toggleRail() },
      { id: "jobs", title: say("jobs"), group: window, keys: "Mod+J", run: () => show("jobs") },
      { id: "settings", title: say("settings"), group: window, keys: "Mod+,", run: () => void navigate("/settings") },
      { id: "back", title: say("back"), group: window, keys: "Alt+ArrowLeft", run: () => void navigate(-1) },
      { id: "forward", title: say("forward"), group: window, keys: "Alt+ArrowRight", run: () => void navigate(1) },
      { id: "region", title: say("nextRegion"), group: window, keys: "F6", run: () => focusNextRegion(document) },
      { id: "shortcuts", title: say("shortcuts"), group: window, keys: "?", run: () => show("shortcuts") },
      { id: "welcome", title: say("welcome"), group: window, run: () => void navigate("/welcome") },
      ...appearance,
      ...density,
    ];
  }, [navigate, show, say]);
}

/** Runs commands by their keys, for as long as the component lives. */
export function useCommandKeys(commands: readonly Command[]): void {
  useWindowKeys((event) => {
    if (event.isComposing) return false;
    const command = commands.find(({ keys }) => keys !== undefined && matchesKeys(event, keys));
    if (!command || (command.keys?.length === 1 && isTyping(event.target))) return false;
    command.run();
    return true;
  });
}
