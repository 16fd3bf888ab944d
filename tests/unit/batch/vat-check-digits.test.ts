import { describe, expect, it } from "vitest";
import { checkVat, hasVatForm, isIban } from "../../../src/main/features/batch/validate/checksums.ts";

/** A small generator with a seed (mulberry32), so that a failure comes again. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
const digits = (next: () => number, count: number) => Array.from({ length: count }, () => Math.floor(next() * 10)).join("");

describe("check digits at the end of a VAT number", () => {
  // Catches a rule that lets two numbers of ten pass: one that differs in the check digit alone is always a mistake.
  it.each([
    ["ATU", 7],
    ["DE", 8],
    ["HR", 10],
    ["DK", 7],
    ["FI", 7],
    ["IT", 10],
    ["NO", 8],
    ["PL", 9],
    ["PT", 8],
    ["SI", 7],
  ] as const)("allow one digit or none: %s", (country, count) => {
    const next = numbers(7);
    let valid = 0;
    for (let round = 0; round < 200; round += 1) {
      const body = digits(next, count);
      const passing = Array.from({ length: 10 }, (_, digit) => `${country}${body}${digit}`).filter((id) => checkVat(id) === "valid");
      expect(passing.length, passing.join()).toBeLessThan(2);
      valid += passing.length;
    }
    // Eleven remainders leave one in eleven without a digit; more would be a rule that refuses what is right.
    expect(valid).toBeGreaterThan(160);
  });

  // Catches the remainder for which Slovenia issues no number: its digit would be eleven.
  it("know the remainder that Slovenia gives to nobody", () => {
    const weights = [8, 7, 6, 5, 4, 3, 2];
    const next = numbers(11);
    let found = 0;
    while (found < 20) {
      const body = digits(next, 7);
      const sum = weights.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
      if (sum % 11 !== 0) continue;
      found += 1;
      for (let digit = 0; digit < 10; digit += 1) expect(checkVat(`SI${body}${digit}`), `SI${body}${digit}`).toBe("invalid");
    }
  });
});

describe("an IBAN", () => {
  // Catches a check that two exchanged neighbours pass, which is how people mistype.
  it("does not pass with two neighbours exchanged", () => {
    const iban = "DE89370400440532013000";
    for (let at = 4; at < iban.length - 1; at += 1) {
      const swapped = `${iban.slice(0, at)}${iban[at + 1]}${iban[at]}${iban.slice(at + 2)}`;
      expect(isIban(swapped), swapped).toBe(swapped === iban);
    }
  });

  // Catches names of the language itself that are looked up as countries.
  it.each(["constructor", "__proto__", "toString", "CO", "TO00VALUEOF0000000"])("is not made of %s", (text) => {
    expect(isIban(text)).toBe(false);
    expect(hasVatForm(text)).toBe(false);
    expect(checkVat(text)).toBe("invalid");
  });
});
