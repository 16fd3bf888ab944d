import { useMutation } from "@tanstack/react-query";
import type { AskRequest, Message, Thread } from "../../../shared/contract/chat.ts";
import { useCroft } from "../../api/use-croft.ts";
import { newThread } from "./asks.ts";
import { newestLeaf } from "./branches.ts";
import { useAsks } from "./use-asks.ts";
import type { ChosenCollections } from "./use-chosen-collections.ts";

export type AgainOptions = Pick<AskRequest, "model" | "effort">;

/** What can be done with a conversation. Nothing is overwritten: an edit and another answer become branches. */
export type Turns = {
  messages: readonly Message[];
  /** An answer is being written, so no other is begun. */
  busy: boolean;
  ask(question: string): void;
  /** Asks in another wording, beside the question. */
  edit(question: Message, text: string): void;
  /** Asks for another answer, beside this one. */
  again(answer: Message, options?: AgainOptions): void;
  /** Opens the branch that a message belongs to, at its newest end. */
  select(message: string): void;
};

export type TurnsOptions = {
  threadKey: string;
  thread: Thread | undefined;
  messages: readonly Message[];
  /** The message that the next question answers to; undefined in a new thread. */
  end: string | undefined;
  chosen: ChosenCollections;
  busy: boolean;
};

export function useTurns({ threadKey, thread, messages, end, chosen, busy }: TurnsOptions): Turns {
  const asks = useAsks();
  const { client, orpc, cache } = useCroft();
  const { mutate: select } = useMutation({
    mutationFn: (leaf: string) => client.chat.selectLeaf({ id: threadKey, leaf }),
    onMutate: (leaf) => showLeaf(leaf),
    onSettled: () => void cache.invalidateQueries({ queryKey: orpc.chat.getThread.key({ input: { id: threadKey } }) }),
  });

  /** The branch is shown at once; core's answer confirms it. */
  const showLeaf = (leaf: string) =>
    cache.setQueryData(orpc.chat.getThread.queryKey({ input: { id: threadKey } }), (known) =>
      known ? { ...known, thread: { ...known.thread, leaf } } : known,
    );

  const start = (question: string, parent: string | null | undefined, options: AgainOptions = {}) => {
    const effort = options.effort ?? chosen.effort;
    const request: AskRequest = {
      question,
      ...(chosen.toSend ? { collections: chosen.toSend } : {}),
      ...(threadKey === newThread ? {} : { thread: threadKey }),
      ...(threadKey === newThread || parent === undefined ? {} : { parent }),
      ...(effort ? { effort } : {}),
      ...(options.model ? { model: options.model } : {}),
    };
    void asks.start(request, thread?.leaf);
  };

  return {
    messages,
    busy,
    ask: (question) => start(question, end),
    edit: (question, text) => start(text, question.parent),
    again(answer, options) {
      const question = messages.find(({ id }) => id === answer.parent);
      if (question) start(question.text, question.parent, options);
    },
    select: (message) => select(newestLeaf(messages, message)),
  };
}
