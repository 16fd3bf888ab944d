import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { useState } from "react";
import type { Collection, Source } from "../../../../shared/contract/knowledge.ts";
import type { OcrMode } from "../../../../shared/contract/reading.ts";
import { Button } from "../../../components/button.tsx";
import { inputClass, SelectField, TextField } from "../../../components/field.tsx";
import { ErrorNotice } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { toLanguages, toPatterns } from "./patterns.ts";
import { PreviewCounts } from "./preview-counts.tsx";
import { useAddSources } from "./use-add-sources.ts";

const ocrWords = { "": "ocrAsSet", auto: "ocrAuto", always: "ocrAlways", never: "ocrNever" } as const satisfies Record<
  OcrMode | "",
  string
>;

const ocrModes = ["", "auto", "always", "never"] as const satisfies readonly (OcrMode | "")[];

export type SourceFormProps = { collection: Collection; path: string; source: Source | undefined; onDone(): void };

export function SourceForm({ collection, path: typed, source, onDone }: SourceFormProps) {
  const say = useWords(messages);
  const [path, setPath] = useState(source?.path ?? typed);
  const [include, setInclude] = useState(source?.include.join("\n") ?? "");
  const [exclude, setExclude] = useState(source?.exclude.join("\n") ?? "");
  const [ocr, setOcr] = useState<OcrMode | "">(source?.reading.ocr ?? "");
  const [languages, setLanguages] = useState(source?.reading.languages?.join(", ") ?? "");
  const [watch, setWatch] = useState(source?.watch ?? false);
  const [password, setPassword] = useState("");
  const adding = useAddSources(onDone);
  const rules = { path: path.trim(), include: toPatterns(include), exclude: toPatterns(exclude) };
  const reading = {
    ...(ocr === "" ? {} : { ocr }),
    ...(languages.trim() === "" ? {} : { languages: toLanguages(languages) }),
    ...(password === "" ? {} : { password }),
  };
  const area = `${inputClass} h-auto min-h-14 py-1 font-mono text-12`;
  return (
    <form
      className="mt-3 flex min-h-0 flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        if (rules.path)
          adding.mutate({ collection: collection.id, paths: [rules.path], include: rules.include, exclude: rules.exclude, watch, reading });
      }}
    >
      <div className="-mx-1 flex min-h-0 flex-col gap-3 overflow-y-auto px-1 pb-1">
        {source ? (
          <p className="font-mono text-12 break-all text-fg2">{source.path}</p>
        ) : (
          <Labelled title={say("fileOrFolder")}>
            <TextField label={say("fileOrFolder")} value={path} onChange={(event) => setPath(event.target.value)} />
          </Labelled>
        )}
        <div className="grid gap-3 sm:grid-cols-2">
          <Labelled title={say("onlyThese")} hint={say("onlyTheseHint", { example: "*.{md,pdf}, letters/**" })}>
            <textarea
              aria-label={say("onlyTheseFiles")}
              className={area}
              value={include}
              onChange={(event) => setInclude(event.target.value)}
            />
          </Labelled>
          <Labelled title={say("notThese")} hint={say("notTheseHint", { example: "drafts/**, *.bak" })}>
            <textarea
              aria-label={say("notTheseFiles")}
              className={area}
              value={exclude}
              onChange={(event) => setExclude(event.target.value)}
            />
          </Labelled>
          <Labelled title={say("recogniseTextIn")}>
            <SelectField
              label={say("recogniseTextIn")}
              value={ocr}
              onChange={(event) => setOcr(ocrModes.find((mode) => mode === event.target.value) ?? "")}
            >
              {ocrModes.map((mode) => (
                <option key={mode} value={mode}>
                  {say(ocrWords[mode])}
                </option>
              ))}
            </SelectField>
          </Labelled>
          <Labelled title={say("languages")} hint={say("languagesHint")}>
            <TextField label={say("languagesToRecognise")} value={languages} onChange={(event) => setLanguages(event.target.value)} />
          </Labelled>
          <Labelled title={say("password")} hint={source?.hasPassword ? say("passwordKept") : say("passwordHint")}>
            <TextField
              label={say("passwordForLocked")}
              type="password"
              autoComplete="new-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Labelled>
          <label className="flex min-h-7 items-center gap-2 self-start sm:mt-5">
            <input type="checkbox" className="size-4 accent-accent" checked={watch} onChange={(event) => setWatch(event.target.checked)} />
            {say("watchIndexWhat")}
          </label>
        </div>
        {rules.path && <PreviewCounts path={rules.path} include={include} exclude={exclude} />}
        {adding.error && <ErrorNotice error={adding.error} />}
      </div>
      <div className="mt-4 flex justify-end gap-2">
        <Dialog.Close render={<Button size="normal">{say("cancel")}</Button>} />
        <Button type="submit" size="normal" look="primary" disabled={!rules.path || adding.isPending}>
          {source ? say("saveAndIndex") : say("linkAndIndex")}
        </Button>
      </div>
    </form>
  );
}

function Labelled({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <span aria-hidden className="label text-fg2">
        {title}
      </span>
      {children}
      {hint && <span className="text-12 text-fg3">{hint}</span>}
    </div>
  );
}
