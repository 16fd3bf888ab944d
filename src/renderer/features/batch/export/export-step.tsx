import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { BatchRun, ExportManifest } from "../../../../shared/contract/batch.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { Button } from "../../../components/button.tsx";
import { TextField } from "../../../components/field.tsx";

import { ErrorNotice } from "../../../components/notice.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { BlockedList } from "./blocked-list.tsx";
import { ManifestView } from "./manifest-view.tsx";
import { type ExportFormat, exportFormats, proposedPath, withExtension } from "./export-path.ts";
import { messages } from "../messages.ts";

/** The table as a file, with a manifest beside it; held back while a rule failed that nobody has looked at. */
export function ExportStep({ run }: { run: BatchRun }) {
  const say = useWords(messages);
  const { client, orpc } = useCroft();
  const check = useQuery(orpc.batch.checkExport.queryOptions({ input: { run: run.id } }));
  const [format, setFormat] = useState<ExportFormat>("xlsx");
  const [out, setOut] = useState(() => proposedPath(run, "xlsx"));
  const [force, setForce] = useState(false);
  const write = useMutation({ mutationFn: () => client.batch.export({ run: run.id, format, out: out.trim(), force }) });
  const blocked = check.data?.blocked ?? [];
  // What is not known yet, or was known before the last decision, holds nobody back: core looks again, and refuses itself.
  const held = blocked.length > 0 && !check.isFetching && !force;
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto px-4 py-3">
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!held && out.trim()) write.mutate();
        }}
      >
        <fieldset className="flex flex-wrap gap-x-5 gap-y-1">
          <legend className="label mb-1 text-fg2">{say("format")}</legend>
          {exportFormats.map((id) => (
            <label key={id} className="flex min-h-7 items-center gap-2" title={say(`note.${id}`)}>
              <input
                type="radio"
                name="format"
                className="size-4 accent-accent"
                checked={format === id}
                onChange={() => {
                  setFormat(id);
                  setOut(withExtension(out, id));
                }}
              />
              {say(id)}
            </label>
          ))}
        </fieldset>
        <p className="text-fg2">{say(`note.${format}`)}</p>
        <div className="flex max-w-3xl items-center gap-2">
          <TextField
            label={say("pathFileWrite")}
            className="font-mono text-12"
            value={out}
            onChange={(event) => setOut(event.target.value)}
          />
          <Button type="submit" look="primary" disabled={held || write.isPending || !out.trim()}>
            {write.isPending
              ? say("writing")
              : say("exportAs", { what: check.data ? say("documentCount", { count: check.data.documents }) : "" })}
          </Button>
        </div>
        {blocked.length > 0 && (
          <label className="flex min-h-7 items-center gap-2">
            <input type="checkbox" className="size-4 accent-accent" checked={force} onChange={(event) => setForce(event.target.checked)} />
            {say("exportAnyway")}
          </label>
        )}
        {write.error && <ErrorNotice error={write.error} />}
      </form>
      {check.error ? (
        <ErrorNotice error={check.error} onRetry={() => void check.refetch()} />
      ) : !check.data ? (
        <SkeletonRows rows={4} label={say("checkingWhatHolds")} />
      ) : blocked.length > 0 ? (
        <BlockedList run={run.id} blocked={blocked} />
      ) : (
        !write.data && (
          <p className="text-fg2">
            {say("noRuleFailed")}
            {run.counts.dead > 0 && say("unreadableLeftOut", { count: run.counts.dead })}
          </p>
        )
      )}
      {write.data && <ManifestView files={write.data.files} manifest={write.data.manifest satisfies ExportManifest} />}
    </div>
  );
}
