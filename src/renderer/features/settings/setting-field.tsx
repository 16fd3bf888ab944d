import { Switch } from "@base-ui/react/switch";
import { useState } from "react";
import type { ModelRole } from "../../../shared/contract/models.ts";
import type { Settings } from "../../../shared/contract/settings.ts";
import { useModels } from "../../api/hooks.ts";
import { SelectField, TextField } from "../../components/field.tsx";
import { useWords } from "../../i18n/use-words.ts";
import type { SettingRow } from "./group-settings.ts";
import { messages } from "./messages.ts";
import { readDraft } from "./read-draft.ts";
import { settingName, valueWords } from "./setting-words.ts";

const choices: Partial<Record<keyof Settings, readonly string[]>> = {
  "ocr.mode": ["auto", "never", "always"] satisfies Settings["ocr.mode"][],
  "answer.effort": ["instant", "normal", "thorough"] satisfies Settings["answer.effort"][],
};

const modelRoles: Partial<Record<keyof Settings, ModelRole>> = {
  "models.chat": "chat",
  "models.embedding": "embedding",
  "models.reranker": "reranker",
};

export type SettingFieldProps = { row: SettingRow; onChange(value: unknown): void };

/** The field that fits a setting's value. Core checks what is set, so a field only has to be convenient. */
export function SettingField({ row, onChange }: SettingFieldProps) {
  const say = useWords(messages);
  const { key, value } = row;
  const name = settingName(row, say);
  const role = modelRoles[key];
  if (role) return <ModelField row={row} role={role} onChange={onChange} />;
  const options = choices[key];
  if (options)
    return (
      <SelectField label={name} value={String(value)} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {valueWords(option, say)}
          </option>
        ))}
      </SelectField>
    );
  if (typeof value === "boolean") return <BooleanField label={name} value={value} onChange={onChange} />;
  return <DraftField row={row} onChange={onChange} />;
}

function ModelField({ row, role, onChange }: SettingFieldProps & { role: ModelRole }) {
  const say = useWords(messages);
  const models = useModels().data?.filter((model) => model.role === role) ?? [];
  const withProvider = (id: string) => (id.includes(":") ? id : `local:${id}`);
  const current = typeof row.value === "string" ? withProvider(row.value) : "";
  const known = models.some(({ id }) => withProvider(id) === current);
  return (
    <SelectField label={settingName(row, say)} value={current} onChange={(event) => event.target.value && onChange(event.target.value)}>
      {current === "" && <option value="">{say("noModel")}</option>}
      {current !== "" && !known && <option value={current}>{current}</option>}
      {models.map(({ id, name, state }) => (
        <option key={id} value={withProvider(id)}>
          {state === "installed" ? name : say("modelNotInstalled", { name })}
        </option>
      ))}
    </SelectField>
  );
}

function BooleanField({ label, value, onChange }: { label: string; value: boolean; onChange(value: boolean): void }) {
  const say = useWords(messages);
  return (
    <span className="flex items-center gap-2">
      <Switch.Root
        checked={value}
        onCheckedChange={onChange}
        aria-label={label}
        className="flex h-6 w-10 items-center rounded-panel border border-control bg-bg2 p-0.5 data-[checked]:border-accent data-[checked]:bg-accent"
      >
        <Switch.Thumb className="size-4 rounded-input bg-control transition-transform duration-100 data-[checked]:translate-x-4 rtl:data-[checked]:-translate-x-4 data-[checked]:bg-on-accent" />
      </Switch.Root>
      <span aria-hidden className="text-fg2">
        {value ? say("on") : say("off")}
      </span>
    </span>
  );
}

/** Numbers and lists are set when the field is left or Enter is pressed, not at every key. */
function DraftField({ row, onChange }: SettingFieldProps) {
  const say = useWords(messages);
  const isNumber = typeof row.value === "number";
  const shown = Array.isArray(row.value) ? row.value.join(", ") : String(row.value ?? "");
  const [draft, setDraft] = useState(shown);
  const commit = () => {
    if (draft === shown) return;
    const value = readDraft(row.value, draft);
    if (value === undefined) setDraft(shown);
    else onChange(value);
  };
  return (
    <TextField
      label={settingName(row, say)}
      inputMode={isNumber ? "decimal" : "text"}
      className={isNumber ? "tnum" : undefined}
      value={draft}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
    />
  );
}
