import { describe, expect, it } from "vitest";
import { extract } from "../../../src/main/features/batch/extract/extract.ts";
import { plainRecord, valueAt } from "../../../src/main/features/batch/validate/values.ts";
import { builtInRecipe, placedView } from "../../helpers/batch-views.ts";

/** How invoices of other countries are laid out, as far as it decides what a number means. */
const invoice = builtInRecipe("invoice");
type Rows = Parameters<typeof placedView>[0][number][];
const read = (rows: Rows, language = "en") => extract(placedView(rows, language), invoice).fields;
const values = (rows: Rows, language?: string) => plainRecord(read(rows, language));
const line = (...cells: [number, string][]) => cells;

describe("who sells", () => {
  // Catches: a company that shouts its name, and is none.
  it.each([
    "BRIGHTWATER PLUMBING LTD",
    "ACME TOOLS INC.",
    "HUBER GMBH",
    "Caffè Torinese S.n.c.",
    "Déneigement Tremblay inc.",
    "Bygg i Uppsala HB",
  ])("is %s", (name) => {
    expect(values([line([50, name]), line([50, "1 Mill Lane"]), line([50, "Invoice No: 88213"])])["vendor"]).toBe(name);
  });

  // Catches: a company that nobody sees because a word in its name, or the letters of its form, is a label somewhere.
  it.each(["An Post Ltd", "Studio Grafico Bellini S.r.l.", "Brightwater Supplies Ltd"])("may be called %s", (name) => {
    expect(values([line([50, name]), line([50, "1 Mill Lane"])])["vendor"]).toBe(name);
  });

  // Catches: the addressee of a letter whose sender stands in a picture.
  it.each(["Attn: J. Doe", "T.a.v. J. Doe", "z. Hd. Frau Doe", "À l'attention de J. Doe", "c/o J. Doe"])(
    "is not named above %s",
    (text) => {
      expect(values([line([50, "Strategic Corp"]), line([50, text]), line([50, "Fakestreet 46"])])["vendor"]).toBeNull();
      expect(values([line([50, "Strategic Corp"]), line([300, text]), line([50, "Fakestreet 46"])])["vendor"]).toBe("Strategic Corp");
    },
  );

  // Catches: a label that nobody knows, taken for a name because a company must have one.
  it("is not what stands before a colon", () => {
    const rows = [line([50, "De:"], [300, "Para:"]), line([50, "Marta Ruiz Delgado"], [300, "Editorial Cierzo, S.L."])];
    expect(values(rows, "es")["vendor"]).not.toBe("De:");
  });

  // Catches: the customer for the seller, because only the customer writes GmbH.
  it("is not whom a letter is addressed to", () => {
    const rows = [
      line([200, "Landgasthof Sonne"]),
      line([200, "Hauptstr. 8 79280 Au"]),
      line([50, "Firma"]),
      line([50, "Solartechnik GmbH"]),
      line([50, "79108 Freiburg"]),
      line([50, "Rechnungsnummer:"], [200, "2023-1187"]),
    ];
    expect(values(rows, "de")["vendor"]).toBe("Landgasthof Sonne");
  });
});

describe("the number", () => {
  // Catches: half a number, which names no document, and another one's when two series count alike.
  it.each([
    ["Fatura FT 2024/187", "FT 2024/187"],
    ["Fatura: FS 12/9", "FS 12/9"],
    ["Invoice No 4471", "4471"],
    ["Rechnung NR 55", "55"],
    ["Invoice GBP 4471", "4471"],
  ])("of %s is %s", (text, number) => {
    expect(values([line([50, text])])["invoice_number"]).toBe(number);
  });

  // Catches: the number of a house beside the word Invoice, although the number stands below its label.
  it("is not that of the house beside the title", () => {
    const rows = [
      line([50, "Invoice"], [300, "1820 Birch Street, Suite 4"]),
      line([50, "Invoice Number"], [200, "Date of Issue"]),
      line([50, "INV-00231"], [200, "2023-06-05"]),
    ];
    expect(values(rows)["invoice_number"]).toBe("INV-00231");
  });
});

