import { checkVat, compactId, hasVatForm, isIban } from "../validate/checksums.ts";

/** A code, address or number that its own form gives away. `strong` says that a check digit agrees. */
export type FoundCode = { start: number; end: number; value: string; strong: boolean };

const EMAIL = /(?<![\p{L}\d._%+-])[\p{L}\d._%+-]{1,64}@(?:[\p{L}\d-]{1,63}\.){1,6}\p{L}{2,24}(?![\p{L}\d])/gu;
const URL_FORM =
  /(?<![\p{L}\d@.])(?:https?:\/\/|www\.)[^\s<>"'|]{3,300}|(?<![\p{L}\d@.-])(?:[a-z\d-]{2,63}\.){1,3}(?:com|org|net|eu|de|fr|nl|es|it|at|ch|be|uk|io|info|biz|se|no|dk|fi|pl|pt)(?:\/[^\s<>"'|]{0,200})?(?![\p{L}\d@-])/gu;
const PHONE = /(?<![\p{L}\d.,/])(?:\+|00)?\(?\d[\d\s()./–-]{5,22}\d(?![\p{L}\d]|,\d)/gu;
/** Each piece is eight of a run or all that is left of it: told apart in one way only, so that a long run costs no more than its length. */
const IBAN = /(?<![\p{L}\d])[A-Z]{2}\d{2}(?:[ \u00a0]?(?:[A-Z\d]{8}(?=[A-Z\d])|[A-Z\d]{1,8}(?![A-Z\d]))){2,8}(?![\p{L}\d])/gu;
const VAT =
  /(?<![\p{L}\d])(?:CHE|AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|NO|PL|PT|RO|SE|SI|SK|XI)[ \u00a0.-]?[A-Z\d](?:[ \u00a0.-]?[A-Z\d]){5,15}(?![\p{L}\d])/gu;
/** A code has a digit; parts may be joined by marks. */
const CODE = /(?<![\p{L}\d_/#.-])#?[\p{L}\d](?:[\p{L}\d_]|[./-](?=[\p{L}\d_])){0,40}(?![\p{L}\d_])/gu;

export const findEmails = (text: string): FoundCode[] =>
  matches(
    text,
    EMAIL,
    (raw) => raw.toLowerCase(),
    () => true,
  );
export const findUrls = (text: string): FoundCode[] =>
  matches(
    text,
    URL_FORM,
    (raw) => raw.replace(/[.,;)]+$/u, ""),
    () => true,
  );

export function findPhones(text: string): FoundCode[] {
  return matches(
    text,
    PHONE,
    (raw) => raw.replaceAll(/\s+/gu, " ").trim(),
    (raw) => raw.startsWith("+"),
  ).filter(({ value }) => {
    const digits = value.replaceAll(/\D/gu, "");
    // A date or an amount is no phone number.
    return digits.length >= 7 && digits.length <= 15 && !/^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$/u.test(value) && !/[.,]\d{2}$/u.test(value);
  });
}

/** The longest beginning of each candidate whose check digits agree, or all of it where none does. */
export function findIbans(text: string): FoundCode[] {
  return [...text.matchAll(IBAN)].flatMap((match) => {
    const ends = [...match[0].matchAll(/(?<=[A-Z\d])(?=[ \u00a0]|$)/gu)].map(({ index }) => index).toReversed();
    const whole = ends.find((end) => isIban(match[0].slice(0, end)));
    const end = whole ?? match[0].length;
    const value = compactId(match[0].slice(0, end));
    return whole !== undefined || (value.length >= 14 && value.length <= 34 && /\d{6}/u.test(value))
      ? [{ start: match.index, end: match.index + end, value, strong: whole !== undefined }]
      : [];
  });
}

export function findVatIds(text: string): FoundCode[] {
  return [...text.matchAll(VAT)].flatMap((match) => {
    const ends = [...match[0].matchAll(/(?<=[A-Z\d])(?=[ \u00a0.-]|$)/gu)].map(({ index }) => index).toReversed();
    const end = ends.find((at) => checkVat(match[0].slice(0, at)) !== "invalid") ?? ends.find((at) => hasVatForm(match[0].slice(0, at)));
    if (end === undefined || isIban(match[0])) return [];
    const raw = match[0].slice(0, end);
    return [{ start: match.index, end: match.index + end, value: compactId(raw), strong: checkVat(raw) === "valid" }];
  });
}

export function findCodes(text: string): FoundCode[] {
  return matches(
    text,
    CODE,
    (raw) => raw.replace(/^#/u, ""),
    () => false,
  ).filter(({ value }) => /\d/u.test(value));
}

function matches(text: string, form: RegExp, toValue: (raw: string) => string, isStrong: (raw: string) => boolean): FoundCode[] {
  return [...text.matchAll(form)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    value: toValue(match[0]),
    strong: isStrong(match[0]),
  }));
}
