import { useMutation, useQuery } from "@tanstack/react-query";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { ActionMenu } from "../../../components/action-menu.tsx";
import { Button } from "../../../components/button.tsx";
import { SelectField, TextField } from "../../../components/field.tsx";
import { ErrorNotice } from "../../../components/notice.tsx";
import { saveText } from "../../../components/save-text.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { useSampleFiles } from "./use-sample-files.ts";

export type RecipePickerProps = {
  chosen: { name: string; version?: number };
  sample: readonly string[];
  recipe: Recipe | undefined;
  onChoose(recipe: Pick<Recipe, "name" | "version">): void;
  onEdit(recipe: Recipe): void;
};

/** Chooses a recipe and its version; gets one from a file or from samples. */
export function RecipePicker({ chosen, sample, recipe, onChoose, onEdit }: RecipePickerProps) {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const { data: recipes, error } = useQuery(orpc.batch.listRecipes.queryOptions({ input: {} }));
  const [importing, setImporting] = useState(false);
  const files = useSampleFiles(sample);
  const suggest = useMutation({
    mutationFn: async () => client.batch.suggestFields({ paths: (await files()).slice(0, 5) }),
    onSuccess: onEdit,
  });
  const importFile = useMutation({
    mutationFn: (path: string) => client.batch.importRecipe({ path }),
    onSuccess: async (imported) => {
      await cache.invalidateQueries({ queryKey: orpc.batch.listRecipes.key() });
      setImporting(false);
      onChoose(imported);
    },
  });
  const info = recipes?.find(({ name }) => name === chosen.name);
  const problem = error ?? suggest.error ?? importFile.error;
  return (
    <div className="flex flex-col gap-2 border-b border-line px-4 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <SelectField
          label={say("recipe")}
          className="max-w-60"
          value={chosen.name}
          onChange={(event) => {
            const next = recipes?.find(({ name }) => name === event.target.value);
            if (next) onChoose(next);
          }}
        >
          {!info && <option value={chosen.name}>{chosen.name}</option>}
          {recipes?.map(({ name, title, builtIn }) => (
            <option key={name} value={name}>
              {title}
              {builtIn ? "" : " (own)"}
            </option>
          ))}
        </SelectField>
        {info && info.versions.length > 1 && (
          <SelectField
            label={say("newVersion")}
            className="max-w-32"
            value={chosen.version ?? info.version}
            onChange={(event) => onChoose({ name: info.name, version: Number(event.target.value) })}
          >
            {info.versions
              .toSorted((a, b) => b - a)
              .map((version) => (
                <option key={version} value={version}>
                  {say("versionOf", { version })}
                </option>
              ))}
          </SelectField>
        )}
        {info && <span className="min-w-0 flex-1 truncate text-fg2">{info.description}</span>}
        <span className="ms-auto flex items-center gap-2">
          <Button
            disabled={sample.length === 0 || suggest.isPending}
            title={sample.length === 0 ? say("nameFilesInput") : undefined}
            onClick={() => suggest.mutate()}
          >
            {suggest.isPending ? say("readingTheSamples") : say("suggestFromSample")}
          </Button>
          <ActionMenu
            icon={Ellipsis}
            label={say("moreAboutRecipes")}
            actions={[
              { title: say("importFromFile"), run: () => setImporting(true) },
              ...(recipe
                ? [
                    {
                      title: say("exportAsFile"),
                      note: "JSON",
                      run: () => saveText(`${recipe.name}.recipe.json`, `${JSON.stringify(recipe, null, 2)}\n`, "application/json"),
                    },
                  ]
                : []),
            ]}
          />
        </span>
      </div>
      {importing && (
        <form
          className="flex items-center gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            const path = new FormData(event.currentTarget).get("path");
            if (typeof path === "string" && path.trim()) importFile.mutate(path.trim());
          }}
        >
          <TextField
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- it was asked for a moment ago
            autoFocus
            name="path"
            label={say("pathRecipeFile")}
            placeholder={say("pathRecipeFileJson")}
            className="max-w-xl"
          />
          <Button type="submit" disabled={importFile.isPending}>
            {say("import")}
          </Button>
          <Button look="quiet" onClick={() => setImporting(false)}>
            {say("cancel")}
          </Button>
        </form>
      )}
      {problem && <ErrorNotice error={problem} />}
    </div>
  );
}
