import type { FieldKind, ScalarSchema } from "../../../../shared/contract/recipe.ts";
import type { Scalar } from "../../../../shared/contract/batch.ts";
import { findAmounts, parseAmount } from "./amounts.ts";
import { findCodes, findEmails, findIbans, findPhones, findUrls, findVatIds } from "./codes.ts";
import { currencyOf } from "./currencies.ts";
import { parseDate } from "./dates.ts";
import type { Habits } from "./habits.ts";
import { compactId } from "../validate/checksums.ts";

/** What a field holds: as its recipe says, else what its JSON type and format suggest. */
export function kindOf(schema: ScalarSchema): FieldKind {
  if (schema["x-kind"]) return schema["x-kind"];
  const type = typeof schema.type === "string" ? schema.type : schema.type[0];
  if (type === "number" || type === "integer") return "number";
  if (type === "boolean") return "boolean";
  if (schema.format === "date") return "date";
  if (schema.format === "email") return "email";
  if (schema.format === "uri") return "url";
  return schema.enum ? "choice" : "text";
}

/** The value that a text of the document stands for, by the field's kind; undefined when it is not one. */
export function parseValue(raw: string, kind: FieldKind, habits: Habits, schema?: ScalarSchema): Scalar | undefined {
  const text = raw.trim();
  switch (kind) {
    case "amount":
    case "number":
      return parseAmount(text, habits.decimal) ?? onlyAmount(text, habits);
    case "date":
      return parseDate(text, habits.order);
    case "currency":
      return currencyOf(text) ?? currencyOf(text.toUpperCase());
    case "iban":
      return whole(findIbans(text), text);
    case "vat":
      return (
        whole(findVatIds(text), text) ??
        (/^(?:[A-Z]{0,3}[\d .-]{6,16}[A-Z]{0,2}|\d{2}[A-Z]{5}\d{4}[A-Z][A-Z\d]Z[A-Z\d])$/iu.test(text) ? compactId(text) : undefined)
      );
    case "email":
      return whole(findEmails(text), text);
    case "url":
      return whole(findUrls(text), text);
    case "phone":
      return whole(findPhones(text), text);
    case "id":
      return whole(findCodes(text), text) ?? (text === "" ? undefined : text.replace(/^#\s?/u, ""));
    case "choice":
      return schema?.enum?.find((choice) => choice !== null && choice.toLowerCase() === text.toLowerCase()) ?? undefined;
    case "boolean":
      return /^(true|yes|ja|oui|si|sí|x|1)$/iu.test(text) ? true : /^(false|no|nein|non|nee|0)$/iu.test(text) ? false : undefined;
    default:
      return text === "" ? undefined : text.replaceAll(/\s+/gu, " ");
  }
}

/** `1 PCS`, `12 Stk`: a quantity with its unit. */
function onlyAmount(text: string, habits: Habits): number | undefined {
  const [amount, more] = findAmounts(text);
  return amount?.start === 0 && !more && /^[^\d]{0,12}$/u.test(text.slice(amount.end))
    ? parseAmount(text.slice(amount.start, amount.end), habits.decimal)
    : undefined;
}

const whole = (found: readonly { start: number; end: number; value: string }[], text: string): string | undefined =>
  found.length === 1 && found[0]?.start === 0 && found[0].end === text.length ? found[0].value : undefined;
