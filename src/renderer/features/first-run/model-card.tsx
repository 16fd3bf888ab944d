import { useQuery } from "@tanstack/react-query";
import type { Model } from "../../../shared/contract/models.ts";
import { useModels, useSystemInfo } from "../../api/hooks.ts";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { formatBytes } from "../../components/format.ts";
import { ErrorNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { StateWord } from "../../components/state-word.tsx";
import { useStoppable } from "../../api/use-stoppable.ts";
import { useWords } from "../../i18n/use-words.ts";
import { JobRow } from "../jobs/job-row.tsx";
import { ImportModel } from "../models/import-model.tsx";
import { useDownload } from "../models/use-download.ts";
import { CardHead } from "./card.tsx";
import { messages } from "./messages.ts";
import { useStarters } from "./use-starters.ts";

/** The starter models, what other programs have, a file of one's own. */
export function ModelCard() {
  const say = useWords(messages);
  const models = useModels();
  const { writer, finder } = useStarters();
  if (models.error) return <ErrorNotice error={models.error} onRetry={() => void models.refetch()} />;
  if (!models.data) return <SkeletonRows rows={6} label={say("model")} />;
  const ready = [writer, finder].every((model) => model?.state === "installed");
  return (
    <>
      <CardHead title={say("modelTitle")}>{say("modelText")}</CardHead>
      {ready && <p className="mb-3">{say("ready")}</p>}
      <ul className="divide-y divide-line border-y border-line">
        {finder && <Starter model={finder} purpose={say("finds")} />}
        {writer && <Starter model={writer} purpose={say("writes")} />}
      </ul>
      <h3 className="mt-5 font-title">{say("found")}</h3>
      <p className="text-fg2">{say("foundText")}</p>
      <FoundFiles />
      <h3 className="mt-5 mb-1 font-title">{say("import")}</h3>
      <ImportModel />
      <p className="mt-4 text-fg3">{say("cloud")}</p>
    </>
  );
}

function Starter({ model, purpose }: { model: Model; purpose: string }) {
  const say = useWords(messages);
  const { start, job, error, isBusy } = useDownload(model);
  const offline = useSystemInfo().data?.offline === true;
  const { name, state, bytes } = model;
  return (
    <li className="py-1">
      <div className="flex min-h-9 flex-wrap items-center gap-x-3">
        <span className="w-32 text-fg2">{purpose}</span>
        <span className="min-w-0 flex-1">{name}</span>
        <span className="tnum text-fg2">{formatBytes(bytes)}</span>
        {state === "installed" ? (
          <StateWord state="installed" />
        ) : (
          <Button look="primary" disabled={isBusy || offline} onClick={start}>
            {say(state === "partial" ? "goOn" : "download", { name })}
          </Button>
        )}
      </div>
      {job && state !== "installed" && <JobRow job={job} />}
      {error !== undefined && <ErrorNotice error={error} />}
    </li>
  );
}

function FoundFiles() {
  const say = useWords(messages);
  const { orpc, client, cache } = useCroft();
  const found = useQuery(orpc.models.onDisk.queryOptions({ input: {} }));
  if (found.error) return <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data)
    return (
      <p role="status" className="text-fg3">
        {say("looking")}
      </p>
    );
  if (found.data.length === 0) return <p className="text-fg3">{say("noneFound")}</p>;
  const use = async (path: string, signal: AbortSignal) => {
    const model = await client.models.import({ path, copy: false }, { signal });
    await client.settings.set({ key: "models.chat", value: model.id.includes(":") ? model.id : `local:${model.id}` });
    await cache.invalidateQueries();
  };
  return (
    <ul className="mt-1 divide-y divide-line border-y border-line">
      {found.data.map(({ path, bytes, name }) => (
        <FoundFile key={path} path={path} bytes={bytes} name={name} use={use} />
      ))}
    </ul>
  );
}

type FoundFileProps = { path: string; bytes: number; name: string; use(path: string, signal: AbortSignal): Promise<void> };

function FoundFile({ path, bytes, name, use }: FoundFileProps) {
  const say = useWords(messages);
  const { running, error, start } = useStoppable((signal) => use(path, signal));
  return (
    <li className="py-1">
      <div className="flex min-h-9 flex-wrap items-center gap-x-3">
        <span className="min-w-0 flex-1 truncate" title={path}>
          {name}
        </span>
        <span className="tnum text-fg2">{formatBytes(bytes)}</span>
        <Button disabled={running} onClick={start}>
          {say("use", { name })}
        </Button>
      </div>
      {error !== undefined && <ErrorNotice error={error} />}
    </li>
  );
}
