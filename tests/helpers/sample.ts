import { z } from "zod";

type Schema = { [key: string]: unknown };

const strings = ["a", "0192f3a4-7b1c-7def-8abc-0123456789ab", "0".repeat(64), "eng", "/tmp/a.txt", "models.chat"];

/** A value that the schema accepts: the smallest one that shows every required part. */
export function sampleOf(type: z.ZodType): unknown {
  const schema: Schema = z.toJSONSchema(type, { io: "input", unrepresentable: "any", cycles: "ref", reused: "inline" });
  const definitions = isSchema(schema["$defs"]) ? schema["$defs"] : {};
  const value = sample(schema, definitions);
  return value;
}

function sample(schema: Schema, definitions: Schema): unknown {
  if (typeof schema["$ref"] === "string") {
    const target = definitions[schema["$ref"].split("/").at(-1) ?? ""];
    return isSchema(target) ? sample(target, definitions) : null;
  }
  if ("const" in schema) return schema["const"];
  if (Array.isArray(schema["enum"])) return schema["enum"][0];
  const branches = schema["anyOf"] ?? schema["oneOf"] ?? schema["allOf"];
  if (Array.isArray(branches)) return sample(branches[0], definitions);
  switch (schema["type"]) {
    case "object":
      return sampleObject(schema, definitions);
    case "array":
      return sampleArray(schema, definitions);
    case "string":
      return strings.find((text) => matches(text, schema)) ?? "a";
    case "integer":
    case "number":
      return Number(schema["minimum"] ?? (schema["exclusiveMinimum"] === undefined ? 0 : Number(schema["exclusiveMinimum"]) + 1));
    case "boolean":
      return true;
    default:
      return null;
  }
}

function sampleObject(schema: Schema, definitions: Schema): Schema {
  const properties = isSchema(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  return Object.fromEntries(required.map((name) => [name, sample(asSchema(properties[name]), definitions)]));
}

function sampleArray(schema: Schema, definitions: Schema): unknown[] {
  if (Array.isArray(schema["prefixItems"])) return schema["prefixItems"].map((item) => sample(asSchema(item), definitions));
  return Number(schema["minItems"] ?? 0) > 0 ? [sample(asSchema(schema["items"]), definitions)] : [];
}

function matches(text: string, schema: Schema): boolean {
  return typeof schema["pattern"] === "string" ? new RegExp(schema["pattern"]).test(text) : true;
}

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null;
const asSchema = (value: unknown): Schema => (isSchema(value) ? value : {});
