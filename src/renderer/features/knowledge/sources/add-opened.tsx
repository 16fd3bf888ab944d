import { Dialog } from "@base-ui/react/dialog";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import type { Collection } from "../../../../shared/contract/knowledge.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { Button } from "../../../components/button.tsx";
import { TextField } from "../../../components/field.tsx";
import { fileName } from "../../../components/format.ts";
import { ErrorNotice } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";

/** Files that were opened with the app (`#/knowledge?add=…`): asks where they belong. Nothing is added unasked. */
export function AddOpened({ collections }: { collections: Collection[] }) {
  const [params, setParams] = useSearchParams();
  const paths = params.getAll("add").filter(Boolean);
  const close = () => setParams(without(params, "add"), { replace: true });
  return (
    <Dialog.Root open={paths.length > 0} onOpenChange={(open) => open || close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-bg0/60" />
        <Dialog.Popup className="fixed top-[14vh] left-1/2 z-50 flex max-h-[72vh] w-[30rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 flex-col rounded-dialog bg-bg2 p-5 shadow-float">
          <ChooseCollection key={paths.join("\n")} paths={paths} collections={collections} onCancel={close} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type ChooseCollectionProps = { paths: string[]; collections: Collection[]; onCancel(): void };

function ChooseCollection({ paths, collections, onCancel }: ChooseCollectionProps) {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const navigate = useNavigate();
  const group = useId();
  const [chosen, setChosen] = useState(collections[0]?.id);
  const [name, setName] = useState("");
  const target = chosen ?? name.trim();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => client.knowledge.addSources({ collection: target, paths }),
    onSuccess: async ({ collection }) => {
      await cache.invalidateQueries({ queryKey: orpc.knowledge.key() });
      await navigate(`/knowledge/${collection.id}`, { replace: true });
    },
  });
  const radio = "flex h-8 items-center gap-2 rounded-input px-2 hover:bg-bg3";
  return (
    <form
      className="flex min-h-0 flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        if (target) mutate();
      }}
    >
      <Dialog.Title className="truncate text-16 font-title">
        {paths.length === 1 ? say("addOne", { name: fileName(paths[0] ?? "") }) : say("addMany", { count: paths.length })}
      </Dialog.Title>
      <Dialog.Description className="mt-1 line-clamp-3 text-12 break-all text-fg3">{paths.join(", ")}</Dialog.Description>
      <fieldset className="mt-3 min-h-0 overflow-y-auto">
        <legend className="label mb-1 text-fg2">{say("collection")}</legend>
        {collections.map(({ id, name: known, documents }) => (
          <label key={id} className={radio}>
            <input type="radio" name={group} checked={chosen === id} onChange={() => setChosen(id)} className="accent-accent" />
            <span className="min-w-0 flex-1 truncate">{known}</span>
            <span className="tnum text-fg3">{say("documentCount", { count: documents })}</span>
          </label>
        ))}
        <div className={radio}>
          <input
            type="radio"
            name={group}
            aria-label={say("aNewCollection")}
            checked={chosen === undefined}
            onChange={() => setChosen(undefined)}
            className="accent-accent"
          />
          <TextField
            label={say("newCollectionForIt")}
            placeholder={say("newCollection")}
            maxLength={200}
            value={name}
            onFocus={() => setChosen(undefined)}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
      </fieldset>
      {error && (
        <div className="mt-3">
          <ErrorNotice error={error} />
        </div>
      )}
      <div className="mt-4 flex justify-end gap-2">
        <Button size="normal" onClick={onCancel}>
          {say("cancel")}
        </Button>
        <Button type="submit" size="normal" look="primary" disabled={!target || isPending}>
          {say("add")}
        </Button>
      </div>
    </form>
  );
}

/** The address without one of its parameters. */
function without(params: URLSearchParams, name: string): URLSearchParams {
  const others = new URLSearchParams(params);
  others.delete(name);
  return others;
}
