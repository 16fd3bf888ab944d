import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useCroft } from "../../../api/use-croft.ts";
import { useStoppable } from "../../../api/use-stoppable.ts";
import { sendFile } from "./send-file.ts";
import { useBegunThread } from "../threads/use-begun-thread.ts";
import type { ChosenCollections } from "./use-chosen-collections.ts";

export type Attach = {
  add(files: File[]): void;
  remove(id: string): void;
  /** Names of the files that are being read. */
  reading: readonly string[];
  stop(): void;
  problem: unknown;
};

/** Takes files into a conversation; one that was not begun is begun by it. */
export function useAttach(threadKey: string, chosen: ChosenCollections): Attach {
  const { client, orpc, cache } = useCroft();
  const begin = useBegunThread(threadKey, chosen);
  const [names, setNames] = useState<string[]>([]);
  const waiting = useRef<File[]>([]);
  const refresh = () => cache.invalidateQueries({ queryKey: orpc.chat.key() });
  const { start, stop, running, error } = useStoppable(async (signal) => {
    const thread = await begin.ensure();
    try {
      for (const file of waiting.current) {
        const sent = await sendFile(client, file, signal);
        await client.chat.attach({ thread, name: file.name.slice(0, 200).trim() || "file", ...sent }, { signal });
      }
    } finally {
      await refresh();
      begin.show(thread);
    }
  });
  const remove = useMutation({ mutationFn: (id: string) => client.chat.detach({ id }), onSettled: refresh });
  return {
    add: (files) => {
      if (files.length === 0 || running) return;
      waiting.current = files;
      setNames(files.map(({ name }) => name));
      start();
    },
    remove: (id) => remove.mutate(id),
    reading: running ? names : [],
    stop,
    problem: error ?? remove.error,
  };
}
