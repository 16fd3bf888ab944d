import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { inputClass } from "../../../components/field.tsx";
import { ErrorNotice } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";

/** How long nothing is typed before the text is looked at. Milliseconds. */
const restMs = 250;

/** All of a recipe as JSON. What core refuses of it is listed with its place; until then the recipe stays as it was. */
export function RecipeText({ recipe, onChange }: { recipe: Recipe; onChange(recipe: Recipe): void }) {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const [text, setText] = useState(() => JSON.stringify(recipe, null, 2));
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  const { data, error } = useQuery(orpc.batch.validateRecipe.queryOptions({ input: { text: settled } }));
  const taken = useRef(settled);
  useEffect(() => {
    if (!data?.recipe || taken.current === settled) return;
    taken.current = settled;
    onChange(data.recipe);
  }, [data, settled, onChange]);
  return (
    <>
      <textarea
        aria-label={say("recipeAsJson")}
        spellCheck={false}
        className={`${inputClass} h-96 py-1 font-mono text-12`}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {error && <ErrorNotice error={error} />}
      {data && !data.ok && (
        <ul aria-label={say("whyRecipeRefused")} aria-live="polite" className="text-danger">
          {data.problems.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              {path && <code className="tnum">{path}: </code>}
              {message}
            </li>
          ))}
        </ul>
      )}
      {data?.ok && <p className="text-12 text-fg3">{say("recipeCanBe")}</p>}
    </>
  );
}
