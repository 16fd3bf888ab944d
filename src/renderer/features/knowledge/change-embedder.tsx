import { Dialog } from "@base-ui/react/dialog";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Collection } from "../../../shared/contract/knowledge.ts";
import type { Model } from "../../../shared/contract/models.ts";
import { useJobs, useModels } from "../../api/hooks.ts";
import { isOver } from "../../api/live.ts";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { formatBytes, formatCount } from "../../components/format.ts";
import { EmptyState, ErrorNotice } from "../../components/notice.tsx";
import { JobRow } from "../jobs/job-row.tsx";

/** Chooses another embedding model for a collection; says beforehand what that takes, and shows it going on. */
export function ChangeEmbedder({ collection }: { collection: Collection }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger render={<Button look="quiet">Embedding model</Button>} />
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-bg0/60" />
        <Dialog.Popup className="fixed top-[14vh] left-1/2 z-50 flex max-h-[76vh] w-[34rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 flex-col overflow-y-auto rounded-dialog bg-bg2 p-5 shadow-float">
          <Dialog.Title className="text-16 font-title">Embedding model of “{collection.name}”</Dialog.Title>
          <Dialog.Description className="mt-1 text-fg2">
            It turns every passage into the numbers by which meaning is compared. Another model makes them all again, from the stored text;
            the files are not read. Until the last is made the collection is searched as before, and a cancelled change leaves it as it was.
          </Dialog.Description>
          <Choose collection={collection} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const plain = (id: string): string => id.replace(/^local:/, "");

/** About how long the passages take, by the speed that was measured on this machine. */
export function timeToEmbed(chunks: number, speed: Model["speed"]): string | undefined {
  const perSecond = speed?.textsPerSecond;
  if (perSecond === undefined || perSecond <= 0) return undefined;
  const minutes = chunks / perSecond / 60;
  if (minutes < 1) return "less than a minute";
  return minutes < 90 ? `about ${formatCount(Math.round(minutes), "minute")}` : `about ${formatCount(Math.round(minutes / 60), "hour")}`;
}

function Choose({ collection }: { collection: Collection }) {
  const { client } = useCroft();
  const group = useId();
  const models = useModels();
  const current = plain(collection.embedder);
  const choices = models.data?.filter(({ role }) => role === "embedding") ?? [];
  const [chosen, setChosen] = useState(current);
  const { mutate, error, isPending, data } = useMutation({
    mutationFn: () => client.knowledge.changeEmbedder({ collection: collection.id, embedder: chosen }),
  });
  const jobs = useJobs().data ?? [];
  const job =
    jobs.find(({ id }) => id === data?.jobId) ??
    jobs.find((one) => one.kind === "knowledge.embedder" && !isOver(one) && one.title.startsWith(`Embed ${collection.name} with `));
  const running = job !== undefined && !isOver(job);
  return (
    <form
      className="mt-3"
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      {models.error && <ErrorNotice error={models.error} />}
      <fieldset>
        <legend className="sr-only">Embedding model</legend>
        {choices.map((model) => (
          <label key={model.id} className="flex min-h-8 items-center gap-2 rounded-input px-2 hover:bg-bg3">
            <input
              type="radio"
              name={group}
              className="size-4 accent-accent"
              checked={chosen === model.id}
              disabled={model.state !== "installed" || running}
              onChange={() => setChosen(model.id)}
            />
            <span className="min-w-0 flex-1 truncate">{model.name}</span>
            <span className="tnum text-fg3">{factsOf(model, current, collection.chunks)}</span>
          </label>
        ))}
      </fieldset>
      {models.data && choices.length < 2 && (
        <EmptyState title="No other embedding model">Get one under Models; it can be chosen here then.</EmptyState>
      )}
      {job && <JobRow job={job} />}
      {error && <ErrorNotice error={error} />}
      <div className="mt-4 flex justify-end gap-2">
        <Dialog.Close render={<Button size="normal">Close</Button>} />
        <Button type="submit" size="normal" look="primary" disabled={chosen === current || isPending || running}>
          Embed {formatCount(collection.documents, "document")} anew
        </Button>
      </div>
    </form>
  );
}

function factsOf(model: Model, current: string, chunks: number): string {
  if (model.id === current) return "in use";
  if (model.state !== "installed") return "not installed";
  return [model.dimensions && `${model.dimensions} numbers`, formatBytes(model.bytes), timeToEmbed(chunks, model.speed)]
    .filter(Boolean)
    .join(" · ");
}
