import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { BatchRun } from "../../../../shared/contract/batch.ts";
import { useModels } from "../../../api/hooks.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { Button } from "../../../components/button.tsx";
import { SelectField, TextField } from "../../../components/field.tsx";

import { ErrorNotice } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { type BatchDraft, useBatchView } from "../../../view/batch-store.ts";
import { messages } from "../messages.ts";
import { stepPath } from "../steps.ts";

export type StartBarProps = { run: BatchRun | undefined; draft: BatchDraft; change(change: Partial<BatchDraft>): void; unsaved: boolean };

/** What decides what rules cannot, whether the folder is watched, and the start. */
export function StartBar({ run, draft, change, unsaved }: StartBarProps) {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const navigate = useNavigate();
  const dropDraft = useBatchView((view) => view.dropDraft);
  const [password, setPassword] = useState("");
  const models = useModels().data?.filter(({ role, state }) => role === "chat" && state === "installed") ?? [];
  const begin = useMutation({
    mutationFn: () =>
      client.batch.run({
        paths: draft.paths,
        recipe: draft.recipe,
        watch: draft.watch,
        ...(run ? { name: run.name } : {}),
        ...(draft.model === undefined ? {} : { model: draft.model }),
        ...(password === "" ? {} : { passwords: [password] }),
      }),
    onSuccess: ({ run: begun }) => {
      dropDraft(run?.id ?? "new");
      void cache.invalidateQueries({ queryKey: orpc.batch.key() });
      void navigate(stepPath(begun.id, "run"));
    },
  });
  return (
    <footer className="flex flex-col gap-2 border-t border-line bg-bg1 px-4 py-2">
      {begin.error && <ErrorNotice error={begin.error} />}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <SelectField
          label={say("whoDecidesWhat")}
          className="max-w-64"
          value={draft.model ?? ""}
          onChange={(event) => change({ model: event.target.value })}
        >
          {draft.model === undefined && <option value="">{say("modelSettings")}</option>}
          <option value="none">{say("rulesAloneNo")}</option>
          {models.map(({ id, name }) => (
            <option key={id} value={`local:${id}`}>
              {name}
            </option>
          ))}
          {draft.model !== undefined && draft.model !== "none" && !models.some(({ id }) => `local:${id}` === draft.model) && (
            <option value={draft.model}>{draft.model}</option>
          )}
        </SelectField>
        <TextField
          label={say("passwordForLocked")}
          type="password"
          autoComplete="new-password"
          placeholder={say("passwordForLocked")}
          className="max-w-48"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <label className="flex min-h-7 items-center gap-2">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={draft.watch}
            onChange={(event) => change({ watch: event.target.checked })}
          />
          {say("goOnWith")}
        </label>
        <span className="ms-auto flex items-center gap-3">
          <span className="text-fg2">
            {draft.paths.length === 0
              ? say("noFilesWereNamed")
              : unsaved
                ? say("changedRecipeNot")
                : say("pathCount", { count: draft.paths.length })}
          </span>
          <Button
            look="primary"
            size="normal"
            disabled={draft.paths.length === 0 || unsaved || begin.isPending}
            onClick={() => begin.mutate()}
          >
            {run ? say("runAgain") : say("run")}
          </Button>
        </span>
      </div>
    </footer>
  );
}
