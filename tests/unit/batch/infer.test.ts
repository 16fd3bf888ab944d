import { describe, expect, it } from "vitest";
import { extract } from "../../../src/main/features/batch/extract/extract.ts";
import { sureOf, type Certainty } from "../../../src/main/features/batch/extract/sure.ts";
import type { Candidate, Evidence } from "../../../src/main/features/batch/extract/candidates.ts";
import { valueAt } from "../../../src/main/features/batch/validate/values.ts";
import { builtInRecipe, placedView } from "../../helpers/batch-views.ts";

const invoice = builtInRecipe("invoice");
const pair = (label: string, value: string) =>
  [
    [50, label],
    [300, value],
  ] as const;
type Rows = Parameters<typeof placedView>[0][number][];
const read = (...rows: Rows) => extract(placedView([[[50, "Quillon Textiles Ltd"]], ...rows]), invoice).fields;

describe("what a recipe cannot do without", () => {
  // Catches: a document that waits for a person although it says its only date and its sum.
  it("is the only date, and the largest amount that two others make up", () => {
    const fields = read(pair("Raised", "5 March 2024"), pair("Goods", "£100.00"), pair("Levy", "£20.00"), pair("You owe", "£120.00"));
    expect(valueAt(fields, "date")).toMatchObject({ value: "2024-03-05", raw: "5 March 2024", origin: "rule" });
    expect(valueAt(fields, "total")).toMatchObject({ value: 120, raw: "£120.00" });
  });

  // Catches: a guess that passes for knowledge.
  it("is never sure where it was inferred", () => {
    const fields = read(pair("Raised", "5 March 2024"), pair("Goods", "£100.00"), pair("Levy", "£20.00"), pair("You owe", "£120.00"));
    expect(valueAt(fields, "date")?.sure).toBeLessThan(0.6);
    expect(valueAt(fields, "total")?.sure).toBeLessThan(0.9);
  });

  it("is the same date however often it stands there", () => {
    expect(valueAt(read(pair("Raised", "5 March 2024"), pair("Sent", "2024-03-05")), "date")?.value).toBe("2024-03-05");
  });

  // Catches: the day of an order, or a day in a sentence, taken for that of the invoice.
  it.each<[string, Rows]>([
    ["two dates", [pair("Raised", "5 March 2024"), pair("Settle before", "26 March 2024")]],
    ["one with a label of something else", [pair("Order date:", "5 March 2024")]],
    ["one in a sentence", [[[50, "We wrote on 5 March 2024 about this matter to you all"]]]],
    ["one that goes on", [[[50, "Since 5 March 2024 closed"]]]],
    ["none", [pair("Raised", "soon")]],
  ])("is not inferred from %s", (_, rows) => {
    expect(valueAt(read(...rows), "date")?.value).toBeNull();
  });

  // Catches: any three numbers that happen to add up.
  it.each<[string, Rows]>([
    ["amounts that do not add up", [pair("Goods", "£100.00"), pair("Levy", "£20.00"), pair("You owe", "£121.00")]],
    ["two amounts", [pair("Goods", "£60.00"), pair("You owe", "£120.00")]],
    ["a sum that is not the largest", [pair("a", "£100.00"), pair("b", "£20.00"), pair("c", "£120.00"), pair("d", "£999.00")]],
    ["numbers without cents or currency", [pair("a", "100"), pair("b", "20"), pair("c", "120")]],
  ])("no total is inferred from %s", (_, rows) => {
    expect(valueAt(read(...rows), "total")?.value).toBeNull();
  });

  // Catches: a ledger of thousands of amounts whose pairs are all tried.
  it("is not looked for in a ledger", () => {
    const rows = Array.from({ length: 400 }, (_, row) => pair(`entry ${row}`, `£${row + 1}.10`));
    expect(valueAt(read(...rows), "total")?.value).toBeNull();
  });

  it("is what a label says wherever there is one", () => {
    const fields = read(pair("Total due:", "£20.00"), pair("Goods", "£100.00"), pair("Levy", "£20.00"), pair("All", "£120.00"));
    expect(valueAt(fields, "total")?.raw).toBe("£20.00");
  });
});

describe("how sure a value is", () => {
  const evidence = (more: Partial<Evidence> = {}): Evidence => ({ relation: "right", exactness: 1, strong: true, ...more });
  const candidate = (score: number, more: Partial<Evidence> = {}): Pick<Candidate, "score" | "evidence"> => ({
    score,
    evidence: evidence(more),
  });
  const plain: Certainty = { rival: 0, agreed: false, second: "none", legibility: 1, ambiguous: false, contradicted: false };
  const sure = (score: number, certainty: Partial<Certainty> = {}, more: Partial<Evidence> = {}) =>
    sureOf(candidate(score, more) as Candidate, { ...plain, ...certainty });

  it("is between 0 and 1, and never certain", () => {
    for (const score of [-1, 0, 0.3, 0.6, 1, 5])
      for (const agreed of [true, false])
        for (const second of ["same", "other", "none"] as const) {
          const found = sure(score, { agreed, second });
          expect(found).toBeGreaterThanOrEqual(0);
          expect(found).toBeLessThanOrEqual(0.99);
        }
  });

  // Catches: a weight with the wrong sign.
  it.each<[string, Partial<Certainty>, Partial<Certainty>]>([
    ["a sum that is right", { agreed: true }, {}],
    ["a second reading that says the same", { second: "same" }, {}],
    ["no second reading rather than another", {}, { second: "other" }],
    ["a rival that is far behind", { rival: 0.1 }, { rival: 0.79 }],
    ["letters that can be read", { legibility: 1 }, { legibility: 0.6 }],
    ["one way to read it", {}, { ambiguous: true }],
    ["no other page that says something else", {}, { contradicted: true }],
  ])("grows by %s", (_, more, less) => {
    expect(sure(0.8, more)).toBeGreaterThan(sure(0.8, less));
  });

  it("grows with the score, and with the form of the value", () => {
    expect(sure(0.9)).toBeGreaterThan(sure(0.6));
    expect(sure(0.8)).toBeGreaterThan(sure(0.8, {}, { strong: false }));
    expect(sure(0.8)).toBeGreaterThan(sure(0.8, {}, { relation: "layout" }));
    expect(sure(0.8)).toBeGreaterThan(sure(0.8, {}, { relation: "sum" }));
  });

  // Catches: a value that may be one of two dates or sums and that nobody is asked about.
  it("is below the threshold where the document leaves it open or contradicts itself", () => {
    expect(sure(0.95, { ambiguous: true })).toBeLessThan(0.9);
    expect(sure(0.95, { contradicted: true, rival: 0.95 })).toBeLessThan(0.9);
    expect(sure(0.3, {}, { strong: false })).toBeLessThan(0.6);
    expect(sure(1)).toBeGreaterThanOrEqual(0.9);
  });

  it("heeds a sum more than a contradiction", () => {
    expect(sure(0.9, { agreed: true, contradicted: true })).toBe(sure(0.9, { agreed: true }));
  });
});
