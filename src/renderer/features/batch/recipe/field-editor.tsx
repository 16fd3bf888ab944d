import { Plus, X } from "lucide-react";
import { useState } from "react";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { fieldKinds } from "../../../../shared/field-kinds.ts";
import { Button } from "../../../components/button.tsx";
import { SelectField, TextField } from "../../../components/field.tsx";
import { IconButton } from "../../../components/icon-button.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { describeRule } from "./describe-rule.ts";
import { messages } from "../messages.ts";
import { dropField, fieldLines, putField, setLabels } from "./recipe-fields.ts";

/** Fields that are added, taken out, and told by other labels. What is more than that is edited as JSON. */
export function FieldEditor({ recipe, onChange }: { recipe: Recipe; onChange(recipe: Recipe): void }) {
  const say = useWords(messages);
  const [name, setName] = useState("");
  const lines = fieldLines(recipe);
  const fieldName = name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_");
  const isNew = /^[a-z]/.test(fieldName) && !lines.some((line) => line.name === fieldName);
  return (
    <>
      <ul aria-label={say("fieldsRecipe")}>
        {lines.map(({ name: field, kind, labels, columns }) => (
          <li key={field} className="grid grid-cols-[10rem_7rem_minmax(8rem,1fr)_1.75rem] items-center gap-2 border-t border-line py-1">
            <span className="truncate font-mono text-12" title={field}>
              {field}
            </span>
            {fieldKinds.some((one) => one === kind) ? (
              <SelectField label={say("whatHolds", { field })} value={kind} onChange={(event) => onKind(field, event.target.value)}>
                {fieldKinds.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </SelectField>
            ) : (
              <span className="text-fg2">{kind}</span>
            )}
            {columns.length > 0 ? (
              <span className="truncate text-fg2">{columns.join(", ")}</span>
            ) : (
              <TextField
                key={labels.join()}
                label={say("whatDocumentsWrite", { field })}
                placeholder={say("labelsWithCommas")}
                defaultValue={labels.join(", ")}
                onBlur={(event) => event.target.value !== labels.join(", ") && onChange(setLabels(recipe, field, event.target.value))}
              />
            )}
            <IconButton
              icon={X}
              label={say("takeOut", { field })}
              disabled={lines.length === 1}
              onClick={() => onChange(dropField(recipe, field))}
            />
          </li>
        ))}
      </ul>
      <form
        className="flex items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isNew) return;
          onChange(putField(recipe, fieldName, "text"));
          setName("");
        }}
      >
        <TextField
          label={say("nameNewField")}
          placeholder={say("newFieldSuch")}
          className="max-w-60"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={!isNew}>
          <Plus aria-hidden size={14} strokeWidth={1.5} />
          {say("addField")}
        </Button>
      </form>
      <section aria-label={say("rulesRecipe")}>
        <h3 className="label mb-1 text-fg2">{say("rules")}</h3>
        <ul>
          {recipe.rules.map((rule, index) => (
            <li key={index} className="flex items-center gap-2 border-t border-line py-0.5">
              <span className="min-w-0 flex-1">{describeRule(rule, say)}</span>
              <IconButton
                icon={X}
                label={say("takeOutRule", { rule: describeRule(rule, say) })}
                onClick={() => onChange({ ...recipe, rules: recipe.rules.filter((one) => one !== rule) })}
              />
            </li>
          ))}
        </ul>
        <p className="mt-1 text-12 text-fg3">{say("rulesTablesChoicesAdded")}</p>
      </section>
    </>
  );

  function onKind(field: string, kind: string) {
    const known = fieldKinds.find((one) => one === kind);
    if (known) onChange(putField(recipe, field, known));
  }
}
