import type { Rule } from "../../../shared/contract/recipe.ts";

const words = (path: string): string => path.replaceAll("_", " ").replace(".", " · ");
const list = (paths: readonly string[], join: string): string => paths.map(words).join(join);

/** A rule as a sentence. */
export function describeRule(rule: Rule): string {
  switch (rule.rule) {
    case "sum":
      return `${words(rule.total)} = ${list(rule.parts, " + ")}${rule.or.length > 0 ? ` (or ${list(rule.or, ", ")})` : ""}, within ${rule.tolerance}`;
    case "product":
      return `${words(rule.result)} = ${list(rule.factors, " × ")}, within ${rule.tolerance}`;
    case "date-order":
      return `${list(rule.fields, " ≤ ")}${rule.mostDays === undefined ? "" : `, at most ${rule.mostDays} days apart`}`;
    case "required": {
      const { when } = rule;
      if (!when) return `${words(rule.field)} must be there`;
      return `${words(rule.field)} must be there when ${words(when.field)} ${when.equals === undefined ? "is" : `is ${String(when.equals)}`}`;
    }
    case "pattern":
      return `${words(rule.field)} has the form ${rule.pattern}`;
    case "iban":
      return `${words(rule.field)} is an account number with right check digits`;
    case "vat":
      return `${words(rule.field)} is a VAT number with right check digits`;
    case "compare":
      return `${words(rule.left)} ${rule.operator} ${words(rule.right)}`;
    case "range":
      return `${words(rule.field)} lies ${[rule.minimum === undefined ? "" : `from ${rule.minimum}`, rule.maximum === undefined ? "" : `to ${rule.maximum}`].filter(Boolean).join(" ")}`;
    case "lookup":
      return `${words(rule.field)} stands in ${rule.column} of ${rule.file}`;
  }
}
