import { describe, expect, it } from "vitest";
import { type DecimalMark, findAmounts, parseAmount } from "../../../src/main/features/batch/extract/amounts.ts";
import { type DateOrder, findDates, isAmbiguous, parseDate } from "../../../src/main/features/batch/extract/dates.ts";
import { monthNames } from "../../../src/main/features/batch/extract/months.ts";
import { randomText, seeded } from "../../helpers/random-text.ts";

const whole = (random: () => number, below: number) => Math.floor(random() * below);

/** How a country writes numbers, by the platform's locale data. */
const countries: readonly (readonly [locale: string, mark: DecimalMark, currency: string])[] = [
  ["en-US", ".", "USD"],
  ["en-GB", ".", "GBP"],
  ["de-DE", ",", "EUR"],
  ["de-CH", ".", "CHF"],
  ["fr-FR", ",", "EUR"],
  ["nl-NL", ",", "EUR"],
  ["it-IT", ",", "EUR"],
  ["es-ES", ",", "EUR"],
  ["pl-PL", ",", "PLN"],
  ["cs-CZ", ",", "CZK"],
  ["da-DK", ",", "DKK"],
  ["pt-BR", ",", "BRL"],
];

describe("amounts as countries write them", () => {
  // Catches: money a hundred times too much, or without its sign, in the way that one country writes it.
  it.each(countries)("come back: %s", (locale, mark, currency) => {
    const random = seeded(locale.codePointAt(3) ?? 1);
    const plain = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    const money = new Intl.NumberFormat(locale, { style: "currency", currency });
    for (let round = 0; round < 300; round += 1) {
      const value = whole(random, 10 ** (1 + whole(random, 9))) / 100;
      for (const text of [plain.format(value), money.format(value)]) expect([text, parseAmount(text, mark)]).toEqual([text, value]);
      const negative = plain.format(-value);
      expect([negative, parseAmount(negative, mark)]).toEqual([negative, value === 0 ? parseAmount(negative, mark) : -value]);
    }
  });

  // Catches: marks that are so clear that no habit may overrule them, overruled.
  it("are the same whatever the habit where they have both marks or two decimals", () => {
    const random = seeded(8);
    for (let round = 0; round < 300; round += 1) {
      const cents = whole(random, 100_000_000);
      const value = cents / 100;
      const text = value.toLocaleString(random() < 0.5 ? "en-US" : "de-DE", { minimumFractionDigits: 2 });
      expect([text, parseAmount(text, "."), parseAmount(text, ",")]).toEqual([text, value, value]);
    }
  });

  // Catches: a thousand read as one, since its only mark may be either.
  it("are whole where their marks part groups by the habit, and fractions where they do not", () => {
    const random = seeded(15);
    for (let round = 0; round < 200; round += 1) {
      const value = 1_000 + whole(random, 998_999);
      const [point, comma] = [value.toLocaleString("de-DE"), value.toLocaleString("en-US")];
      expect([point, parseAmount(point, ","), parseAmount(comma, ".")]).toEqual([point, value, value]);
      expect([point, parseAmount(point, "."), parseAmount(comma, ",")]).toEqual([point, value / 1_000, value / 1_000]);
    }
  });

  it("are found in any text where they say, in order, apart from each other, and are numbers", () => {
    const random = seeded(77);
    const money = ["12,50 €", "$ 1,234.00", "(7.00)", "19 %", "-3,5", "1.234.567", "CHF 5.–", "٣", "1e9", "9".repeat(400)];
    for (let round = 0; round < 200; round += 1) {
      const text = Array.from({ length: 10 }, () => (random() < 0.5 ? money[whole(random, money.length)] : randomText(random, 4))).join(
        random() < 0.3 ? "" : " ",
      );
      let last = 0;
      for (const { start, end, digits, currencyAt } of findAmounts(text)) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(text.slice(start, end)).toContain(digits);
        if (currencyAt) expect(currencyAt.start >= start && currencyAt.end <= end).toBe(true);
        last = end;
      }
    }
  });

  // Catches: a number so long that it becomes infinite, which no record can hold.
  it("are none where no number can hold them", () => {
    expect(parseAmount("9".repeat(400), ".")).toBeUndefined();
    expect(parseAmount("9".repeat(15), ".")).toBe(999_999_999_999_999);
  });

  it("never are minus nought, which is written as another value than nought", () => {
    for (const text of ["-0", "-0.00", "(0.00)", "0,00-"])
      expect(Object.is(parseAmount(text, "."), 0) || parseAmount(text, ".") === undefined).toBe(true);
  });
});

const languages = ["en", "de", "fr", "nl", "es", "it", "pt", "pl", "sv", "da", "nb", "fi", "cs", "hr"];
const days = (random: () => number, count: number) =>
  Array.from({ length: count }, () => new Date(Date.UTC(1951 + whole(random, 100), whole(random, 12), 1 + whole(random, 28))));
