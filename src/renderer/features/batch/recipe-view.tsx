import type { ReactNode } from "react";
import type { Recipe } from "../../../shared/contract/recipe.ts";
import { describeRule } from "./describe-rule.ts";
import { fieldLines } from "./recipe-fields.ts";

const policyWords = { keep: "kept", mask: "masked", drop: "left out" };

/** A recipe to look at: its fields, its rules, and what becomes of personal data. */
export function RecipeView({ recipe, action }: { recipe: Recipe; action?: ReactNode }) {
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
        <caption className="label mb-1 text-left text-fg2">Fields</caption>
        <thead>
          <tr className="label h-7 text-left text-fg3">
            <th className="w-44 font-label">Field</th>
            <th className="w-24 font-label">Holds</th>
            <th className="font-label">What documents write beside it</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ name, kind, labels, description, columns }) => (
            <tr key={name} className="h-8 border-t border-line align-middle">
              <td className="truncate pr-2 font-mono text-12" title={description}>
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
      <section aria-label="Rules">
        <h3 className="label mb-1 text-fg2">Rules</h3>
        {recipe.rules.length === 0 && <p className="text-fg2">None: only the form of the fields is checked.</p>}
        <ul>
          {recipe.rules.map((rule, index) => (
            <li key={index} className="border-t border-line py-1.5">
              {describeRule(rule)}
            </li>
          ))}
        </ul>
      </section>
      <section aria-label="Personal data">
        <h3 className="label mb-1 text-fg2">Personal data in results and exports</h3>
        <p className="text-fg2">
          {policies.length === 0
            ? "Everything is kept."
            : `${policies.map(([kind, policy]) => `${kind}: ${policyWords[policy]}`).join(" · ")}. Everything else is kept.`}
        </p>
      </section>
    </div>
  );
}
