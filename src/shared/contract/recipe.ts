import { z } from "zod";
import { fieldKinds } from "../field-kinds.ts";
import { OcrMode } from "./reading.ts";

export type { FieldKind } from "../field-kinds.ts";

/** Name of a field in results and exports; never a key of the prototype. */
export const FieldName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,59}$/, "a field is named in small letters, digits and _")
  .refine((name) => name !== "constructor" && name !== "prototype", "this name is taken");

const described = {
  description: z.string().max(1000).optional(),
  "x-kind": z.enum(fieldKinds).optional(),
  /** What documents write beside the value, in any language. */
  "x-labels": z.array(z.string().trim().min(1).max(80)).max(120).optional(),
  /** What documents write beside values that are something else: `bill to` is not the vendor. */
  "x-not-labels": z.array(z.string().trim().min(1).max(80)).max(120).optional(),
};

/** One value: a part of JSON Schema draft 7, small enough to be understood by the reader, the validator and the editor. */
export const ScalarSchema = z.strictObject({
  type: z.union([
    z.enum(["string", "number", "integer", "boolean"]),
    z.tuple([z.enum(["string", "number", "integer", "boolean"]), z.literal("null")]),
  ]),
  ...described,
  enum: z
    .array(z.union([z.string().max(200), z.null()]))
    .min(1)
    .max(100)
    .optional(),
  format: z.enum(["date", "email", "uri"]).optional(),
  pattern: z.string().max(300).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().int().min(0).optional(),
  maxLength: z.number().int().min(0).optional(),
});
export type ScalarSchema = z.infer<typeof ScalarSchema>;

const properties = <T extends z.ZodType>(value: T) =>
  z.record(FieldName, value).refine((fields) => Object.keys(fields).length <= 60, "at most 60 fields");

export const RowSchema = z.strictObject({
  type: z.literal("object"),
  description: z.string().max(1000).optional(),
  properties: properties(ScalarSchema),
  required: z.array(FieldName).max(60).optional(),
  additionalProperties: z.literal(false).optional(),
});
export type RowSchema = z.infer<typeof RowSchema>;

/** Rows of a table, or a list of values. */
export const ListSchema = z.strictObject({
  type: z.literal("array"),
  ...described,
  items: z.union([RowSchema, ScalarSchema]),
  minItems: z.number().int().min(0).max(10_000).optional(),
  maxItems: z.number().int().min(0).max(10_000).optional(),
});
export type ListSchema = z.infer<typeof ListSchema>;

export const FieldSchema = z.union([ListSchema, ScalarSchema]);
export type FieldSchema = z.infer<typeof FieldSchema>;

export const RecordSchema = z.strictObject({
  $schema: z.string().max(200).optional(),
  type: z.literal("object"),
  description: z.string().max(1000).optional(),
  properties: properties(FieldSchema),
  required: z.array(FieldName).max(60).optional(),
  additionalProperties: z.literal(false).optional(),
});
export type RecordSchema = z.infer<typeof RecordSchema>;

/** A field, or a column of a table as `lines.amount`. */
export const FieldPath = z.string().regex(/^[a-z][a-z0-9_]{0,59}(\.[a-z][a-z0-9_]{0,59})?$/, "a field, or table.column");
const message = z.string().max(300).optional();

/** Business rules. Each is silent where a field that it needs is null; only `required` asks for presence. */
export const Rule = z.discriminatedUnion("rule", [
  /** `total` = the sum of `parts`, columns summed over their rows; `tolerance` in units of the amount. */
  z.strictObject({
    rule: z.literal("sum"),
    total: FieldPath,
    parts: z.array(FieldPath).min(1).max(10),
    tolerance: z.number().min(0).max(1000).default(0.02),
    /** The rule also holds when it does for one of these totals: lines may be gross or net. */
    or: z.array(FieldPath).max(4).default([]),
    message,
  }),
  /** In each row of a table, or once: `result` = the product of `factors`. */
  z.strictObject({
    rule: z.literal("product"),
    result: FieldPath,
    factors: z.array(FieldPath).min(2).max(4),
    tolerance: z.number().min(0).max(1000).default(0.02),
    message,
  }),
  /** Dates that follow each other, or fall on one day. */
  z.strictObject({
    rule: z.literal("date-order"),
    fields: z.array(FieldPath).min(2).max(6),
    mostDays: z.number().int().positive().optional(),
    message,
  }),
  /** `field` must be there, always, or when another is there or has a value. */
  z.strictObject({
    rule: z.literal("required"),
    field: FieldPath,
    when: z.strictObject({ field: FieldPath, equals: z.union([z.string().max(200), z.number(), z.boolean()]).optional() }).optional(),
    message,
  }),
  /** A regular expression over the whole value; matched in linear time, so without look-around and back references. */
  z.strictObject({ rule: z.literal("pattern"), field: FieldPath, pattern: z.string().min(1).max(300), message }),
  z.strictObject({ rule: z.literal("iban"), field: FieldPath, message }),
  z.strictObject({ rule: z.literal("vat"), field: FieldPath, message }),
  /** Two fields compared as numbers or dates. */
  z.strictObject({
    rule: z.literal("compare"),
    left: FieldPath,
    operator: z.enum(["<", "<=", "=", "!=", ">=", ">"]),
    right: FieldPath,
    message,
  }),
  z.strictObject({ rule: z.literal("range"), field: FieldPath, minimum: z.number().optional(), maximum: z.number().optional(), message }),
  /** The value stands in a column of a CSV file; `same` names fields that must equal other columns of that row. */
  z.strictObject({
    rule: z.literal("lookup"),
    field: FieldPath,
    file: z.string().min(1).max(4096),
    column: z.string().min(1).max(200),
    same: z.record(FieldName, z.string().max(200)).default({}),
    message,
  }),
]);
export type Rule = z.infer<typeof Rule>;

export const personalKinds = ["email", "phone", "iban", "person", "party", "vat", "id"] as const;

/** How documents of a kind become a record. A plain JSON file that can be shared; hostile until parsed by this. */
export const Recipe = z.strictObject({
  format: z.literal("croft.recipe/1"),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, "a recipe is named in small letters, digits and -"),
  version: z.number().int().min(1).max(1_000_000).default(1),
  title: z.string().trim().min(1).max(120),
  description: z.string().max(2000).default(""),
  schema: RecordSchema,
  rules: z.array(Rule).max(100).default([]),
  /** `provider:model`, `none` for rules alone; the chat model of the settings where it is left out. */
  model: z.string().max(200).optional(),
  ocr: z
    .strictObject({
      mode: OcrMode.default("auto"),
      languages: z
        .array(z.string().regex(/^[a-z_]{3,12}$/i))
        .max(8)
        .default([]),
    })
    .default({ mode: "auto", languages: [] }),
  /** What becomes of personal data in results and exports, by kind of field. Fields not named are kept. */
  pii: z.partialRecord(z.enum(personalKinds), z.enum(["keep", "mask", "drop"])).default({}),
  concurrency: z.number().int().min(1).max(16).default(2),
  /** Fields that together tell one business document from another; equal ones are flagged. */
  identity: z.array(FieldName).max(5).default([]),
  /** `pages`: a file may hold several documents, told apart where these fields change; `file`: one each. */
  split: z
    .strictObject({ by: z.enum(["file", "pages"]), fields: z.array(FieldName).max(5).default([]) })
    .default({ by: "file", fields: [] }),
});
export type Recipe = z.infer<typeof Recipe>;
