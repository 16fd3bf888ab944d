/** What signs and short names of money mean, ISO 4217. `$`, `kr` and `¥` are several currencies: the most usual one stands first. */
const BY_SIGN: Readonly<Record<string, readonly string[]>> = {
  $: ["USD"],
  US$: ["USD"],
  A$: ["AUD"],
  AU$: ["AUD"],
  C$: ["CAD"],
  CA$: ["CAD"],
  NZ$: ["NZD"],
  S$: ["SGD"],
  HK$: ["HKD"],
  R$: ["BRL"],
  MX$: ["MXN"],
  "€": ["EUR"],
  "£": ["GBP"],
  "¥": ["JPY", "CNY"],
  "₹": ["INR"],
  "₽": ["RUB"],
  "₺": ["TRY"],
  "₴": ["UAH"],
  "₪": ["ILS"],
  "₩": ["KRW"],
  "฿": ["THB"],
  "₫": ["VND"],
  "₱": ["PHP"],
  Fr: ["CHF"],
  kr: ["SEK", "NOK", "DKK"],
  Kr: ["SEK", "NOK", "DKK"],
  zł: ["PLN"],
  Kč: ["CZK"],
  Ft: ["HUF"],
  lei: ["RON"],
  лв: ["BGN"],
};

/** The crown of a document in that language. */
const CROWN: Readonly<Record<string, string>> = { sv: "SEK", no: "NOK", nb: "NOK", da: "DKK" };

/** ISO 4217 of a sign or code as it stands in a document. */
export function currencyOf(sign: string, language?: string): string | undefined {
  const name = sign.trim().replace(/\.$/u, "");
  if (/^kr$/iu.test(name) && language !== undefined && CROWN[language] !== undefined) return CROWN[language];
  if (Object.hasOwn(BY_SIGN, name)) return BY_SIGN[name]?.[0];
  return /^[A-Z]{3}$/u.test(name) && CODES.has(name) ? name : undefined;
}

/** Codes that a sign may stand for besides the most usual one. */
const BEHIND_SIGN: Readonly<Record<string, ReadonlySet<string>>> = {
  USD: new Set(["AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "TWD", "ARS", "CLP", "COP"]),
  SEK: new Set(["NOK", "DKK", "ISK"]),
  JPY: new Set(["CNY"]),
};

/** What an ambiguous sign means in a document that names another currency of its family by a code: a dollar beside `CAD` is Canadian. */
export const meantBySign = (usual: string, code: string): boolean => BEHIND_SIGN[usual]?.has(code) === true;

const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));
