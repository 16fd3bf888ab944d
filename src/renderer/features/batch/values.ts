import type { BatchResult, FieldResult, Fields, FieldValue, Scalar } from "../../../shared/contract/batch.ts";
import { formatNumber } from "../../components/format.ts";

export const isValue = (field: FieldResult | undefined): field is FieldValue => field !== undefined && !Array.isArray(field);

const isCells = (row: FieldValue | Record<string, FieldValue>): row is Record<string, FieldValue> => !Array.isArray(row["flags"]);

export type PathValue = { path: string; value: FieldValue };

/** Every value of a record in its order, with its path: `total`, `lines.0.amount`, `skills.2`. */
export function eachValue(fields: Fields): PathValue[] {
  return Object.entries(fields).flatMap(([name, field]): PathValue[] => {
    if (isValue(field)) return [{ path: name, value: field }];
    return field.flatMap((row, index): PathValue[] =>
      isCells(row)
        ? Object.entries(row).map(([column, value]) => ({ path: `${name}.${index}.${column}`, value }))
        : [{ path: `${name}.${index}`, value: row }],
    );
  });
}

/** `lines.0.amount` as a person reads it: `lines 1 · amount`. */
export function pathTitle(path: string): string {
  const [name = "", index, column] = path.split(".");
  const words = (text: string) => text.replaceAll("_", " ");
  return [index === undefined ? words(name) : `${words(name)} ${Number(index) + 1}`, column && words(column)].filter(Boolean).join(" · ");
}

/** A value as it is typed and exported; what is lacking is a dash. */
export const showValue = (value: Scalar): string =>
  value === null ? "–" : typeof value === "boolean" ? (value ? "yes" : "no") : String(value);

/** What a cell of the grid says of a field: its value, or how many entries it has. */
export const showField = (field: FieldResult | undefined): string =>
  field === undefined
    ? ""
    : isValue(field)
      ? showValue(field.value)
      : `${formatNumber(field.length)} ${field.length === 1 ? "entry" : "entries"}`;

/** Paths that somebody should look at, least sure first among equals of the document's order. */
export const flaggedPaths = (result: Pick<BatchResult, "fields">): string[] =>
  eachValue(result.fields).flatMap(({ path, value }) => (value.flags.length > 0 ? [path] : []));

export type Provenance = "source" | "model" | "human" | "none";

/** Where a value came from: it stands in the document, a model decided it and nobody checked, a person confirmed it. */
export function provenanceOf({ value, origin }: Pick<FieldValue, "value" | "origin">): Provenance {
  if (origin === "person") return "human";
  if (value === null) return "none";
  return origin === "model" ? "model" : "source";
}
/** The message that says where a value came from. */
export const provenanceWords = {
  source: "source",
  model: "modelMade",
  human: "human",
  none: "none",
} as const satisfies Record<Provenance, string>;
