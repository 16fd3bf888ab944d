import { describe, expect, it } from "vitest";
import { dateIn, findDates, isAmbiguous, parseDate } from "../../../src/main/features/batch/extract/dates.ts";

describe("dates", () => {
  // Catches: months of another language that are not known, and orders that are mixed up.
  it.each([
    ["2024-03-05", "dmy", "2024-03-05"],
    ["05.03.2024", "dmy", "2024-03-05"],
    ["05/03/2024", "mdy", "2024-05-03"],
    ["25/03/2024", "mdy", "2024-03-25"],
    ["5-3-24", "dmy", "2024-03-05"],
    ["7. Mai 2014", "dmy", "2014-05-07"],
    ["August 3 , 2014", "mdy", "2014-08-03"],
    ["Jan 1, 2022", "dmy", "2022-01-01"],
    ["19 april 2014", "dmy", "2014-04-19"],
    ["1er mars 2023", "dmy", "2023-03-01"],
    ["3 de agosto de 2014", "dmy", "2014-08-03"],
    ["15 février 2021", "dmy", "2021-02-15"],
    ["2. März 2020", "dmy", "2020-03-02"],
    ["12 gennaio 2022", "dmy", "2022-01-12"],
    ["3rd of May 2021", "dmy", "2021-05-03"],
    ["2024年3月5日", "dmy", "2024-03-05"],
    ["20240305", "dmy", "2024-03-05"],
  ] as const)("reads %s", (text, order, iso) => {
    expect(parseDate(text, order)).toBe(iso);
  });

  // Catches: days that no calendar has, and numbers that only look like dates.
  it.each(["31.02.2024", "2024-13-01", "192.168.1.10", "1.2.3.4", "00/00/0000", "12345678", "99.99.9999"])(
    "finds no date in %s",
    (text) => {
      expect(findDates(text)).toEqual([]);
    },
  );

  it("knows when the order decides", () => {
    const [open, closed, same] = findDates("03/04/2024 or 25/04/2024 or 05/05/2024");
    expect([open, closed, same].map((date) => date && isAmbiguous(date))).toEqual([true, false, false]);
    expect(open && [dateIn(open, "dmy"), dateIn(open, "mdy")]).toEqual(["2024-04-03", "2024-03-04"]);
  });

  it("ends on long hostile text", () => {
    for (const text of ["1/".repeat(30_000), "1 de ".repeat(10_000), "January ".repeat(5_000), "2".repeat(50_000)])
      expect(Array.isArray(findDates(text))).toBe(true);
  });
});
