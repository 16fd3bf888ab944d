import { describe, expect, it } from "vitest";
import type { Cell } from "../../../src/main/features/batch/extract/document-view.ts";
import { findParties } from "../../../src/main/features/batch/extract/party.ts";
import { placedView } from "../../helpers/batch-views.ts";
import { sourcesOf, textView } from "../../helpers/batch-sources.ts";
import { randomText, seeded } from "../../helpers/random-text.ts";

type Placed = Parameters<typeof placedView>[0];
const labels = { vendor: ["seller", "account holder"], customer: ["bill to"], number: ["invoice number"] };

/** Names of the seller, best first. */
function parties(rows: Placed) {
  const sources = sourcesOf(placedView(rows, "en"), labels);
  const customers = new Set<Cell>(sources.labels.filter(({ field }) => field === "customer").map(({ cell }) => cell));
  return findParties("vendor", customers, sources);
}
const names = (...rows: Placed[number][]) => parties(rows).map(({ value }) => value);
const line = (...words: string[]) => words.map((text, at) => [50 + at * 300, text] as const);
/** So far down that a name stands at the top no more. */
const filler = Array.from({ length: 6 }, (_, at) => line(`nothing of note in row ${"abcdef"[at]}`));

describe("names of companies", () => {
  it.each([
    ["Alder & Finch Ltd"],
    ["Kranich Verlag GmbH"],
    ["Kranich GmbH & Co. KG"],
    ["Moulin Bleu SARL"],
    ["De Molen B.V."],
    ["Nordlys ApS"],
    ["Orto Botanico S.r.l."],
    ["Skog Oy"],
    ["Vltava s.r.o."],
    ["Duna Kft."],
    ["Harbour Pty Ltd"],
  ])("by their form, wherever they stand: %s", (name) => {
    expect(
      names(...filler, line(name))[0]
        ?.toString()
        .replace(/\.$/u, ""),
    ).toBe(name.replace(/\.$/u, ""));
  });

  // Catches: a word that only looks like a short form of a company.
  it.each(["MAGAZINE", "Tableau", "casa", "Agatha", "Seat"])("not by letters inside a word: %s", (word) => {
    expect(parties([...filler, line(`${word} of the week`)]).filter(({ evidence }) => evidence.strong)).toEqual([]);
  });

  // Catches: a sentence written into the field of the seller.
  it.each([
    ["All of this was sold to you by Alder & Finch Ltd", "Alder & Finch Ltd"],
    ["we send you these goods from the house of Alder Ltd with pleasure", "Alder Ltd"],
    ["Payable to: Alder Ltd", "Alder Ltd"],
    ["Registered office – Alder Ltd", "Alder Ltd"],
    ["Alder Ltd, 5 Mill Lane, York", "Alder Ltd"],
    ["Alder Ltd - Mill Lane", "Alder Ltd"],
  ])("without what stands around them: %s", (text, name) => {
    expect(names(line(text))[0]).toBe(name);
  });

  it.each(["ada@alder.example", "www.alder.example", "Dear Ada,", "12345678", "THE", "lower case words", ""])("are none: %j", (text) => {
    expect(names(...filler, line(text))).toEqual([]);
  });

  // Catches: an invoice's number or date, which stand at its top, taken for who sent it.
  it("are not what a label has, nor what is full of digits", () => {
    expect(names(line("Invoice number: Alder"))).toEqual([]);
    expect(names(line("Order 2024-0815"))).toEqual([]);
  });
});

describe("whose invoice it is", () => {
  // Catches: the customer taken for the seller, which is the costliest mistake of all.
  it("is not who stands below the label of the customer", () => {
    const [best] = names(line("Alder & Finch Ltd"), line("Mill Lane"), line("Bill to"), line("Rowan Stores Ltd"));
    expect(best).toBe("Alder & Finch Ltd");
    expect(names(...filler, line("Bill to"), line("Rowan Stores Ltd"))).toEqual([]);
    expect(
      names(...filler, [
        [50, "Bill to"],
        [120, "Rowan Stores Ltd"],
      ]),
    ).toEqual([]);
  });

  it("is who stands beside the customer's label in another column", () => {
    const all = parties([...filler, line("Bill to", "Seller"), line("Rowan Stores Ltd", "Alder & Finch Ltd")]);
    expect(all[0]).toMatchObject({ value: "Alder & Finch Ltd", evidence: { exactness: 1, strong: true } });
  });

  it("is who has the label, before who stands at the top", () => {
    expect(names(line("Rowan Stores Ltd"), ...filler, line("Seller: Alder Ltd"))[0]).toBe("Alder Ltd");
    expect(names(...filler, line("Account holder: Ada Finch"))[0]).toBe("Ada Finch");
  });

  // Catches: a seller without a short form, whom the page of its own at the foot names.
  it("is who bears the name of the pages and addresses of the document", () => {
    const [best] = parties([line("Willow Kitchen"), ...filler, line("hello@willowkitchen.example")]);
    expect(best?.value).toBe("Willow Kitchen");
    expect(best?.score).toBeGreaterThan(parties([line("Willow Kitchen"), ...filler, line("hello@another.example")])[0]?.score ?? 1);
  });

  it("is the more likely the higher it stands on the first page, and never certain", () => {
    const scores = [0, 1, 2, 3].map((above) => parties([...filler.slice(0, above), line("Alder Ltd")])[0]?.score ?? 0);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(Math.max(...scores)).toBeLessThanOrEqual(0.97);
  });

  // Catches: an imprint in small print that outdoes the name of the letterhead, set alike.
  it("is the name that stands twice, before one that stands once", () => {
    expect(names(...filler, line("Rowan Stores Ltd"), line("Alder Ltd"), ...filler, line("Alder Ltd"))[0]).toBe("Alder Ltd");
  });
});

describe("places of names", () => {
  it("are those of the text, in any text, best first", () => {
    const random = seeded(21);
    for (let round = 0; round < 100; round += 1) {
      const rows = Array.from({ length: 8 }, () =>
        random() < 0.3 ? `${randomText(random, 3)} Ltd` : random() < 0.3 ? "Bill to" : randomText(random, 6),
      );
      const view = textView(rows.join("\n"));
      const found = findParties("vendor", new Set(), sourcesOf(view, labels));
      expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b - a));
      for (const { start, end, value, cell, score } of found) {
        expect(view.text.slice(start, end).replaceAll(/\s+/gu, " ")).toBe(value);
        expect([start >= cell.start, end <= cell.end, score >= 0.2, score <= 0.97]).toEqual([true, true, true, true]);
      }
    }
  });
});
