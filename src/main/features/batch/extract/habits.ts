import { findAmounts, type DecimalMark } from "./amounts.ts";
import { findDates, isAmbiguous, type DateOrder } from "./dates.ts";

/** How a document writes numbers and dates, learned from those that can be read in one way only. */
export type Habits = {
  decimal: DecimalMark;
  /** False where nothing in the document decides. */
  decimalKnown: boolean;
  order: DateOrder;
  orderKnown: boolean;
  /** Of most amounts. */
  currency: string | undefined;
};

/** Languages that write a decimal point. */
const POINT = new Set(["en", "zh", "ja", "ko", "th", "he", "hi"]);
const DOLLARS = new Set(["USD"]);

export function learnHabits(text: string, language: string | undefined): Habits {
  const votes = { ",": 0, ".": 0 };
  const currencies = new Map<string, number>();
  for (const { digits, currency } of findAmounts(text)) {
    if (currency !== undefined) currencies.set(currency, (currencies.get(currency) ?? 0) + 1);
    const marks = digits.replaceAll(/[^.,]/gu, "");
    const last = marks.at(-1);
    if (last !== "," && last !== ".") continue;
    const tail = digits.length - 1 - digits.lastIndexOf(last);
    if (new Set(marks).size === 2) votes[last] += 3;
    else if (marks.length === 1 && tail !== 3) votes[last] += tail === 2 ? 2 : 1;
    else if (marks.length > 1) votes[last === "," ? "." : ","] += 1;
  }
  const currency = [...currencies].sort((a, b) => b[1] - a[1])[0]?.[0];
  const usual: DecimalMark = language !== undefined && !POINT.has(language) ? "," : ".";
  const decimal = votes[","] === votes["."] ? usual : votes[","] > votes["."] ? "," : ".";
  return { decimal, decimalKnown: votes[","] !== votes["."], currency, ...learnOrder(text, decimal, currency, language) };
}

function learnOrder(
  text: string,
  decimal: DecimalMark,
  currency: string | undefined,
  language: string | undefined,
): Pick<Habits, "order" | "orderKnown"> {
  const votes = { dmy: 0, mdy: 0 };
  for (const date of findDates(text)) {
    if (isAmbiguous(date)) continue;
    const isNumeric = /^\d+\s?[./-]\s?\d+/u.test(text.slice(date.start, date.end));
    // A month by its name says little about how numbers are written; a number above 12 says all.
    if (date.readings.dmy !== undefined && date.readings.mdy === undefined) votes.dmy += isNumeric ? 10 : 1;
    if (date.readings.mdy !== undefined && date.readings.dmy === undefined) votes.mdy += isNumeric ? 10 : 1;
  }
  if (votes.dmy !== votes.mdy) return { order: votes.dmy > votes.mdy ? "dmy" : "mdy", orderKnown: true };
  if (/(?<![\d.])\d{1,2}\.\d{1,2}\.\d{2,4}(?![\d.])/u.test(text)) return { order: "dmy", orderKnown: true };
  const american = decimal === "." && (language === undefined || language === "en") && (currency === undefined || DOLLARS.has(currency));
  return { order: american ? "mdy" : "dmy", orderKnown: decimal === "," };
}
