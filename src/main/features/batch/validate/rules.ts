import type { Fields, FieldValue, Flag, Scalar } from "../../../../shared/contract/batch.ts";
import type { Rule } from "../../../../shared/contract/recipe.ts";
import { checkVat, isIban } from "./checksums.ts";
import { linearPattern } from "./linear-pattern.ts";
import type { LookupTable } from "./lookup.ts";
import { valuesOf } from "./values.ts";

/** A broken rule: what it is called, which values take part, and what to tell. */
export type Violation = Flag & { paths: string[] };
export type Lookups = ReadonlyMap<string, LookupTable>;

const LONGEST_TESTED = 2_000;
const DAY_MS = 86_400_000;

/** What a rule finds wrong with a record. Silent where a value that it needs is lacking. */
export function checkRule(rule: Rule, fields: Fields, lookups: Lookups): Violation[] {
  const violation = (paths: string[], message: string): Violation => ({ rule: rule.rule, message: rule.message ?? message, paths });
  switch (rule.rule) {
    case "sum":
      return checkSum(rule, fields, violation);
    case "product":
      return checkProduct(rule, fields, violation);
    case "date-order":
      return checkDates(rule, fields, violation);
    case "required": {
      const isAsked =
        rule.when === undefined ||
        valuesOf(fields, rule.when.field).some(([, { value }]) =>
          rule.when?.equals === undefined ? value !== null : value === rule.when.equals,
        );
      const values = valuesOf(fields, rule.field);
      const isThere = values.length > 0 && values.every(([, { value }]) => value !== null);
      return isAsked && !isThere
        ? [
            violation(
              values.length > 0 ? values.flatMap(([path, { value }]) => (value === null ? [path] : [])) : [rule.field],
              `${rule.field} was not found.`,
            ),
          ]
        : [];
    }
    case "pattern": {
      const pattern = linearPattern(rule.pattern);
      return each(fields, rule.field, (text) => pattern.test(text.slice(0, LONGEST_TESTED))).map((path) =>
        violation([path], `${rule.field} does not have the form that is asked for.`),
      );
    }
    case "iban":
      return each(fields, rule.field, isIban).map((path) => violation([path], "The check digits of the IBAN do not agree."));
    case "vat":
      return each(fields, rule.field, (text) => !/^[A-Z]{2}/iu.test(text) || checkVat(text) !== "invalid").map((path) =>
        violation([path], "The VAT number is not valid in its country."),
      );
    case "compare":
      return checkCompare(rule, fields, violation);
    case "range":
      return valuesOf(fields, rule.field).flatMap(([path, { value }]) =>
        typeof value === "number" && (value < (rule.minimum ?? -Infinity) || value > (rule.maximum ?? Infinity))
          ? [violation([path], `${rule.field} is out of range.`)]
          : [],
      );
    case "lookup":
      return checkLookup(rule, fields, lookups, violation);
  }
}

type Make = (paths: string[], message: string) => Violation;
type RuleOf<Name extends Rule["rule"]> = Extract<Rule, { rule: Name }>;

/** Paths of the values of a field that are there and fail the test. */
const each = (fields: Fields, field: string, test: (text: string) => boolean): string[] =>
  valuesOf(fields, field).flatMap(([path, { value }]) => (value === null || test(String(value)) ? [] : [path]));

function checkSum(rule: RuleOf<"sum">, fields: Fields, make: Make): Violation[] {
  const parts = rule.parts.flatMap((path) => valuesOf(fields, path));
  const totals = [rule.total, ...rule.or]
    .flatMap((path) => valuesOf(fields, path).slice(0, 1))
    .filter(([, { value }]) => typeof value === "number");
  if (parts.length === 0 || totals.length === 0 || parts.some(([, { value }]) => typeof value !== "number")) return [];
  const sum = parts.reduce((all, [, { value }]) => all + Number(value), 0);
  // Each part may be rounded by itself.
  const tolerance = rule.tolerance + (parts.length > 2 ? parts.length * 0.005 : 0) + 1e-9;
  if (totals.some(([, { value }]) => Math.abs(Number(value) - sum) <= tolerance)) return [];
  const [total] = totals;
  return [
    make(
      [...totals.map(([path]) => path), ...(parts.length <= 4 ? parts.map(([path]) => path) : [])],
      `${rule.parts.join(" + ")} is ${sum.toFixed(2)} and not ${Number(total?.[1].value).toFixed(2)}.`,
    ),
  ];
}

