/** Lengths of IBANs by country (ISO 13616, IBAN registry). */
const IBAN_LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
  "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

export const compactId = (text: string): string => text.toUpperCase().replaceAll(/[^A-Z0-9]/gu, "");

/** Whether the digits agree with the check digits: ISO 7064 MOD 97-10 over the rearranged number, and the length is that of its country. */
export function isIban(text: string): boolean {
  const iban = compactId(text);
  const length = Object.hasOwn(IBAN_LENGTHS, iban.slice(0, 2)) ? IBAN_LENGTHS[iban.slice(0, 2)] : undefined;
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$/u.test(iban) || iban.length !== length) return false;
  return mod97(iban.slice(4) + iban.slice(0, 4)) === 1;
}

function mod97(text: string): number {
  let rest = 0;
  for (const character of text) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

/** Forms of VAT numbers after the country's letters (European Commission, VIES), Norway, Switzerland and the United Kingdom. */
const VAT_FORMS: Readonly<Record<string, RegExp>> = {
  AT: /^U\d{8}$/u,
  BE: /^[01]?\d{9}$/u,
  BG: /^\d{9,10}$/u,
  CHE: /^\d{9}(MWST|TVA|IVA)?$/u,
  CY: /^\d{8}[A-Z]$/u,
  CZ: /^\d{8,10}$/u,
  DE: /^\d{9}$/u,
  DK: /^\d{8}$/u,
  EE: /^\d{9}$/u,
  EL: /^\d{9}$/u,
  ES: /^[A-Z0-9]\d{7}[A-Z0-9]$/u,
  FI: /^\d{8}$/u,
  FR: /^[A-HJ-NP-Z0-9]{2}\d{9}$/u,
  GB: /^(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/u,
  HR: /^\d{11}$/u,
  HU: /^\d{8}$/u,
  IE: /^\d[A-Z0-9+*]\d{5}[A-Z]{1,2}$/u,
  IT: /^\d{11}$/u,
  LT: /^(\d{9}|\d{12})$/u,
  LU: /^\d{8}$/u,
  LV: /^\d{11}$/u,
  MT: /^\d{8}$/u,
  NL: /^\d{9}B\d{2}$/u,
  NO: /^\d{9}(MVA)?$/u,
  PL: /^\d{10}$/u,
  PT: /^\d{9}$/u,
  RO: /^\d{2,10}$/u,
  SE: /^\d{12}$/u,
  SI: /^\d{8}$/u,
  SK: /^\d{10}$/u,
  XI: /^\d{9}$/u,
};

/** Whether a text has the form of a country's VAT number, whatever its check digit. */
export function hasVatForm(text: string): boolean {
  const id = compactId(text);
  const country = id.startsWith("CHE") ? "CHE" : id.slice(0, 2);
  return Object.hasOwn(VAT_FORMS, country) && VAT_FORMS[country]?.test(id.slice(country.length)) === true;
}

export type VatVerdict = "valid" | "form-only" | "invalid";

/** Whether a VAT number has the form of its country and, where a check digit is published, agrees with it. */
export function checkVat(text: string): VatVerdict {
  const id = compactId(text);
  const country = id.startsWith("CHE") ? "CHE" : id.slice(0, 2);
  const form = Object.hasOwn(VAT_FORMS, country) ? VAT_FORMS[country] : undefined;
  const body = id.slice(country.length);
  if (!form?.test(body)) return "invalid";
  const check = CHECKS[country];
  return check === undefined ? "form-only" : check(body) ? "valid" : "invalid";
}

const digits = (text: string) => [...text].map(Number);
const weighted = (text: string, weights: readonly number[]) =>
  weights.reduce((sum, weight, at) => sum + weight * (digits(text)[at] ?? 0), 0);

/** Check digits as the countries publish them. */
const CHECKS: Readonly<Record<string, (body: string) => boolean>> = {
  AT: (body) => {
    const sum = digits(body.slice(1, 8)).reduce(
      (total, digit, at) => total + (at % 2 === 0 ? digit : Math.floor(digit / 5) + ((digit * 2) % 10)),
      0,
    );
    return (10 - ((sum + 4) % 10)) % 10 === Number(body[8]);
  },
  BE: (body) => 97 - (Number(body.padStart(10, "0").slice(0, 8)) % 97) === Number(body.slice(-2)),
  // ISO 7064 MOD 11,10.
  DE: (body) => iso7064Mod11And10(body),
  HR: (body) => iso7064Mod11And10(body),
  DK: (body) => weighted(body, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  FI: (body) => (11 - (weighted(body, [7, 9, 10, 5, 8, 4, 2]) % 11)) % 11 === Number(body[7]),
  FR: (body) => (/^\d{2}/u.test(body) ? (12 + 3 * (Number(body.slice(2)) % 97)) % 97 === Number(body.slice(0, 2)) : true),
  IT: (body) => luhn(body),
  LU: (body) => Number(body.slice(0, 6)) % 89 === Number(body.slice(6)),
  // Until 2019 eleven-proof; since then MOD 97-10 over the whole, letters as numbers.
  NL: (body) => weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === Number(body[8]) || mod97(`NL${body}`) === 1,
  NO: (body) => (11 - (weighted(body, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(body[8]),
  PL: (body) => weighted(body, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === Number(body[9]),
  PT: (body) => ((11 - (weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === Number(body[8]),
  SE: (body) => luhn(body.slice(0, 10)),
  SI: (body) => {
    // Ten is written as nought; eleven has no digit, so that no such number is issued.
    const check = 11 - (weighted(body, [8, 7, 6, 5, 4, 3, 2]) % 11);
    return (check === 10 ? 0 : check) === Number(body[7]);
  },
};

function iso7064Mod11And10(body: string): boolean {
  let product = 10;
  for (const digit of digits(body.slice(0, -1))) {
    const sum = (digit + product) % 10 || 10;
    product = (2 * sum) % 11;
  }
  return (11 - product) % 10 === Number(body.at(-1));
}

function luhn(body: string): boolean {
  const sum = digits(body)
    .toReversed()
    .reduce((total, digit, at) => total + (at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2), 0);
  return sum % 10 === 0;
}
