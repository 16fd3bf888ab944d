import { useState } from "react";
import type { Effort, Thread } from "../../../../shared/contract/chat.ts";
import type { Collection } from "../../../../shared/contract/knowledge.ts";
import { useCollections } from "../../../api/hooks.ts";
import { useChatView } from "../../../view/chat-store.ts";
import { type Choice, chosenIds, idsToSend } from "./chosen-collections.ts";

export type ChosenCollections = {
  all: Collection[];
  collections: Collection[];
  /** `collections` of the next question; undefined where the thread's own are read. */
  toSend: string[] | undefined;
  effort: Effort | undefined;
  choose(ids: string[]): void;
  chooseEffort(effort: Effort | undefined): void;
};

/** Which collections the next question reads. A thread starts with its own; a new one with those chosen last. */
export function useChosenCollections(thread: Thread | undefined): ChosenCollections {
  const all = useCollections().data;
  const view = useChatView();
  const [changed, setChanged] = useState<string[]>();
  const choice: Choice = { begunWith: thread?.collections, changed, lastChosen: view.collections, known: all?.map(({ id }) => id) };
  const ids = chosenIds(choice);
  return {
    all: all ?? [],
    collections: (all ?? []).filter(({ id }) => ids.includes(id)),
    toSend: idsToSend(choice),
    effort: view.effort,
    choose: (next) => {
      setChanged(next);
      if (!thread) view.setCollections(next);
    },
    chooseEffort: view.setEffort,
  };
}
