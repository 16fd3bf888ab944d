import type { Recipe } from "./contract/recipe.ts";

/** Every field that a rule names, columns of lists as `list.column`. */
export function fieldsOfRule(rule: Recipe["rules"][number]): string[] {
  switch (rule.rule) {
    case "sum":
      return [rule.total, ...rule.parts, ...rule.or];
    case "product":
      return [rule.result, ...rule.factors];
    case "date-order":
      return rule.fields;
    case "required":
      return [rule.field, ...(rule.when ? [rule.when.field] : [])];
    case "compare":
      return [rule.left, rule.right];
    case "lookup":
      return [rule.field, ...Object.keys(rule.same)];
    default:
      return [rule.field];
  }
}
