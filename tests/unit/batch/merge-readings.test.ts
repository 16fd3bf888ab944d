import { describe, expect, it } from "vitest";
import { mergeReadings } from "../../../src/main/features/batch/extract/merge-readings.ts";
import { valueAt } from "../../../src/main/features/batch/validate/values.ts";
import type { Fields, FieldValue, Scalar } from "../../../src/shared/contract/batch.ts";

const value = (of: Scalar, sure = 0.7, more: Partial<FieldValue> = {}): FieldValue => ({
  value: of,
  sure,
  origin: "rule",
  flags: [],
  ...(of === null ? {} : { raw: String(of), page: 1, box: [1, 2, 3, 4] as [number, number, number, number], start: 5, end: 9 }),
  ...more,
});
const merged = (first: Fields, second: Fields, path = "total") => valueAt(mergeReadings(first, second), path);

describe("two readings of the same pages", () => {
  // Catches: agreement that counts for nothing, or for certainty.
  it("are surer together where they agree, and keep the place in the text", () => {
    const found = merged({ total: value(12, 0.7) }, { total: value(12, 0.5) });
    expect(found).toMatchObject({ value: 12, sure: 0.85, start: 5, end: 9 });
    expect(merged({ total: value(12, 0.99) }, { total: value(12, 0.99) })?.sure).toBeLessThanOrEqual(1);
  });

  // Catches: a differing reading that nobody gets to see.
  it("stand beside each other where they differ, the first less sure than before", () => {
    const found = merged({ total: value(12, 0.7) }, { total: value(13, 0.7) });
    expect(found).toMatchObject({ value: 12, alternatives: [{ value: 13 }] });
    expect(found?.sure).toBeLessThan(0.6);
  });

  it("give way to one that is clearly surer", () => {
    const found = merged({ total: value(12, 0.5) }, { total: value(13, 0.9) });
    expect(found).toMatchObject({ value: 13, alternatives: [{ value: 12 }] });
    expect(merged({ total: value(12, 0.5) }, { total: value(13, 0.64) })).toMatchObject({ value: 12 });
  });

  // Catches: offsets of the second text that point to other words of the first.
  it("have offsets of the first text alone", () => {
    const found = merged({ total: value(null) }, { total: value(13, 0.9) });
    expect(found).toMatchObject({ value: 13, page: 1, box: [1, 2, 3, 4] });
    expect([found?.start, found?.end]).toEqual([undefined, undefined]);
    for (const other of merged({ total: value(12, 0.7) }, { total: value(13, 0.7) })?.alternatives ?? [])
      expect(other.start).toBeUndefined();
  });

  // Catches: a value without any place in the document.
  it("take nothing over that has no box", () => {
    const { box: _, ...without } = value(13, 0.9);
    expect(merged({ total: value(null) }, { total: without })?.value).toBeNull();
  });

  it("keep what only the first has", () => {
    expect(merged({ total: value(12) }, {})).toEqual(value(12));
    expect(merged({ total: value(12) }, { total: value(null) })).toEqual(value(12));
    expect(merged({ total: value(12) }, { total: [value(13)] })).toEqual(value(12));
  });

  it("merge rows cell by cell where there are as many, and otherwise keep the first", () => {
    const rows = (...amounts: (number | null)[]): Fields => ({ lines: amounts.map((amount) => ({ amount: value(amount, 0.7) })) });
    expect(merged(rows(1, 2), rows(1, 3), "lines.0.amount")).toMatchObject({ value: 1, sure: 0.85 });
    expect(merged(rows(1, 2), rows(1, 3), "lines.1.amount")).toMatchObject({ value: 2, alternatives: [{ value: 3 }] });
    expect(mergeReadings(rows(1, 2), rows(1))).toEqual(rows(1, 2));
    expect(merged(rows(), rows(7), "lines.0.amount")).toMatchObject({ value: 7 });
    expect(merged(rows(), rows(7), "lines.0.amount")?.start).toBeUndefined();
  });

  it("merge lists of values, and leave alone what is a list in one and rows in the other", () => {
    const list: Fields = { lines: [value("a"), value("b")] };
    expect(merged(list, { lines: [value("a"), value("c")] }, "lines.1")).toMatchObject({ value: "b", alternatives: [{ value: "c" }] });
    expect(mergeReadings(list, { lines: [{ amount: value(1) }, { amount: value(2) }] })).toEqual(list);
  });

  // Catches: a list of other readings that grows with each merge.
  it("show four others at most, none of them twice", () => {
    const others = [13, 14, 15, 16, 17].map((of) => ({ value: of, sure: 0.1, origin: "rule" as const }));
    const found = merged({ total: value(12, 0.7, { alternatives: others }) }, { total: value(13, 0.7) });
    expect(found?.alternatives).toHaveLength(4);
    expect(found?.alternatives?.filter(({ value: of }) => of === 13)).toHaveLength(1);
  });
});
