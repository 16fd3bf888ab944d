import { foldName, monthNames } from "./months.ts";

export type DateOrder = "dmy" | "mdy" | "ymd";

/** A date as it stands in a text. `readings` has one ISO date for each order that gives one; equal ones are one. */
export type FoundDate = { start: number; end: number; readings: Partial<Record<DateOrder, string>> };

const SEPARATED = /(?<![\p{L}\d./-])(\d{1,4})(\s?[./-]\s?)(\d{1,2})\2(\d{1,4})(?![\p{L}\d]|[./-]\d)/gu;
const DAY_FIRST =
  /(?<![\p{L}\d])(\d{1,2})(?:\.|er|re|st|nd|rd|th|º|°)?\s?(?:de |of |d['’])?\s?[-./]?(\p{L}{3,12})\.?,?\s?[-./]?(?:de |del |d['’])?\s?(\d{4}|['’]?\d{2})(?!\d)/giu;
const MONTH_FIRST = /(?<!\p{L})(\p{L}{3,12})\.?\s?(\d{1,2})(?:st|nd|rd|th)?\s?,?\s(\d{4})(?!\d)/giu;
const YEAR_FIRST_CJK = /(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]/gu;
/** 20240315 alone; not inside longer numbers. */
const COMPACT = /(?<![\p{L}\d./-])(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?![\p{L}\d./-])/gu;

/** Every date in a text, in order, none inside another. */
export function findDates(text: string): FoundDate[] {
  const found: FoundDate[] = [];
  const add = (match: RegExpMatchArray, readings: FoundDate["readings"]) => {
    const start = match.index ?? 0;
    if (Object.keys(readings).length === 0) return;
    if (found.some((other) => start < other.end && other.start < start + match[0].length)) return;
    found.push({ start, end: start + match[0].length, readings });
  };
  for (const match of text.matchAll(YEAR_FIRST_CJK)) add(match, only("ymd", match[1], match[2], match[3]));
  for (const match of text.matchAll(DAY_FIRST)) add(match, only("dmy", match[3], monthOf(match[2]), match[1]));
  for (const match of text.matchAll(MONTH_FIRST)) add(match, only("mdy", match[3], monthOf(match[1]), match[2]));
  for (const match of text.matchAll(SEPARATED)) add(match, numeric(match[1] ?? "", match[3] ?? "", match[4] ?? ""));
  for (const match of text.matchAll(COMPACT)) add(match, only("ymd", match[1], match[2], match[3]));
  return found.sort((a, b) => a.start - b.start);
}

/** The date of a text that is one date and nothing else, by the order of its document. */
export function parseDate(text: string, order: DateOrder): string | undefined {
  const [date, more] = findDates(text.trim());
  if (!date || more || date.start !== 0 || date.end < text.trim().length - 1) return undefined;
  return dateIn(date, order);
}

/** A found date read in the document's order, or in the only order that makes it a date. */
export const dateIn = ({ readings }: FoundDate, order: DateOrder): string | undefined =>
  readings[order] ?? readings.dmy ?? readings.mdy ?? readings.ymd;

/** Whether the order decides what date it is. */
export const isAmbiguous = ({ readings }: FoundDate): boolean =>
  readings.dmy !== undefined && readings.mdy !== undefined && readings.dmy !== readings.mdy;

const monthOf = (name: string | undefined): string | undefined => {
  const month = monthNames.get(foldName(name ?? ""));
  return month === undefined ? undefined : String(month);
};

const only = (order: DateOrder, year: string | undefined, month: string | undefined, day: string | undefined): FoundDate["readings"] => {
  const date = iso(year, month, day);
  return date === undefined ? {} : { [order]: date };
};

function numeric(first: string, second: string, third: string): FoundDate["readings"] {
  if (first.length >= 3) return first.length === 4 ? only("ymd", first, second, third) : {};
  if (third.length === 3 || third.length === 1) return {};
  const dmy = iso(third, second, first);
  const mdy = iso(third, first, second);
  return { ...(dmy === undefined ? {} : { dmy }), ...(mdy === undefined ? {} : { mdy }) };
}

/** Two digits of a year are those of 1951–2050. */
function iso(year = "", month = "", day = ""): string | undefined {
  const digits = year.replace(/^['’]/u, "");
  const full = digits.length === 2 ? Number(digits) + (Number(digits) > 50 ? 1900 : 2000) : Number(digits);
  const date = new Date(Date.UTC(full, Number(month) - 1, Number(day)));
  if (!(full >= 1900 && full <= 2100) || date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  return date.toISOString().slice(0, 10);
}
