import { useMutation } from "@tanstack/react-query";
import type { DragEvent } from "react";
import { useState } from "react";
import { desktopHost } from "../../api/host.ts";
import { useCollections, useJobs, useModels, useSystemInfo } from "../../api/hooks.ts";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { JobRow } from "../jobs/job-row.tsx";
import { CardHead } from "./card.tsx";
import { messages } from "./messages.ts";
import { useFirstQuestion } from "./use-first-question.ts";
import { useStarters } from "./use-starters.ts";

/** A path or the sample, and the first question; it is asked when what it is about is read. */
export function DocumentsCard({ onModel }: { onModel(): void }) {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const sample = useSystemInfo().data?.sample;
  const known = useModels().data !== undefined;
  const collections = useCollections().data;
  const { writer, finder } = useStarters();
  const [path, setPath] = useState("");
  const [refused, setRefused] = useState(false);
  const host = desktopHost();
  const add = useMutation({
    mutationFn: ({ collection, paths }: { collection: string; paths: string[] }) => client.knowledge.addSources({ collection, paths }),
    onSuccess: () => {
      setPath("");
      void cache.invalidateQueries({ queryKey: orpc.knowledge.key() });
    },
  });
  const isSample = add.variables?.collection === say("sampleName");
  const collection = add.data?.collection.id ?? collections?.[0]?.id;
  const job = useJobs().data?.find(({ id }) => id === add.data?.jobId);
  const isRead = add.data ? job?.state === "done" : collection !== undefined;
  const question = useFirstQuestion({ collection, isRead, instant: known && writer?.state !== "installed" });
  const addOwn = (paths: string[]) => paths.length > 0 && add.mutate({ collection: say("ownName"), paths });
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setRefused(!host);
    if (host) addOwn([...event.dataTransfer.files].map((file) => host.pathForFile(file)).filter(Boolean));
  };
  const wordsOnly = known && finder?.state !== "installed";
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- dropping has a twin for the keyboard: the path field
    <div onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <CardHead title={say("documentsTitle")}>{say("documentsText")}</CardHead>
      {wordsOnly && (
        <p className="mb-3">
          {say("wordsOnly")} <Button onClick={onModel}>{say("getIt")}</Button>
        </p>
      )}
      <form
        className="flex flex-wrap gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim()) addOwn([path.trim()]);
        }}
      >
        <span className="min-w-0 flex-1 basis-64">
          <TextField
            label={say("path")}
            placeholder={say(host ? "dropHint" : "pathHint")}
            value={path}
            onChange={(event) => setPath(event.target.value)}
          />
        </span>
        <Button type="submit" look="primary" disabled={!path.trim() || add.isPending}>
          {say("add")}
        </Button>
        {sample !== undefined && (
          <Button
            disabled={add.isPending}
            onClick={() => {
              add.mutate({ collection: say("sampleName"), paths: [sample] });
              if (question.text === "") question.setText(say("sampleQuestion"));
            }}
          >
            {say("sample")}
          </Button>
        )}
      </form>
      {refused && <p className="mt-1 text-12 text-fg2">{say("dropRefused")}</p>}
      {add.error && (
        <div className="mt-2">
          <ErrorNotice error={add.error} />
        </div>
      )}
      {job && <JobRow job={job} />}
      <form
        className="mt-4"
        onSubmit={(event) => {
          event.preventDefault();
          question.ask();
        }}
      >
        <label className="label text-fg2" htmlFor="first-question">
          {say("question")}
        </label>
        <div className="mt-1 flex gap-2">
          <input
            id="first-question"
            autoComplete="off"
            maxLength={20_000}
            placeholder={isSample ? say("sampleQuestion") : say("questionHint")}
            value={question.text}
            onChange={(event) => question.setText(event.target.value)}
            className="h-9 min-w-0 flex-1 rounded-input border border-control bg-bg2 px-2.5 text-15 placeholder:text-fg3"
          />
          <Button
            type="submit"
            look="primary"
            className="h-9"
            disabled={collection === undefined || question.text.trim() === "" || question.waits}
          >
            {say("ask")}
          </Button>
        </div>
        <p role="status" className="mt-1 min-h-5 text-12 text-fg2">
          {question.waits ? say("waits") : add.data && (isRead ? say("done") : say("reads"))}
        </p>
      </form>
      {known && writer?.state !== "installed" && <p className="text-12 text-fg2">{say("instant")}</p>}
    </div>
  );
}
