import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { useState } from "react";
import type { Collection, Source } from "../../../shared/contract/knowledge.ts";
import type { OcrMode } from "../../../shared/contract/reading.ts";
import { Button } from "../../components/button.tsx";
import { inputClass, SelectField, TextField } from "../../components/field.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { toLanguages, toPatterns } from "./patterns.ts";
import { PreviewCounts } from "./preview-counts.tsx";
import { useAddSources } from "./use-add-sources.ts";

const ocrWords: Record<OcrMode | "", string> = {
  "": "As in Settings",
  auto: "Pages without text",
  always: "Every page",
  never: "No page",
};

const ocrModes = ["", "auto", "always", "never"] as const satisfies readonly (OcrMode | "")[];

export type SourceFormProps = { collection: Collection; path: string; source: Source | undefined; onDone(): void };

export function SourceForm({ collection, path: typed, source, onDone }: SourceFormProps) {
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
          <Labelled title="File or folder">
            <TextField label="File or folder" value={path} onChange={(event) => setPath(event.target.value)} />
          </Labelled>
        )}
        <div className="grid gap-3 sm:grid-cols-2">
          <Labelled title="Only these" hint="A pattern a line, such as *.{md,pdf} or letters/**">
            <textarea aria-label="Only these files" className={area} value={include} onChange={(event) => setInclude(event.target.value)} />
          </Labelled>
          <Labelled title="Not these" hint="Such as drafts/** or *.bak">
            <textarea aria-label="Not these files" className={area} value={exclude} onChange={(event) => setExclude(event.target.value)} />
          </Labelled>
          <Labelled title="Recognise text in">
            <SelectField
              label="Recognise text in"
              value={ocr}
              onChange={(event) => setOcr(ocrModes.find((mode) => mode === event.target.value) ?? "")}
            >
              {ocrModes.map((mode) => (
                <option key={mode} value={mode}>
                  {ocrWords[mode]}
                </option>
              ))}
            </SelectField>
          </Labelled>
          <Labelled title="Languages" hint="Codes such as eng, deu; as in Settings when empty">
            <TextField label="Languages to recognise" value={languages} onChange={(event) => setLanguages(event.target.value)} />
          </Labelled>
          <Labelled
            title="Password"
            hint={
              source?.hasPassword ? "One is kept; type another to replace it" : "For locked files; kept with the secrets of this machine"
            }
          >
            <TextField
              label="Password for locked files"
              type="password"
              autoComplete="new-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Labelled>
          <label className="flex min-h-7 items-center gap-2 self-start sm:mt-5">
            <input type="checkbox" className="size-4 accent-accent" checked={watch} onChange={(event) => setWatch(event.target.checked)} />
            Watch it, and index what changes
          </label>
        </div>
        {rules.path && <PreviewCounts path={rules.path} include={include} exclude={exclude} />}
        {adding.error && <ErrorNotice error={adding.error} />}
      </div>
      <div className="mt-4 flex justify-end gap-2">
        <Dialog.Close render={<Button size="normal">Cancel</Button>} />
        <Button type="submit" size="normal" look="primary" disabled={!rules.path || adding.isPending}>
          {source ? "Save and index" : "Link and index"}
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
