import { Dialog } from "@base-ui/react/dialog";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Job } from "../../../shared/contract/jobs.ts";
import type { Collection } from "../../../shared/contract/knowledge.ts";
import type { Model } from "../../../shared/contract/models.ts";
import { useJobs, useModels } from "../../api/hooks.ts";
import { isOver } from "../../api/live.ts";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { formatBytes } from "../../components/format.ts";
import { EmptyState, ErrorNotice } from "../../components/notice.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { JobRow } from "../jobs/job-row.tsx";
import { messages, type Say } from "./messages.ts";

/** Chooses another embedding model for a collection; says beforehand what that takes, and shows it going on. */
export function ChangeEmbedder({ collection }: { collection: Collection }) {
  const say = useWords(messages);
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger render={<Button look="quiet">{say("embeddingModel")}</Button>} />
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-bg0/60" />
        <Dialog.Popup className="fixed top-[14vh] left-1/2 z-50 flex max-h-[76vh] w-[34rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 flex-col overflow-y-auto rounded-dialog bg-bg2 p-5 shadow-float">
          <Dialog.Title className="text-16 font-title">{say("embeddingModelOf", { name: collection.name })}</Dialog.Title>
          <Dialog.Description className="mt-1 text-fg2">{say("embeddingText")}</Dialog.Description>
          <Choose collection={collection} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const plain = (id: string): string => id.replace(/^local:/, "");

/** About how long the passages take, by the speed that was measured on this machine. */
export function timeToEmbed(chunks: number, speed: Model["speed"], say: Say): string | undefined {
  const perSecond = speed?.textsPerSecond;
  if (perSecond === undefined || perSecond <= 0) return undefined;
  const minutes = chunks / perSecond / 60;
  if (minutes < 1) return say("lessThanMinute");
  return minutes < 90 ? say("aboutMinutes", { count: Math.round(minutes) }) : say("aboutHours", { count: Math.round(minutes / 60) });
}

function Choose({ collection }: { collection: Collection }) {
  const say = useWords(messages);
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
  const job = jobs.find(({ id }) => id === data?.jobId) ?? jobs.find((one) => isChanging(one, collection.id));
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
        <legend className="sr-only">{say("embeddingModel")}</legend>
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
            <span className="tnum text-fg3">{factsOf(model, current, collection.chunks, say)}</span>
          </label>
        ))}
      </fieldset>
      {models.data && choices.length < 2 && <EmptyState title={say("noOtherEmbedding")}>{say("getOneUnderModels")}</EmptyState>}
      {job && <JobRow job={job} />}
      {error && <ErrorNotice error={error} />}
      <div className="mt-4 flex justify-end gap-2">
        <Dialog.Close render={<Button size="normal">{say("close")}</Button>} />
        <Button type="submit" size="normal" look="primary" disabled={chosen === current || isPending || running}>
          {say("embedDocumentAnew", { count: collection.documents })}
        </Button>
      </div>
    </form>
  );
}

/** Whether a job is giving this collection another model just now, whoever began it and whatever it is called. */
export const isChanging = (job: Job, collection: string): boolean =>
  job.kind === "knowledge.embedder" && job.collection === collection && !isOver(job);

function factsOf(model: Model, current: string, chunks: number, say: Say): string {
  if (model.id === current) return say("inUse");
  if (model.state !== "installed") return say("notInstalled");
  return [
    model.dimensions && say("numbers", { dimensions: model.dimensions }),
    formatBytes(model.bytes),
    timeToEmbed(chunks, model.speed, say),
  ]
    .filter(Boolean)
    .join(" · ");
}
