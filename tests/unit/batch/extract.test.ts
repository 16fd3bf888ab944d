import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { viewDocument } from "../../../src/main/features/batch/extract/document-view.ts";
import { extract } from "../../../src/main/features/batch/extract/extract.ts";
import { mergeReadings } from "../../../src/main/features/batch/extract/merge-readings.ts";
import { readByModel } from "../../../src/main/features/batch/extract/model/read-by-model.ts";
import { parseRecipe } from "../../../src/main/features/batch/recipes/parse-recipe.ts";
import { suggestRecipe } from "../../../src/main/features/batch/recipes/suggest.ts";
import { eachValue, plainRecord, valueAt } from "../../../src/main/features/batch/validate/values.ts";
import type { ChatModel, ChatOutput } from "../../../src/main/providers/chat-model.ts";
import type { FieldValue } from "../../../src/shared/contract/batch.ts";
import type { Recipe } from "../../../src/shared/contract/recipe.ts";

function recipeOf(name: string): Recipe {
  const { recipe } = parseRecipe(readFileSync(join(import.meta.dirname, `../../../resources/recipes/${name}.json`), "utf8"));
  if (!recipe) throw new Error("the recipe is refused");
  return recipe;
}

/** A text as the readers give one that has no geometry. */
const viewOf = (text: string, language?: string) =>
  viewDocument({ text, language, pages: [{ page: 1, start: 0, end: text.length, source: "text" }], geometry: [undefined] });
const read = (text: string, recipe = recipeOf("invoice"), language?: string) => extract(viewOf(text, language), recipe);
const value = (fields: Parameters<typeof valueAt>[0], path: string) => valueAt(fields, path)?.value;

const german = [
  "Kranich Verlag GmbH",
  "",
  "Rechnung an: Rosa Klein",
  "Rechnungs-Nr.: 2024-0815      Rechnungsdatum: 05.03.2024",
  "Kundennummer: 4711",
  "",
  "Bezeichnung | Menge | Einzelpreis | Gesamtpreis",
  "Notizbuch | 3 | 4,50 | 13,50",
  "Bleistift, weich | 10 | 1,20 | 12,00",
  "",
  "Nettobetrag | 25,50 €",
  "MwSt. 19% | 4,85 €",
  "Gesamtbetrag | 30,35 €",
  "Zahlbar bis 04.04.2024 auf IBAN DE89 3704 0044 0532 0130 00",
].join("\n");