const iso = (date: Date) => date.toISOString().slice(0, 10);
const parts = (date: Date) =>
  [date.getUTCDate(), date.getUTCMonth() + 1, date.getUTCFullYear()].map((part) => String(part).padStart(2, "0"));

describe("dates as they are written", () => {
  // Catches: a day of another month, or of another century.
  it.each<[string, DateOrder, (day: string, month: string, year: string) => string]>([
    ["day.month.year", "dmy", (day, month, year) => `${day}.${month}.${year}`],
    ["day/month/year", "dmy", (day, month, year) => `${day}/${month}/${year}`],
    ["day-month-year of two digits", "dmy", (day, month, year) => `${day}-${month}-${year.slice(2)}`],
    ["day. month. year", "dmy", (day, month, year) => `${Number(day)}. ${Number(month)}. ${year}`],
    ["month/day/year", "mdy", (day, month, year) => `${month}/${day}/${year}`],
    ["month/day/year of two digits", "mdy", (day, month, year) => `${Number(month)}/${Number(day)}/${year.slice(2)}`],
    ["year-month-day", "ymd", (day, month, year) => `${year}-${month}-${day}`],
    ["year/month/day", "dmy", (day, month, year) => `${year}/${month}/${day}`],
    ["year, month and day in Chinese", "dmy", (day, month, year) => `${year}年${Number(month)}月${Number(day)}日`],
  ])("come back: %s", (_, order, write) => {
    for (const date of days(seeded(4), 300)) {
      const [day = "", month = "", year = ""] = parts(date);
      const text = write(day, month, year);
      expect([text, parseDate(text, order)]).toEqual([text, iso(date)]);
    }
  });

  it.each(languages)("come back with the names of months: %s", (language) => {
    for (const date of days(seeded(9), 60)) {
      const text = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(date);
      // The same word is October in Croatia and November in Poland: neither is guessed.
      const day = /listopada/u.test(text) ? undefined : iso(date);
      expect([text, parseDate(text.replace(/\.$/u, ""), "dmy")]).toEqual([text, day]);
    }
  });

  // Catches: a leap day taken for none, and one in a year that has none taken for the first of March.
  it.each([
    ["29.02.2024", "2024-02-29"],
    ["29.02.2023", undefined],
    ["29.02.2000", "2000-02-29"],
    ["29.02.1900", undefined],
    ["31.12.1899", undefined],
    ["01.01.1900", "1900-01-01"],
    ["31.12.2100", "2100-12-31"],
    ["01.01.2101", undefined],
    ["01.01.50", "2050-01-01"],
    ["01.01.51", "1951-01-01"],
    ["30.02.2024", undefined],
    ["31.04.2024", undefined],
    ["00.01.2024", undefined],
    ["01.00.2024", undefined],
  ])("are those of the calendar: %s", (text, date) => {
    expect(parseDate(text, "dmy")).toBe(date);
  });

  // Catches: a date said to be certain that another country reads as another day.
  it("are ambiguous exactly where both orders give a day, and not the same", () => {
    for (let first = 1; first <= 31; first += 1)
      for (let second = 1; second <= 31; second += 1) {
        const [found] = findDates(`${first}/${second}/2024`);
        const expected = first <= 12 && second <= 12 && first !== second;
        expect([first, second, found !== undefined && isAmbiguous(found)]).toEqual([first, second, expected]);
      }
  });

  it("are days of the calendar in any text, found where they say and in order", () => {
    const random = seeded(31);
    const dates = ["5.3.2024", "2024-03-05", "5 March 2024", "March 5, 2024", "20240305", "99/99/2024", "1/2/3/4", "Mai 24", "２０２４"];
    for (let round = 0; round < 200; round += 1) {
      const text = Array.from({ length: 10 }, () => (random() < 0.5 ? dates[whole(random, dates.length)] : randomText(random, 4))).join(
        random() < 0.3 ? "" : " ",
      );
      let last = 0;
      for (const { start, end, readings } of findDates(text)) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeLessThanOrEqual(text.length);
        for (const reading of Object.values(readings)) expect(new Date(`${reading}T00:00:00Z`).toISOString().slice(0, 10)).toBe(reading);
        last = end;
      }
    }
  });
});

describe("names of months", () => {
  // Catches: an abbreviation that two languages use for two months, taken for one of them.
  it("are of one month each, or of none", () => {
    for (const month of monthNames.values()) expect(month >= 1 && month <= 12).toBe(true);
    expect([monthNames.get("jan"), monthNames.get("mai"), monthNames.get("aout"), monthNames.get("marz")]).toEqual([1, 5, 8, 3]);
    // `lis` begins November in Polish and October in Croatian.
    expect([monthNames.get("lis"), monthNames.get("the"), monthNames.get("")]).toEqual([undefined, undefined, undefined]);
  });
});
