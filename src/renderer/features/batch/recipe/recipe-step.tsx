import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { BatchRun } from "../../../../shared/contract/batch.ts";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { Button } from "../../../components/button.tsx";
import { ErrorNotice } from "../../../components/notice.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { RecipeEditor } from "./recipe-editor.tsx";
import { RecipePicker } from "./recipe-picker.tsx";
import { RecipeView } from "./recipe-view.tsx";
import { StartBar } from "../input/start-bar.tsx";
import { TrialPanel } from "./trial-panel.tsx";
import { useDraft } from "./use-draft.ts";

/** How the documents become a table: a recipe, looked at, changed in a copy, and tried on three files. */
export function RecipeStep({ run }: { run: BatchRun | undefined }) {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const [draft, change] = useDraft(run);
  /** A recipe that is being changed and is not saved. */
  const [edited, setEdited] = useState<Recipe>();
  const { data: recipe, error, refetch } = useQuery(orpc.batch.getRecipe.queryOptions({ input: draft.recipe }));
  const choose = ({ name, version }: Pick<Recipe, "name" | "version">) => {
    setEdited(undefined);
    change({ recipe: { name, version } });
  };
  const shown = edited ?? recipe;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <RecipePicker chosen={draft.recipe} sample={draft.paths} onChoose={choose} onEdit={setEdited} recipe={shown} />
      <div className="flex min-h-0 flex-1 max-lg:flex-col max-lg:overflow-y-auto">
        <section aria-label={say("recipe")} className="min-w-0 flex-1 overflow-y-auto max-lg:shrink-0 max-lg:overflow-visible">
          {error && !edited ? (
            <div className="p-4">
              <ErrorNotice error={error} onRetry={() => void refetch()} />
            </div>
          ) : !shown ? (
            <SkeletonRows rows={10} label={say("loadingTheRecipe")} />
          ) : edited ? (
            <RecipeEditor recipe={edited} onChange={setEdited} onSaved={choose} onCancel={() => setEdited(undefined)} />
          ) : (
            <RecipeView
              recipe={shown}
              action={
                <Button data-key="e" onClick={() => setEdited(shown)}>
                  {say("editACopy")}
                </Button>
              }
            />
          )}
        </section>
        {shown && <TrialPanel recipe={shown} paths={draft.paths} model={draft.model} />}
      </div>
      <StartBar run={run} draft={draft} change={change} unsaved={edited !== undefined} />
    </div>
  );
}
