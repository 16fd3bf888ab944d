import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { TextField } from "../../components/field.tsx";
import { formatBytes, formatNumber } from "../../components/format.ts";
import { ErrorNotice } from "../../components/notice.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { Line, Section } from "./line.tsx";
import { messages } from "./messages.ts";

/** What Croft keeps on this disk, and the whole of it in one file. */
export function StorageSection() {
  const say = useWords(messages);
  const { orpc } = useCroft();
  // Nothing tells when files grow, so it is measured whenever it is looked at.
  const { data, error } = useQuery(orpc.system.storage.queryOptions({ input: {}, staleTime: 0 }));
  return (
    <Section title={say("storage")} note={data && say("storageNote", { profile: data.profile, free: formatBytes(data.free) })}>
      {error && <ErrorNotice error={error} />}
      {data && (
        <table className="w-full border-collapse">
          <thead>
            <tr className="label h-7 border-b border-line text-fg3">
              <th className="text-start font-label">{say("part")}</th>
              <th className="w-24 text-end font-label">{say("count")}</th>
              <th className="w-28 text-end font-label">{say("size")}</th>
            </tr>
          </thead>
          <tbody>
            {data.parts.map(({ id, bytes, files }) => (
              <tr key={id} className="h-8 border-b border-line/60">
                <td>{say(id)}</td>
                <td className="tnum text-end">{formatNumber(files)}</td>
                <td className="tnum text-end">{formatBytes(bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <WriteBackup />
      <Restore />
    </Section>
  );
}

function WriteBackup() {
  const say = useWords(messages);
  const { client } = useCroft();
  const [path, setPath] = useState("");
  const { mutate, data, error, isPending } = useMutation({ mutationFn: () => client.system.backup({ file: path.trim() }) });
  return (
    <>
      <Line
        below
        title={say("backup")}
        note={data ? say("written", { file: data.file, bytes: formatBytes(data.bytes) }) : say("backupNote")}
      >
        <form
          className="flex w-full gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (path.trim()) mutate();
          }}
        >
          <TextField
            label={say("backupPath")}
            placeholder={say("backupPath")}
            value={path}
            onChange={(event) => setPath(event.target.value)}
          />
          <Button type="submit" disabled={!path.trim() || isPending}>
            {say("write")}
          </Button>
        </form>
      </Line>
      {error && <ErrorNotice error={error} />}
    </>
  );
}

function Restore() {
  const say = useWords(messages);
  const { client } = useCroft();
  const [path, setPath] = useState("");
  const { mutate, data, error, isPending } = useMutation({ mutationFn: () => client.system.restore({ file: path.trim() }) });
  return (
    <>
      <Line below title={say("restore")} note={data ? say("restoring", { file: data.file }) : say("restoreNote")}>
        <TextField
          label={say("restorePath")}
          placeholder={say("restorePath")}
          value={path}
          onChange={(event) => setPath(event.target.value)}
        />
        <Confirm
          trigger={<Button disabled={!path.trim() || isPending}>{say("restore")}</Button>}
          title={say("restoreTitle")}
          text={say("restoreText")}
          action={say("restoreAction")}
          onConfirm={() => mutate()}
        />
      </Line>
      {error && <ErrorNotice error={error} />}
    </>
  );
}
