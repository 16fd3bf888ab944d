import type { Rule } from "../../../../shared/contract/recipe.ts";
import type { Say } from "../messages.ts";

const words = (path: string): string => path.replaceAll("_", " ").replace(".", " · ");
const list = (paths: readonly string[], join: string): string => paths.map(words).join(join);

/** A rule as a sentence. */
export function describeRule(rule: Rule, say: Say): string {
  switch (rule.rule) {
    case "sum": {
      const sum = `${words(rule.total)} = ${list(rule.parts, " + ")}`;
      const either = rule.or.length > 0 ? say("orOther", { rule: sum, others: list(rule.or, ", ") }) : sum;
      return say("within", { rule: either, tolerance: rule.tolerance });
    }
    case "product":
      return say("within", { rule: `${words(rule.result)} = ${list(rule.factors, " × ")}`, tolerance: rule.tolerance });
    case "date-order": {
      const order = list(rule.fields, " ≤ ");
      return rule.mostDays === undefined ? order : say("daysApart", { rule: order, days: rule.mostDays });
    }
    case "required": {
      const { when } = rule;
      const field = words(rule.field);
      if (!when) return say("mustBeThere", { field });
      const other = words(when.field);
      return when.equals === undefined
        ? say("mustBeThereWhen", { field, other })
        : say("mustBeThereWhenIs", { field, other, value: String(when.equals) });
    }
    case "pattern":
      return say("hasForm", { field: words(rule.field), pattern: rule.pattern });
    case "iban":
      return say("isIban", { field: words(rule.field) });
    case "vat":
      return say("isVat", { field: words(rule.field) });
    case "compare":
      return `${words(rule.left)} ${rule.operator} ${words(rule.right)}`;
    case "range": {
      const { minimum, maximum } = rule;
      const field = words(rule.field);
      if (minimum === undefined) return say("liesTo", { field, maximum: maximum ?? "" });
      return maximum === undefined ? say("liesFrom", { field, minimum }) : say("liesFromTo", { field, minimum, maximum });
    }
    case "lookup":
      return say("standsIn", { field: words(rule.field), column: rule.column, file: rule.file });
  }
}
