import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import type { AskRequest, Message, PathWindow, Thread } from "../../../../shared/contract/chat.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { newThread } from "../asking/asks.ts";
import { useAsks } from "../asking/use-asks.ts";
import type { ChosenCollections } from "../composer/use-chosen-collections.ts";

export type AgainOptions = Pick<AskRequest, "model" | "effort" | "continuing">;

/** What can be done with a conversation. Nothing is overwritten: an edit and another answer become branches. */
export type Turns = {
  /** An answer is being written, so no other is begun. */
  busy: boolean;
  ask(question: string): void;
  /** Asks in another wording, beside the question. */
  edit(question: Message, text: string): void;
  /** Asks for another answer, beside this one; `continuing` has it go on with this one's words. */
  again(answer: Message, options?: AgainOptions): void;
  /** Opens the branch that a message belongs to, at its newest end. */
  select(message: string): void;
  /** A new conversation that begins with all up to this message. */
  fork(message: string): void;
  problem: Error | null;
};

export type TurnsOptions = {
  threadKey: string;
  thread: Thread | undefined;
  path: PathWindow | undefined;
  /** The message that the next question answers to; undefined in a new thread. */
  end: string | undefined;
  chosen: ChosenCollections;
  busy: boolean;
};

export function useTurns({ threadKey, thread, path, end, chosen, busy }: TurnsOptions): Turns {
  const asks = useAsks();
  const navigate = useNavigate();
  const { client, orpc, cache } = useCroft();
  const select = useMutation({
    mutationFn: (leaf: string) => client.chat.selectLeaf({ id: threadKey, leaf, follow: true }),
    onSettled: () => cache.invalidateQueries({ queryKey: orpc.chat.getPath.key() }),
  });
  const fork = useMutation({
    mutationFn: (message: string) => client.chat.forkThread({ id: threadKey, message }),
    onSuccess: (copy) => {
      void cache.invalidateQueries({ queryKey: orpc.chat.listThreads.key() });
      void navigate(`/chat/${copy.id}`);
    },
  });

  const start = (question: string, place: Pick<AskRequest, "parent" | "answering">, options: AgainOptions = {}) => {
    const effort = options.effort ?? chosen.effort;
    const request: AskRequest = {
      question,
      ...(chosen.toSend ? { collections: chosen.toSend } : {}),
      ...(threadKey === newThread ? {} : { thread: threadKey, ...place }),
      ...(effort ? { effort } : {}),
      ...(options.model ? { model: options.model } : {}),
      ...(options.continuing ? { continuing: options.continuing } : {}),
    };
    void asks.start(request, thread?.messages ?? 0);
  };

  return {
    busy,
    ask: (question) => start(question, end === undefined ? {} : { parent: end }),
    edit: (question, text) => start(text, { parent: question.parent }),
    again(answer, options) {
      const question = path?.messages.find(({ id }) => id === answer.parent);
      if (question) start(question.text, { answering: question.id }, options);
    },
    select: (message) => select.mutate(message),
    fork: (message) => fork.mutate(message),
    problem: select.error ?? fork.error,
  };
}
