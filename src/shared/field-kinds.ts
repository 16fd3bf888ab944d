/**
 * What a field of a recipe holds, in the order in which the kinds are offered; its reader and its checks follow from it.
 * `text` is copied from the document, `free` may be written by a model.
 */
export const fieldKinds = [
  "text",
  "free",
  "id",
  "amount",
  "number",
  "date",
  "currency",
  "party",
  "person",
  "email",
  "phone",
  "url",
  "iban",
  "vat",
  "choice",
  "boolean",
] as const;
export type FieldKind = (typeof fieldKinds)[number];
