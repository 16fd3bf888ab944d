import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Collection, FileStatus, Source } from "../../../../shared/contract/knowledge.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { Button } from "../../../components/button.tsx";
import { TextField } from "../../../components/field.tsx";
import { ErrorNotice } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { holds } from "../report/problem-groups.ts";

export type UnlockFormProps = { collection: Collection; files: readonly FileStatus[]; sources: readonly Source[] };

/** A password for locked files, kept with the secrets of the machine, and another try with it. Their sources keep their rules. */
export function UnlockForm({ collection, files, sources }: UnlockFormProps) {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const [password, setPassword] = useState("");
  const { mutate, error, isPending } = useMutation({
    mutationFn: async () => {
      const meant = sources.filter(({ kind, path }) => kind === "path" && files.some((file) => holds(path, file.path)));
      for (const { path, include, exclude, watch, reading } of meant)
        await client.knowledge.addSources({
          collection: collection.id,
          paths: [path],
          include,
          exclude,
          watch,
          reading: { ...reading, password },
        });
    },
    onSuccess: async () => {
      setPassword("");
      await cache.invalidateQueries({ queryKey: orpc.knowledge.key() });
    },
  });
  return (
    <form
      className="mt-1 flex max-w-md items-center gap-2 ps-13"
      onSubmit={(event) => {
        event.preventDefault();
        if (password !== "") mutate();
      }}
    >
      <TextField
        label={say("passwordOfLocked")}
        placeholder={say("password")}
        type="password"
        autoComplete="new-password"
        maxLength={1000}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" disabled={password === "" || isPending}>
        {say("unlock")}
      </Button>
      {error && <ErrorNotice error={error} />}
    </form>
  );
}
