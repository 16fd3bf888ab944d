import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { Effort } from "../../shared/contract/chat.ts";

type ChatView = {
  /** Unsent text by thread id, `new` for a thread not yet begun; it survives a crash of the window. */
  drafts: Record<string, string>;
  /** Collections chosen for a new thread, by id. */
  collections: string[];
  effort: Effort | undefined;
  /** Whether the panel beside a conversation is open. */
  settingsOpen: boolean;
  /** Whether the tray lists every part of what will be sent. */
  trayOpen: boolean;
  setDraft(key: string, text: string): void;
  setCollections(collections: string[]): void;
  setEffort(effort: Effort | undefined): void;
  toggleSettings(): void;
  toggleTray(): void;
};

export const useChatView = create<ChatView>()(
  persist(
    (set) => ({
      drafts: {},
      collections: [],
      effort: undefined,
      settingsOpen: false,
      trayOpen: false,
      setDraft: (key, text) => set(({ drafts }) => ({ drafts: withDraft(drafts, key, text) })),
      setCollections: (collections) => set({ collections }),
      setEffort: (effort) => set({ effort }),
      toggleSettings: () => set(({ settingsOpen }) => ({ settingsOpen: !settingsOpen })),
      toggleTray: () => set(({ trayOpen }) => ({ trayOpen: !trayOpen })),
    }),
    { name: "croft.chat" },
  ),
);

/** Drafts with one changed; an empty draft is no draft. */
export function withDraft(drafts: Record<string, string>, key: string, text: string): Record<string, string> {
  const { [key]: _, ...others } = drafts;
  return text === "" ? others : { ...others, [key]: text };
}