describe("the date", () => {
  // Catches: an invoice without a date, although it stands behind its number.
  it.each([
    ["Fattura n. 118/A del 07/11/2022", "it", "2022-11-07"],
    ["Facture n° 562044387 du 02 juillet 2021", "fr", "2021-07-02"],
    ["Rechnung Nr. R-17 vom 3. März 2022", "de", "2022-03-03"],
    ["Factuur 2022-93 van 5 mei 2022", "nl", "2022-05-05"],
    ["Invoice 4471 dated 3 May 2020", "en", "2020-05-03"],
  ])("stands in %s", (text, language, date) => {
    const rows = [line([50, text]), line([50, "we thank you for what you ordered on 1 February 2019 by telephone"])];
    expect(values(rows, language)["date"]).toBe(date);
  });

  it("is that of the letterhead where no other is told", () => {
    const rows = [
      line([50, "Uster, 3. Oktober 2022"]),
      line([50, "Rechnung Nr. R-2022-341"]),
      line([50, "Bestellung vom 12.08.2022 durch Sie"]),
    ];
    const { value, sure } = valueAt(read(rows, "de"), "date") ?? {};
    expect(value).toBe("2022-10-03");
    expect(sure).toBeLessThan(0.9);
  });

  it("may stand alone, where it is the only one", () => {
    expect(values([line([50, "Grünwerk Gartenbau"], [400, "31.05.2023"]), line([50, "Rechnung 2023-0512"])], "de")["date"]).toBe(
      "2023-05-31",
    );
    expect(values([line([50, "Order date"]), line([50, "31.05.2023"])], "en")["date"]).toBeNull();
  });

  // Catches: the day of the order that a sentence tells, because it stands behind some number.
  it("is not behind another document's number", () => {
    const rows = [
      line([50, "Gutschrift GS-23-0019"]),
      line([50, "zur Rechnung RE-23-0101 vom 10.02.2023"]),
      line([50, "Datum: 28.02.2023"]),
    ];
    expect(values(rows, "de")["date"]).toBe("2023-02-28");
  });
});

describe("numbers for taxes", () => {
  // Catches: numbers that are not found because their country's letters stand nowhere.
  it.each([
    ["CIF: B83045671", "B83045671"],
    ["NIP: 7811767696", "7811767696"],
    ["ABN 51 824 753 556", "51824753556"],
    ["GSTIN - 07AAGCR1234F1ZK", "07AAGCR1234F1ZK"],
  ])("are read in %s", (text, id) => {
    expect(values([line([50, "Quillon Textiles Ltd"]), line([50, text])])["vat_id"]).toBe(id);
  });

  it.each(["VAT 20% 1234567", "VAT 1 234 567,00", "VAT 123.45", "VAT 12345"])("are not in %s", (text) => {
    expect(values([line([50, text])])["vat_id"]).toBeNull();
  });

  // Catches: the beginning of a bank account taken for a number for VAT.
  it("are no part of an account", () => {
    const rows = [line([50, "NIP: 7811767696"]), line([50, "Konto: PL61 1090 1014 0000 0712 1981 2874"])];
    expect(values(rows, "pl")).toMatchObject({ vat_id: "7811767696", iban: "PL61109010140000071219812874" });
  });

  // Catches: the customer's number, which comes first in the list of labels.
  it("are the seller's, not those below the customer's name", () => {
    const rows = [
      line([50, "Talleres Ibáñez, S.L."], [300, "Cliente"]),
      line([50, "CIF: B83045671"], [300, "Hermanos Quiroga, S.A."]),
      line([50, "28028 Madrid"], [300, "NIF: A28017895"]),
    ];
    expect(values(rows, "es")["vat_id"]).toBe("B83045671");
  });
});

