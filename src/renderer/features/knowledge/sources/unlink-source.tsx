import { useMutation } from "@tanstack/react-query";
import type { Collection, Source } from "../../../../shared/contract/knowledge.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { Button } from "../../../components/button.tsx";
import { Confirm } from "../../../components/confirm.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";

export type UnlinkSourceProps = { collection: Collection; source: Source; onRefused: (error: Error) => void };

/** Takes a source out of its collection, after asking. The list and the table follow from the events of core. */
export function UnlinkSource({ collection, source: { id, path }, onRefused }: UnlinkSourceProps) {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const { mutate, isPending } = useMutation({
    mutationFn: () => client.knowledge.removeSource({ collection: collection.id, id }),
    onSuccess: () => cache.invalidateQueries({ queryKey: orpc.knowledge.key() }),
    onError: onRefused,
  });
  return (
    <Confirm
      trigger={
        <Button look="quiet" disabled={isPending} aria-label={say("unlinkOf", { path })}>
          {say("unlink")}
        </Button>
      }
      title={say("unlinkQuestion", { path })}
      text={say("unlinkText", { name: collection.name })}
      action={say("unlink")}
      onConfirm={() => mutate()}
    />
  );
}
