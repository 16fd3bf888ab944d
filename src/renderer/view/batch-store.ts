import { create } from "zustand";
import { persist } from "zustand/middleware";

/** What a run is to be made of, as it was chosen so far. */
export type BatchDraft = {
  paths: string[];
  recipe: { name: string; version?: number };
  /** `none` for rules alone; left out, the recipe or the settings decide. */
  model?: string;
  watch: boolean;
};

type BatchView = {
  /** By the id of a run, `new` for one that is not yet begun; survives a reload. Passwords are never in it. */
  drafts: Record<string, BatchDraft>;
  setDraft(key: string, draft: BatchDraft): void;
  dropDraft(key: string): void;
};

export const useBatchView = create<BatchView>()(
  persist(
    (set) => ({
      drafts: {},
      setDraft: (key, draft) => set(({ drafts }) => ({ drafts: { ...drafts, [key]: draft } })),
      dropDraft: (key) =>
        set(({ drafts }) => {
          const { [key]: _, ...others } = drafts;
          return { drafts: others };
        }),
    }),
    { name: "croft.batch" },
  ),
);