describe("money", () => {
  // Catches: Canadian dollars that are booked as American ones.
  it("is of the country that a code names, where the sign is that of many", () => {
    const rows = (code: string) => [
      line([50, "Sub-total"], [300, "$ 100.00"]),
      line([50, "Tax"], [300, "$ 5.00"]),
      line([50, `Total ${code}`], [300, "$ 105.00"]),
    ];
    expect(values(rows("CAD"))["currency"]).toBe("CAD");
    expect(values(rows("AUD"))["currency"]).toBe("AUD");
    expect(values(rows("due"))["currency"]).toBe("USD");
    // A bank's euros do not make euros of dollars.
    expect(values([...rows("due"), line([50, "EUR account on request"])])["currency"]).toBe("USD");
  });

  // Catches: the days of "Net 30" taken for an amount of thirty.
  it("has its cents, where other amounts have theirs", () => {
    const rows = [
      line([50, "Terms"], [200, "Net 30"]),
      line([50, "Subtotal"], [300, "261.90"]),
      line([50, "Sales tax"], [300, "18.99"]),
      line([50, "Shipping"], [300, "22.00"]),
      line([50, "Total due"], [300, "$302.89"]),
    ];
    expect(values(rows)).toMatchObject({ net: 261.9, tax: 18.99, total: 302.89 });
  });

  const twoRates = [
    line([50, "Nettobetrag 19%"], [300, "494,12 €"]),
    line([50, "MwSt. 19%"], [300, "93,88 €"]),
    line([50, "Nettobetrag 7%"], [300, "415,89 €"]),
    line([50, "MwSt. 7%"], [300, "29,11 €"]),
    line([50, "Rechnungsbetrag"], [300, "1.033,00 €"]),
  ];

  // Catches: the tax of one rate booked as the tax, with a sum that is right by chance.
  it("of each rate is not the whole: what is written nowhere is null", () => {
    const lines = [line([50, "Menge"], [120, "Leistung"], [300, "Gesamt"]), line([50, "12"], [120, "Tagung"], [300, "588,00"])];
    expect(values([...lines, ...twoRates], "de")).toMatchObject({ net: null, tax: null, total: 1033 });
  });

  it("of one rate is the whole although it is told twice", () => {
    const rows = [
      line([50, "Sous-total"], [300, "2 145,00 $"]),
      line([50, "TPS (5 %)"], [300, "107,25 $"]),
      line([50, "Total HT"], [300, "2 145,00 $"]),
      line([50, "TVA"], [300, "107,25 $"]),
      line([50, "Total TTC"], [300, "2 252,25 $"]),
    ];
    expect(values(rows, "fr")).toMatchObject({ net: 2145, tax: 107.25, total: 2252.25 });
  });

  // Catches: the first line of a table taken for its sum, because it stands right below the heading.
  it("in the line that closes a table is the sum of its column", () => {
    const rows = [
      line([50, "Nazwa"], [200, "Ilość"], [260, "Wartość netto"], [360, "Kwota VAT"], [460, "Wartość brutto"]),
      line([50, "Przewód"], [200, "200"], [260, "830,00"], [360, "190,90"], [460, "1 020,90"]),
      line([50, "Puszka"], [200, "50"], [260, "60,00"], [360, "13,80"], [460, "73,80"]),
      line([50, "Razem"], [260, "890,00"], [360, "204,70"], [460, "1 094,70"]),
    ];
    const found = read(rows, "pl");
    expect(plainRecord(found)).toMatchObject({ net: 890, tax: 204.7, total: 1094.7 });
    expect(valueAt(found, "net")?.sure).toBeGreaterThan(0.9);
    expect(plainRecord(found)["lines"]).toHaveLength(2);
  });
});

describe("lines", () => {
  const rows = (...more: Rows) => [
    line([50, "Vare"], [250, "Antal"], [330, "Stk. pris"], [450, "Beløb"]),
    line([50, "Rødspætte, hel"], [250, "40,0"], [330, "62,00"], [450, "2.480,00"]),
    ...more,
  ];

  // Catches: lines without what was bought, because nobody knows the word above it.
  it("say what was bought under a heading that nobody knows", () => {
    const unknown = rows().with(0, line([30, "Nr"], [50, "Hvad"], [250, "Antal"], [330, "Stk. pris"], [450, "Beløb"]));
    expect(values(unknown, "da")["lines"]).toMatchObject([{ description: "Rødspætte, hel", quantity: 40, unit_price: 62, amount: 2480 }]);
  });

  // Catches: the unit taken for the thing, where the thing takes two lines and its numbers stand between them.
  it("join what was wrapped around its numbers, and nothing below the next heading", () => {
    const wrapped: Rows = [
      line([50, "Nazwa"], [250, "J.m."], [330, "Ilość"], [400, "Cena netto"], [480, "Wartość netto"]),
      line([50, "Przewód"], [250, "m"], [330, "200"], [400, "4,15"], [480, "830,00"]),
      line([50, "Puszka instalacyjna"]),
      line([250, "szt."], [330, "50"], [400, "1,20"], [480, "60,00"]),
    ];
    expect(values(wrapped, "pl")["lines"]).toMatchObject([
      { description: "Przewód", quantity: 200, unit_price: 4.15, amount: 830 },
      { description: "Puszka instalacyjna", quantity: 50, unit_price: 1.2, amount: 60 },
    ]);
  });

  // Catches: a table of taxes below the lines read as another line, with its own heading as the thing.
  it("do not take a table of taxes for one of theirs", () => {
    const taxes = rows(
      line([50, "I alt"], [450, "2.480,00"]),
      line([200, "Moms %"], [300, "Grundlag"], [380, "Momsbeløb"], [450, "Sum"]),
      line([200, "25 %"], [300, "2.480,00"], [380, "620,00"], [450, "3.100,00"]),
    );
    expect(values(taxes, "da")["lines"]).toHaveLength(1);
  });
});
