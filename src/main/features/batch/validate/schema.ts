import { Ajv, type ValidateFunction } from "ajv";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { linearPattern } from "./linear-pattern.ts";

/** Checks plain records by a recipe's JSON Schema; patterns are matched in linear time. */
export type SchemaCheck = (record: unknown) => { path: string; message: string }[];

/** Fields that a recipe adds to JSON Schema for its readers. */
const OWN_WORDS = ["x-kind", "x-labels", "x-not-labels"];
const FORMATS: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/u,
  email: /^[^\s@]{1,64}@[^\s@]{1,250}$/u,
  uri: /^\S{3,2000}$/u,
};

/** @throws Error of ajv for a schema that it cannot compile, such as one with a pattern that is refused */
export function compileSchema(schema: Recipe["schema"]): SchemaCheck {
  const regExp = Object.assign((pattern: string) => linearPattern(pattern), { code: "linearPattern" });
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, code: { regExp: regExp as never } });
  for (const word of OWN_WORDS) ajv.addKeyword(word);
  for (const [name, form] of Object.entries(FORMATS)) ajv.addFormat(name, form);
  const { $schema: _, ...rest } = schema;
  const validate: ValidateFunction = ajv.compile(rest);
  return (record) => {
    if (validate(record)) return [];
    return (validate.errors ?? []).map(({ instancePath, message = "is not valid" }) => ({
      path: instancePath.slice(1).replaceAll("/", "."),
      message,
    }));
  };
}
