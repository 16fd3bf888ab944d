import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { Button } from "../../../components/button.tsx";
import { TextField } from "../../../components/field.tsx";
import { ErrorNotice } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { FieldEditor } from "./field-editor.tsx";
import { messages } from "../messages.ts";
import { RecipeText } from "./recipe-text.tsx";

export type RecipeEditorProps = { recipe: Recipe; onChange(recipe: Recipe): void; onSaved(recipe: Recipe): void; onCancel(): void };

const views = ["fields", "json"] as const;

/** A copy of a recipe that is being changed: its fields as a list, or all of it as JSON. Saving makes the next version of its name. */
export function RecipeEditor({ recipe, onChange, onSaved, onCancel }: RecipeEditorProps) {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const [view, setView] = useState<(typeof views)[number]>("fields");
  const save = useMutation({
    mutationFn: () => client.batch.saveRecipe({ recipe }),
    onSuccess: async (saved) => {
      await cache.invalidateQueries({ queryKey: orpc.batch.listRecipes.key() });
      onSaved(saved);
    },
  });
  return (
    <div className="flex flex-col gap-3 px-4 py-3">
      <div className="flex flex-wrap items-center gap-2">
        <TextField
          label={say("titleRecipe")}
          className="max-w-60"
          value={recipe.title}
          onChange={(event) => onChange({ ...recipe, title: event.target.value })}
        />
        <TextField
          label={say("nameRecipe")}
          className="max-w-48 font-mono"
          value={recipe.name}
          onChange={(event) => onChange({ ...recipe, name: event.target.value })}
        />
        <span className="ms-auto flex gap-2">
          <Button onClick={onCancel}>{say("cancel")}</Button>
          <Button look="primary" disabled={save.isPending || recipe.title.trim() === ""} onClick={() => save.mutate()}>
            {say("saveAsNew")}
          </Button>
        </span>
      </div>
      <div role="group" aria-label={say("editAs")} className="flex gap-1">
        {views.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={view === one}
            onClick={() => setView(one)}
            className={`h-7 rounded-input px-2 ${view === one ? "label bg-bg3" : "text-fg2 hover:bg-bg3"}`}
          >
            {one === "fields" ? say("fields") : "JSON"}
          </button>
        ))}
      </div>
      {save.error && <ErrorNotice error={save.error} />}
      {view === "fields" ? <FieldEditor recipe={recipe} onChange={onChange} /> : <RecipeText recipe={recipe} onChange={onChange} />}
    </div>
  );
}
