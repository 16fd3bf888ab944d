import type { JsonSchema } from "../generation/protocol.ts";

/** The smallest value that a JSON Schema allows, as far as type, enum, const, required parts and minima go. */
export function smallestValue(schema: JsonSchema): unknown {
  if ("const" in schema) return schema["const"];
  if (Array.isArray(schema["enum"])) return schema["enum"][0];
  const [alternative] = [schema["oneOf"], schema["anyOf"]].filter(Array.isArray);
  if (alternative && isSchema(alternative[0])) return smallestValue(alternative[0]);
  const type = Array.isArray(schema["type"]) ? schema["type"][0] : schema["type"];
  switch (type) {
    case "object":
      return smallestObject(schema);
    case "array":
      return Array.from({ length: numberOr(schema["minItems"], 0) }, () =>
        isSchema(schema["items"]) ? smallestValue(schema["items"]) : null,
      );
    case "string":
      return "x".repeat(numberOr(schema["minLength"], 0));
    case "number":
    case "integer":
      return numberOr(schema["minimum"], 0);
    case "boolean":
      return false;
    default:
      return null;
  }
}

function smallestObject(schema: JsonSchema): Record<string, unknown> {
  const properties = isSchema(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"] : Object.keys(properties);
  const wanted = Object.entries(properties).filter(([name]) => required.includes(name));
  return Object.fromEntries(wanted.map(([name, part]) => [name, isSchema(part) ? smallestValue(part) : null]));
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null && !Array.isArray(value);

const numberOr = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);
