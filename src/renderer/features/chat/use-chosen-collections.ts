import { useState } from "react";
import type { Effort, Thread } from "../../../shared/contract/chat.ts";
import type { Collection } from "../../../shared/contract/knowledge.ts";
import { useCollections } from "../../api/hooks.ts";
import { useChatView } from "../../view/chat-store.ts";

export type ChosenCollections = {
  all: Collection[];
  collections: Collection[];
  effort: Effort | undefined;
  choose(ids: string[]): void;
  chooseEffort(effort: Effort | undefined): void;
};

/**
 * Which collections the next question reads. A thread starts with its own; a new one with those chosen last. One
 * that was removed since is left out.
 */
export function useChosenCollections(thread: Thread | undefined): ChosenCollections {
  const all = useCollections().data ?? [];
  const view = useChatView();
  const [changed, setChanged] = useState<string[]>();
  const ids = changed ?? thread?.collections ?? view.collections;
  return {
    all,
    collections: all.filter(({ id }) => ids.includes(id)),
    effort: view.effort,
    choose: (next) => {
      setChanged(next);
      if (!thread) view.setCollections(next);
    },
    chooseEffort: view.setEffort,
  };
}