describe("reading by rules", () => {
  it("reads an invoice with its rows, and every value stands where it says", () => {
    const { fields, view } = read(german, undefined, "de");
    expect(plainRecord(fields)).toEqual({
      vendor: "Kranich Verlag GmbH",
      invoice_number: "2024-0815",
      date: "2024-03-05",
      due_date: "2024-04-04",
      currency: "EUR",
      net: 25.5,
      tax: 4.85,
      total: 30.35,
      vat_id: null,
      iban: "DE89370400440532013000",
      lines: [
        { description: "Notizbuch", quantity: 3, unit_price: 4.5, amount: 13.5 },
        { description: "Bleistift, weich", quantity: 10, unit_price: 1.2, amount: 12 },
      ],
    });
    for (const [path, { value: found, raw, start, end }] of eachValue(fields))
      if (found !== null) expect([path, view.text.slice(start, end)]).toEqual([path, raw]);
  });

  // Catches: values that were made up.
  it.each([
    "",
    "Dear Ada,\n\nthank you for your letter. We shall write again.\n",
    "1 2 3 4 5 6 7 8 9",
    "|||||\n|||||",
    "::::",
    "\u0000\ufffd",
  ])("finds nothing in %j", (text) => {
    expect([...eachValue(read(text).fields)].filter(([, { value: found }]) => found !== null)).toEqual([]);
  });

  // Catches: the number of the customer taken for that of the invoice, the day of the order for that of the invoice.
  it("leaves alone what a longer label explains", () => {
    const { fields } = read("Order date: 01.02.2024\nCustomer number: 99881\nOrder number: A-1\nAcme Ltd\n");
    expect([value(fields, "invoice_number"), value(fields, "date")]).toEqual([null, null]);
  });

  it("chooses together what adds up", () => {
    const { fields } = read("Subtotal: 40.00\nSubtotal: 60.00\nSubtotal: 100.00\nVAT: 20.00\nTotal: 120.00\n");
    expect([value(fields, "net"), value(fields, "tax"), value(fields, "total")]).toEqual([100, 20, 120]);
  });

  it("reads a credit note below zero", () => {
    const { fields } = read("Credit note no: C-5\nNet total: -100.00 EUR\nVAT: -20.00 EUR\nTotal: -120.00 EUR\n");
    expect([value(fields, "invoice_number"), value(fields, "net"), value(fields, "total")]).toEqual(["C-5", -100, -120]);
  });

  it("is less sure of a day that may be another", () => {
    const sure = (text: string) => valueAt(read(text).fields, "date")?.sure ?? 1;
    expect(sure("Invoice date: 03/04/2024")).toBeLessThan(0.8);
    expect(sure("Invoice date: 3 April 2024")).toBeGreaterThan(0.9);
  });

  it("reads lists under their headings", () => {
    const { fields } = read(
      "Minutes\nDate: 5 March 2024\nAttendees: Ada, Grace; Edith\n\nDecisions\n- Buy a pump\n- Paint the gate\n\nNext meeting: 2 April 2024\n",
      recipeOf("meeting-notes"),
    );
    expect(plainRecord(fields)).toMatchObject({
      date: "2024-03-05",
      attendees: ["Ada", "Grace", "Edith"],
      decisions: ["Buy a pump", "Paint the gate"],
      next_meeting: "2024-04-02",
      summary: null,
    });
  });

  it("ends on large and hostile texts", () => {
    const hostile = [
      "Total ".repeat(20_000),
      "Invoice number: ".repeat(5_000),
      "1,00 ".repeat(20_000),
      `${"a | b | ".repeat(50)}\n`.repeat(300),
    ];
    for (const text of hostile) expect(read(text).fields).toBeDefined();
  }, 60_000);
});

describe("two readings of one page", () => {
  const of = (found: FieldValue["value"], sure = 0.8): FieldValue => ({
    value: found,
    sure,
    origin: "rule",
    flags: [],
    page: 1,
    box: [0, 0, 1, 1],
    start: 3,
    end: 5,
    raw: "x",
  });

  it("are surer where they agree, complete each other, and show where they differ", () => {
    const merged = mergeReadings(
      { a: of(1), b: of(null), c: of(1), d: of(1, 0.3), e: [] },
      { a: of(1), b: of(2), c: of(3, 0.7), d: of(3, 0.9), e: [{ x: of(1) }] },
    );
    expect(valueAt(merged, "a")?.sure).toBe(0.9);
    expect(valueAt(merged, "b")).toMatchObject({ value: 2, box: [0, 0, 1, 1] });
    // Its offsets belong to another text.
    expect(valueAt(merged, "b")?.start).toBeUndefined();
    expect(valueAt(merged, "c")).toMatchObject({ value: 1, alternatives: [{ value: 3 }] });
    expect(valueAt(merged, "c")?.sure).toBeLessThan(0.6);
    expect(valueAt(merged, "d")).toMatchObject({ value: 3, alternatives: [{ value: 1 }] });
    expect(valueAt(merged, "e.0.x")?.value).toBe(1);
  });
});

