import { currencyOf } from "./currencies.ts";

export type DecimalMark = "," | ".";

/** A number as it stands in a text, with a sign and a currency where one belongs to it. */
export type FoundAmount = {
  start: number;
  end: number;
  /** Digits and marks alone. */
  digits: string;
  negative: boolean;
  currency: string | undefined;
  /** Where the currency stands. */
  currencyAt: { start: number; end: number } | undefined;
  isPercent: boolean;
};

const SYMBOL = String.raw`(?:[A-Z]{1,2}\$|[$€£¥₹₽₺₴₪₩฿₫₱]|(?:EUR|USD|GBP|CHF|JPY|CNY|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|TRY|AUD|CAD|NZD|SGD|HKD|INR|BRL|MXN|ZAR|ILS|KRW|THB|AED|SAR|UAH|RUB)(?![A-Za-z])|(?:Fr|Kr|kr|zł|Kč|Ft|lei|лв)(?![\p{L}\d])\.?)`;
const DIGITS = String.raw`\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?:[.,]\d{1,4})?|\d+(?:[.,]\d{1,4})?`;
const AMOUNT = new RegExp(
  String.raw`(?<![\p{L}\d_/.,#-]|\d:)(?<open>\()?(?<sign>[-−–+]\s?)?(?:(?<before>${SYMBOL})\s?)?(?<sign2>[-−–]\s?)?(?<digits>${DIGITS})(?<dash>,[-–—]|\.[-–—])?(?:\s?(?<after>${SYMBOL}))?(?<percent>\s?%)?(?<trailing>[-−](?![\p{L}\d]))?(?<close>\))?(?![\p{L}\d_/]|[.,:-]\d)`,
  "gu",
);

/** Every number in a text, in order. What is part of a word, a date or a code is not one. */
export function findAmounts(text: string): FoundAmount[] {
  return [...text.matchAll(AMOUNT)].flatMap((match) => {
    const { open, sign, sign2, before, after, digits, percent, trailing, close } = match.groups ?? {};
    if (digits === undefined) return [];
    const symbol = before ?? after;
    const wrapped = open !== undefined && close !== undefined;
    const start = match.index + (open !== undefined && !wrapped ? open.length : 0);
    const end = match.index + match[0].length - (close !== undefined && !wrapped ? close.length : 0);
    const symbolAt = symbol === undefined ? -1 : before === undefined ? match[0].lastIndexOf(symbol) : match[0].indexOf(symbol);
    return [
      {
        start,
        end,
        digits,
        negative:
          /[-−–]/u.test(`${sign ?? ""}${sign2 ?? ""}`) ||
          trailing !== undefined ||
          (wrapped && symbol !== undefined) ||
          (wrapped && /[.,]\d{2}$/u.test(digits)),
        currency: symbol === undefined ? undefined : currencyOf(symbol),
        currencyAt: symbol === undefined ? undefined : { start: match.index + symbolAt, end: match.index + symbolAt + symbol.length },
        isPercent: percent !== undefined,
      },
    ];
  });
}

/** The number that digits stand for. A mark is the decimal one, or it parts groups of three. */
export function amountOf({ digits, negative }: Pick<FoundAmount, "digits" | "negative">, mark: DecimalMark): number | undefined {
  const marks = [...digits.matchAll(/[.,]/gu)].map(([found]) => found);
  const last = marks.at(-1);
  const kinds = new Set(marks);
  const tail = last === undefined ? "" : digits.slice(digits.lastIndexOf(last) + 1);
  // Two kinds of mark: the last is the decimal one. One kind, repeated: groups. One alone: by its digits, then by habit.
  const decimal =
    last === undefined || (kinds.size === 1 && marks.length > 1)
      ? undefined
      : kinds.size === 2 || tail.length !== 3 || last === mark
        ? last
        : undefined;
  const plain = digits.replaceAll(/[^\d.,]/gu, "");
  const number =
    decimal === undefined
      ? plain.replaceAll(/[.,]/gu, "")
      : `${plain.slice(0, plain.lastIndexOf(decimal)).replaceAll(/[.,]/gu, "")}.${tail}`;
  const value = Number(number);
  if (!Number.isFinite(value)) return undefined;
  return negative && value !== 0 ? -value : value;
}

/** The number of a text that is one amount and nothing else. */
export function parseAmount(text: string, mark: DecimalMark): number | undefined {
  const [amount, more] = findAmounts(text.trim());
  if (!amount || more || amount.start !== 0 || amount.end !== text.trim().length) return undefined;
  return amountOf(amount, mark);
}
