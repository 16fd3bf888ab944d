import type { ReactNode } from "react";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { describeRule } from "./describe-rule.ts";
import { messages } from "../messages.ts";
import { fieldLines } from "./recipe-fields.ts";

const policyWords = { keep: "policyKeep", mask: "policyMask", drop: "policyDrop" } as const;

/** A recipe to look at: its fields, its rules, and what becomes of personal data. */
export function RecipeView({ recipe, action }: { recipe: Recipe; action?: ReactNode }) {
  const say = useWords(messages);
  const lines = fieldLines(recipe);
  const policies = Object.entries(recipe.pii);
  return (
    <div className="flex flex-col gap-5 px-4 py-3">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="text-16 font-title">{recipe.title}</h2>
          <p className="text-fg2">{recipe.description}</p>
        </div>
        {action}
      </div>
      <table className="w-full table-fixed">
        <caption className="label mb-1 text-start text-fg2">{say("fields")}</caption>
        <thead>
          <tr className="label h-7 text-start text-fg3">
            <th className="w-44 font-label">{say("field")}</th>
            <th className="w-24 font-label">{say("holds")}</th>
            <th className="font-label">{say("whatDocumentsWriteBeside")}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ name, kind, labels, description, columns }) => (
            <tr key={name} className="h-8 border-t border-line align-middle">
              <td className="truncate pe-2 font-mono text-12" title={description}>
                {name}
              </td>
              <td>{kind}</td>
              <td className="truncate text-fg2" title={(columns.length > 0 ? columns : labels).join(", ")}>
                {columns.length > 0 ? columns.join(", ") : labels.join(", ")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <section aria-label={say("rules")}>
        <h3 className="label mb-1 text-fg2">{say("rules")}</h3>
        {recipe.rules.length === 0 && <p className="text-fg2">{say("noneOnlyFormFields")}</p>}
        <ul>
          {recipe.rules.map((rule, index) => (
            <li key={index} className="border-t border-line py-1.5">
              {describeRule(rule, say)}
            </li>
          ))}
        </ul>
      </section>
      <section aria-label={say("personalData")}>
        <h3 className="label mb-1 text-fg2">{say("personalDataResults")}</h3>
        <p className="text-fg2">
          {policies.length === 0
            ? say("everythingIsKept")
            : say("everythingElseKept", { policies: policies.map(([kind, policy]) => `${kind}: ${say(policyWords[policy])}`).join(" · ") })}
        </p>
      </section>
    </div>
  );
}