describe("the model", () => {
  /** A model that answers as told, and what it was asked. */
  function answering(values: Record<string, string>) {
    const asked: { names: string[]; choices: Record<string, string[]> }[] = [];
    const model: ChatModel = {
      id: "local:test",
      capabilities: { schema: true, template: true, logProbabilities: false, prefix: false },
      contextTokens: 4096,
      readingSpeed: () => undefined,
      warm: async () => {},
      countTokens: async () => [],
      async generate({ template = [] }): Promise<ChatOutput> {
        const parts = template.flatMap((part) => (part.kind === "value" ? [part] : []));
        asked.push({
          names: parts.map(({ name }) => name),
          choices: Object.fromEntries(parts.map(({ name, choices = [] }) => [name, choices])),
        });
        return {
          text: "",
          values,
          stopReason: "end",
          promptTokens: 1,
          cachedTokens: 0,
          completionTokens: 1,
          timings: { loadMs: 0, promptMs: 0, firstTokenMs: 0, totalMs: 0 },
        };
      },
    };
    return { model, asked };
  }
  const ask = (text: string, values: Record<string, string>, recipe = recipeOf("invoice")) => {
    const { model, asked } = answering(values);
    return readByModel(read(text, recipe), recipe, model, new AbortController().signal).then((fields) => ({ fields, asked }));
  };

  // Catches: minutes spent on what was certain.
  it("is not asked where the rules have decided", async () => {
    expect((await ask(german, {})).asked).toEqual([]);
  });

  it("chooses among places in the document, and what it says of none is left empty", async () => {
    const text = "Payable to the office\nfoo 17 May 2024 bar\nThank you\nTotal: $12.00\n";
    const { fields, asked } = await ask(text, { date: "17 May 2024", invoice_number: "none", vendor: "none" });
    expect(asked[0]?.choices["date"]).toEqual(["17 May 2024", "none"]);
    expect(valueAt(fields, "date")).toMatchObject({ value: "2024-05-17", raw: "17 May 2024", origin: "model" });
    expect(valueAt(fields, "date")?.sure).toBeLessThan(0.6);
    expect(value(fields, "invoice_number")).toBeNull();
  });

  // Catches: invented text that reaches a record.
  it("is not believed when it says what it was not offered", async () => {
    const { fields } = await ask("foo 17 May 2024 bar\nTotal: $12.00\n", {
      date: "1 January 1999",
      total: "99",
      vendor: "Evil Ltd",
      iban: "x",
    });
    expect([value(fields, "date"), value(fields, "total"), value(fields, "iban")]).toEqual([null, 12, null]);
    expect(value(fields, "vendor")).not.toBe("Evil Ltd");
  });

  it("writes freely only where the recipe asks for it, and one of the choices where there are some", async () => {
    const { fields } = await ask("A letter about bees.\n", { summary: "Bees.", type: "letter", title: "made up" }, recipeOf("generic"));
    expect(valueAt(fields, "summary")).toMatchObject({ value: "Bees.", origin: "model" });
    expect(value(fields, "type")).toBe("letter");
    expect(value(fields, "title")).toBeNull();
    expect(value((await ask("A letter.\n", { type: "spell" }, recipeOf("generic"))).fields, "type")).toBeNull();
  });
});

describe("a proposed recipe", () => {
  it("has what samples have in common, by label and kind, and is a recipe", () => {
    const recipe = suggestRecipe(
      [
        viewOf("Member: Ada\nMember since: 5 March 2024\nFee: $12.00\nIBAN: DE89370400440532013000\n"),
        viewOf("Member: Grace\nMember since: 2 April 2024\nFee: $15.00\n"),
      ],
      "members",
    );
    expect(Object.entries(recipe.schema.properties).map(([name, { "x-kind": kind }]) => [name, kind])).toEqual([
      ["member", "text"],
      ["member_since", "date"],
      ["fee", "amount"],
      ["iban", "iban"],
    ]);
    expect(plainRecord(extract(viewOf("Member: Edith\nMember since: 1 May 2024\nFee: $9.00\n"), recipe).fields)).toMatchObject({
      member: "Edith",
      member_since: "2024-05-01",
      fee: 9,
    });
  });

  it("never has a field that a recipe may not have", () => {
    for (const text of ["constructor: 1\n__proto__: 2\n", "", `${"x".repeat(500)}: 1\n`])
      expect(suggestRecipe([viewOf(text)], "x").schema.properties).toBeDefined();
  });
});
