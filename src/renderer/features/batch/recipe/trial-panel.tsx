import { useState } from "react";
import type { BatchResult } from "../../../../shared/contract/batch.ts";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { useStoppable } from "../../../api/use-stoppable.ts";
import { Button } from "../../../components/button.tsx";
import { inputClass } from "../../../components/field.tsx";
import { fileName } from "../../../components/format.ts";
import { ErrorNotice } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { toPaths } from "../../knowledge/sources/patterns.ts";
import { messages } from "../messages.ts";
import { ProvenanceMark } from "../review/provenance-mark.tsx";
import { useSampleFiles } from "./use-sample-files.ts";
import { isValue, provenanceOf, showField } from "../values.ts";

export type TrialPanelProps = { recipe: Recipe; paths: readonly string[]; model: string | undefined };

/** The recipe, as it stands, tried on up to three files. Nothing is saved. */
export function TrialPanel({ recipe, paths, model }: TrialPanelProps) {
  const say = useWords(messages);
  const { client } = useCroft();
  const [named, setNamed] = useState("");
  const files = useSampleFiles(paths);
  const trial = useStoppable(async (signal) => {
    const sample = named.trim() === "" ? await files() : toPaths(named);
    return client.batch.trial({ recipe, paths: sample.slice(0, 3), ...(model === undefined ? {} : { model }) }, { signal });
  });
  return (
    <aside
      aria-label={say("trial")}
      className="flex w-80 shrink-0 flex-col gap-2 overflow-y-auto border-s border-line bg-bg1 px-4 py-3 max-lg:w-full max-lg:border-t max-lg:border-s-0 xl:w-96"
    >
      <div className="flex items-center gap-2">
        <h2 className="label flex-1 text-fg2">{say("tryOnThree")}</h2>
        {trial.running ? <Button onClick={trial.stop}>{say("stop")}</Button> : <Button onClick={trial.start}>{say("try")}</Button>}
      </div>
      <textarea
        aria-label={say("filesTryLine")}
        placeholder={say("filesInputOrName")}
        spellCheck={false}
        className={`${inputClass} h-auto min-h-14 shrink-0 py-1 font-mono text-12`}
        value={named}
        onChange={(event) => setNamed(event.target.value)}
      />
      {trial.running && <p role="status">{say("readingTheFiles")}</p>}
      {trial.error !== undefined && <ErrorNotice error={trial.error} />}
      {!trial.running &&
        trial.result?.map((result) => <TrialResult key={`${result.document.path} ${result.document.part ?? 0}`} result={result} />)}
      {!trial.running && !trial.result && trial.error === undefined && <p className="text-fg2">{say("nothingTrialSaved")}</p>}
    </aside>
  );
}

function TrialResult({ result: { document, fields, flags, reason } }: { result: BatchResult }) {
  const say = useWords(messages);
  return (
    <section aria-label={say("trialOf", { path: fileName(document.path) })} className="border-t border-line pt-2">
      <h3 className="truncate font-label" title={document.path}>
        {fileName(document.path)}
      </h3>
      {reason && <p className="text-danger">{reason.message}</p>}
      <dl className="mt-1 grid grid-cols-[8rem_minmax(0,1fr)] gap-x-2 gap-y-0.5">
        {Object.entries(fields).map(([name, field]) => (
          <div key={name} className="contents">
            <dt className="truncate text-fg2">{name.replaceAll("_", " ")}</dt>
            <dd className="min-w-0">
              <span className="flex items-center gap-1.5">
                {isValue(field) && <ProvenanceMark of={provenanceOf(field)} />}
                <span className="truncate">{showField(field)}</span>
              </span>
              {isValue(field) &&
                field.flags.map(({ rule, message }) => (
                  <span key={rule} className="block text-12 text-danger">
                    {message}
                  </span>
                ))}
            </dd>
          </div>
        ))}
      </dl>
      {flags.map(({ rule, message }) => (
        <p key={rule + message} className="text-12 text-danger">
          {message}
        </p>
      ))}
    </section>
  );
}