function checkProduct(rule: RuleOf<"product">, fields: Fields, make: Make): Violation[] {
  const factors = rule.factors.map((path) => valuesOf(fields, path));
  return valuesOf(fields, rule.result).flatMap(([path, { value }], row) => {
    const own = factors.map((list) => (list.length === 1 ? list[0] : list[row]));
    if (typeof value !== "number" || own.some((factor) => typeof factor?.[1].value !== "number")) return [];
    const product = own.reduce((all, factor) => all * Number(factor?.[1].value), 1);
    const tolerance = rule.tolerance + Math.abs(Number(own[0]?.[1].value)) * 0.005 + 1e-9;
    // A credit note may write amounts below zero, and quantities and prices as they were.
    return Math.abs(Math.abs(product) - Math.abs(value)) <= tolerance
      ? []
      : [make([path], `${rule.factors.join(" × ")} is ${product.toFixed(2)} and not ${value.toFixed(2)}.`)];
  });
}

function checkDates(rule: RuleOf<"date-order">, fields: Fields, make: Make): Violation[] {
  const dates = rule.fields.flatMap((path) => valuesOf(fields, path).filter(([, { value }]) => typeof value === "string"));
  return dates.slice(1).flatMap(([path, { value }], index) => {
    const [before, earlier] = dates[index] ?? ["", undefined];
    const days = (Date.parse(String(value)) - Date.parse(String(earlier?.value))) / DAY_MS;
    if (days >= 0 && days <= (rule.mostDays ?? Infinity)) return [];
    return Number.isNaN(days) ? [] : [make([before, path], `${path} is ${days < 0 ? "before" : "too long after"} ${before}.`)];
  });
}

function checkCompare(rule: RuleOf<"compare">, fields: Fields, make: Make): Violation[] {
  const rights = valuesOf(fields, rule.right);
  return valuesOf(fields, rule.left).flatMap(([path, left], row) => {
    const right = rights.length === 1 ? rights[0] : rights[row];
    if (left.value === null || right === undefined || right[1].value === null) return [];
    return holds(left.value, rule.operator, right[1].value)
      ? []
      : [make([path, right[0]], `${rule.left} ${rule.operator} ${rule.right} does not hold.`)];
  });
}

function holds(left: Exclude<Scalar, null>, operator: RuleOf<"compare">["operator"], right: Exclude<Scalar, null>): boolean {
  switch (operator) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    case "=":
      return left === right;
    case "!=":
      return left !== right;
  }
}

function checkLookup(rule: RuleOf<"lookup">, fields: Fields, lookups: Lookups, make: Make): Violation[] {
  const table = lookups.get(rule.file);
  if (!table) return [make([rule.field], `The list ${rule.file} could not be read.`)];
  return valuesOf(fields, rule.field).flatMap(([path, { value }]) => {
    if (value === null) return [];
    const rows = table.rowsWhere(rule.column, String(value));
    if (rows.length === 0) return [make([path], `${String(value)} does not stand in the column ${rule.column} of the list.`)];
    const differs = Object.entries(rule.same).flatMap(([field, column]) => {
      const other = valuesOf(fields, field)[0];
      return other && other[1].value !== null && !rows.some((row) => table.isSame(row[column], String(other[1].value))) ? [other] : [];
    });
    return differs.map(([otherPath, other]: [string, FieldValue]) =>
      make([otherPath], `The list has another ${otherPath} than ${String(other.value)} for this ${rule.field}.`),
    );
  });
}
