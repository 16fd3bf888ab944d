import { createHash } from "node:crypto";
import type { RecipeProblem } from "../../../../shared/contract/batch.ts";
import { Recipe } from "../../../../shared/contract/recipe.ts";
import { fieldsOfRule } from "../../../../shared/fields-of-rule.ts";
import { issueWords } from "../../../../shared/issue-words.ts";
import { compileSchema } from "../validate/schema.ts";
import { linearPattern } from "../validate/linear-pattern.ts";

export type ParsedRecipe = { recipe: Recipe; problems: [] } | { recipe?: undefined; problems: RecipeProblem[] };

const MOST_PROBLEMS = 20;
const MOST_CHARACTERS = 1_000_000;

/** A recipe's text as a recipe, or everything that is wrong with it. Never throws: it may come from anywhere. */
export function parseRecipe(text: string): ParsedRecipe {
  if (text.length > MOST_CHARACTERS) return { problems: [{ path: "", message: "a recipe has at most a million characters" }] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      problems: [
        { path: "", message: `this is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : "it cannot be parsed"}` },
      ],
    };
  }
  return checkRecipe(value);
}

/** The same for a value that is JSON already. */
export function checkRecipe(value: unknown): ParsedRecipe {
  const parsed = Recipe.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues
      .slice(0, MOST_PROBLEMS)
      .map((issue) => ({ path: issue.path.map(String).join("."), message: issueWords({ ...issue }) }));
    return { problems };
  }
  const problems = [...namesNotThere(parsed.data), ...badPatterns(parsed.data)];
  if (problems.length > 0) return { problems: problems.slice(0, MOST_PROBLEMS) };
  try {
    compileSchema(parsed.data.schema);
  } catch (error) {
    return { problems: [{ path: "schema", message: error instanceof Error ? error.message.slice(0, 300) : "the schema cannot be used" }] };
  }
  return { recipe: parsed.data, problems: [] };
}

/** Rules, identity and parting may only name fields that the schema has. */
function namesNotThere({ schema, rules, identity, split }: Recipe): RecipeProblem[] {
  const known = new Set(
    Object.entries(schema.properties).flatMap(([name, field]) => [
      name,
      ...(field.type === "array" && field.items.type === "object"
        ? Object.keys(field.items.properties).map((column) => `${name}.${column}`)
        : []),
    ]),
  );
  const missing = (path: string, names: readonly string[]) =>
    names.flatMap((name) => (known.has(name) ? [] : [{ path, message: `there is no field ${name}` }]));
  return [
    ...rules.flatMap((rule, index) => missing(`rules.${index}`, fieldsOfRule(rule))),
    ...missing("identity", identity),
    ...missing("split.fields", split.fields),
    ...missing(
      "schema.required",
      (schema.required ?? []).filter((name) => !Object.hasOwn(schema.properties, name)),
    ),
  ];
}

function badPatterns({ schema, rules }: Recipe): RecipeProblem[] {
  const patterns: [string, string][] = rules.flatMap((rule, index): [string, string][] =>
    rule.rule === "pattern" ? [[`rules.${index}.pattern`, rule.pattern]] : [],
  );
  for (const [name, field] of Object.entries(schema.properties)) {
    const own =
      field.type === "array"
        ? field.items.type === "object"
          ? Object.entries(field.items.properties)
          : [["", field.items] as const]
        : [["", field] as const];
    for (const [column, { pattern }] of own)
      if (pattern !== undefined) patterns.push([`schema.properties.${name}${column && `.${column}`}.pattern`, pattern]);
  }
  return patterns.flatMap(([path, pattern]) => {
    try {
      linearPattern(pattern);
      return [];
    } catch (error) {
      return [{ path, message: error instanceof Error ? error.message : "the pattern is refused" }];
    }
  });
}

/** sha256 of all that decides what is read and how it is judged: names and texts for people are not part of it. */
export function recipeHash({
  title: _title,
  description: _description,
  version: _version,
  concurrency: _concurrency,
  ...rest
}: Recipe): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(rest)))
    .digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
