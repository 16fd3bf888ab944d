/**
 * Invoices that nobody has seen: seven languages, several layouts, all drawn from a seed, with the values that stand in
 * them. Its words are its own; it knows nothing of the recipes that read them.
 */
import { makePdf, type PdfText } from "../../../tests/helpers/make-pdf.ts";

export type Truth = {
  vendor: string;
  invoice_number: string;
  date: string;
  due_date: string | null;
  currency: string;
  net: number;
  tax: number;
  total: number;
  vat_id: string | null;
  iban: string | null;
  lines: { description: string; quantity: number; unit_price: number; amount: number }[];
};
export type SeededError = "sum" | "dates" | "iban" | "vat" | "line";
export type MadeInvoice = { name: string; pdf: Uint8Array; truth: Truth; error: SeededError | undefined };

type Words = {
  title: string;
  credit: string;
  number: string;
  date: string;
  due: string;
  columns: [string, string, string, string];
  net: string;
  tax: string;
  total: string;
  to: string;
  vat: string;
  thanks: string;
  decimal: "," | ".";
  group: string;
  currency: string;
  sign: string;
  signFirst: boolean;
  rate: number;
  country: string;
  day: (date: Date) => string;
  companies: string[];
  goods: string[];
  streets: string[];
};

const two = (value: number) => String(value).padStart(2, "0");
const dotted = (date: Date) => `${two(date.getUTCDate())}.${two(date.getUTCMonth() + 1)}.${date.getUTCFullYear()}`;
const slashed = (date: Date) => `${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}/${date.getUTCFullYear()}`;
const american = (date: Date) => `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}/${date.getUTCFullYear()}`;
const long = (locale: string) => (date: Date) =>
  date.toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

const languages: Words[] = [
  {
    title: "INVOICE",
    credit: "CREDIT NOTE",
    number: "Invoice No.",
    date: "Invoice date",
    due: "Payment due",
    columns: ["Description", "Qty", "Unit price", "Amount"],
    net: "Subtotal",
    tax: "Sales tax",
    total: "Total due",
    to: "Bill to",
    vat: "VAT",
    thanks: "Thank you for your business.",
    decimal: ".",
    group: ",",
    currency: "USD",
    sign: "$",
    signFirst: true,
    rate: 8,
    country: "US",
    day: american,
    companies: ["Hartwell Supply Inc.", "Blue Cedar Labs LLC", "Northgate Tools Corp."],
    goods: ["Cordless drill", "Packing tape", "Steel shelf", "Work gloves", "Garden hose"],
    streets: ["12 Mill Road", "480 Lake Street"],
  },
  {
    title: "Tax invoice",
    credit: "Credit note",
    number: "Invoice number",
    date: "Date of issue",
    due: "Due date",
    columns: ["Item", "Quantity", "Price", "Total"],
    net: "Net total",
    tax: "VAT",
    total: "Total",
    to: "Invoice to",
    vat: "VAT reg. no.",
    thanks: "Please pay within the agreed term.",
    decimal: ".",
    group: ",",
    currency: "GBP",
    sign: "£",
    signFirst: true,
    rate: 20,
    country: "GB",
    day: long("en-GB"),
    companies: ["Pennine Print Ltd", "Ashdown Catering Limited", "Larkfield Optics Ltd"],
    goods: ["Brochures A5", "Buffet lunch", "Lens cleaning kit", "Business cards", "Delivery"],
    streets: ["7 Station Approach", "31 Orchard Lane"],
  },
  {
    title: "Rechnung",
    credit: "Gutschrift",
    number: "Rechnungs-Nr.",
    date: "Rechnungsdatum",
    due: "Zahlbar bis",
    columns: ["Bezeichnung", "Menge", "Einzelpreis", "Gesamtpreis"],
    net: "Nettobetrag",
    tax: "MwSt.",
    total: "Gesamtbetrag",
    to: "Rechnung an",
    vat: "USt-IdNr.",
    thanks: "Vielen Dank für Ihren Auftrag.",
    decimal: ",",
    group: ".",
    currency: "EUR",
    sign: "€",
    signFirst: false,
    rate: 19,
    country: "DE",
    day: dotted,
    companies: ["Möller Werkzeugbau GmbH", "Seeblick Gärtnerei KG", "Kranich Verlag GmbH & Co. KG"],
    goods: ["Schraubensatz", "Rasendünger", "Notizbuch", "Lieferpauschale", "Wartung Maschine"],
    streets: ["Birkenweg 4", "Hafenstraße 88"],
  },
  {
    title: "FACTURE",
    credit: "AVOIR",
    number: "Numéro de facture",
    date: "Date de facturation",
    due: "Échéance",
    columns: ["Désignation", "Quantité", "Prix unitaire", "Montant"],
    net: "Total HT",
    tax: "TVA",
    total: "Total TTC",
    to: "Facturé à",
    vat: "N° TVA",
    thanks: "Merci de votre confiance.",
    decimal: ",",
    group: " ",
    currency: "EUR",
    sign: "€",
    signFirst: false,
    rate: 20,
    country: "FR",
    day: slashed,
    companies: ["Atelier Brunel SARL", "Les Vergers du Sud SAS", "Imprimerie Morand SA"],
    goods: ["Papier recyclé", "Confiture de figues", "Reliure", "Transport", "Étiquettes"],
    streets: ["3 rue des Tilleuls", "45 avenue de la Gare"],
  },
  {
    title: "Factuur",
    credit: "Creditnota",
    number: "Factuurnummer",
    date: "Factuurdatum",
    due: "Vervaldatum",
    columns: ["Omschrijving", "Aantal", "Stukprijs", "Bedrag"],
    net: "Totaal excl. BTW",
    tax: "BTW",
    total: "Te betalen",
    to: "Factuuradres",
    vat: "BTW-nummer",
    thanks: "Bedankt voor uw bestelling.",
    decimal: ",",
    group: ".",
    currency: "EUR",
    sign: "€",
    signFirst: true,
    rate: 21,
    country: "NL",
    day: (date) => `${date.getUTCDate()}-${date.getUTCMonth() + 1}-${date.getUTCFullYear()}`,
    companies: ["Fietsen Vermeer B.V.", "Kaasmakerij De Linde B.V.", "Drukkerij Zuidplas N.V."],
    goods: ["Fietsketting", "Oude kaas", "Flyers", "Verzendkosten", "Onderhoud"],
    streets: ["Dorpsstraat 19", "Kade 7"],
  },
  {
    title: "Factura",
    credit: "Factura rectificativa",
    number: "Nº de factura",
    date: "Fecha",
    due: "Vencimiento",
    columns: ["Concepto", "Cantidad", "Precio", "Importe"],
    net: "Base imponible",
    tax: "IVA",
    total: "Total factura",
    to: "Cliente",
    vat: "NIF",
    thanks: "Gracias por su compra.",
    decimal: ",",
    group: ".",
    currency: "EUR",
    sign: "€",
    signFirst: false,
    rate: 21,
    country: "ES",
    day: long("es"),
    companies: ["Aceites Robles S.L.", "Talleres Montoya S.A.", "Cerámica Vidal S.L."],
    goods: ["Aceite de oliva", "Cambio de filtro", "Azulejo azul", "Portes", "Revisión"],
    streets: ["Calle Mayor 22", "Avenida del Puerto 5"],
  },
  {
    title: "FATTURA",
    credit: "NOTA DI CREDITO",
    number: "Numero fattura",
    date: "Data fattura",
    due: "Scadenza",
    columns: ["Descrizione", "Quantità", "Prezzo unitario", "Importo"],
    net: "Imponibile",
    tax: "IVA",
    total: "Totale da pagare",
    to: "Spett.le",
    vat: "P. IVA",
    thanks: "Grazie per la fiducia.",
    decimal: ",",
    group: ".",
    currency: "EUR",
    sign: "€",
    signFirst: true,
    rate: 22,
    country: "IT",
    day: slashed,
    companies: ["Officine Bellini S.r.l.", "Pastificio Conti S.p.A.", "Tessuti Moretti S.r.l."],
    goods: ["Pasta fresca", "Cotone bianco", "Bullone M8", "Spedizione", "Assistenza"],
    streets: ["Via Roma 10", "Corso Italia 34"],
  },
];
const customers = ["Fernhill Trading", "Rosa Kline", "Maple Court Office", "Studio Tessel", "J. Amberg"];

/** A generator of equal seeds gives equal numbers (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const cents = (value: number) => Math.round(value * 100) / 100;
const mod97 = (text: string) =>
  [...text].reduce((rest, character) => (rest * (/\d/.test(character) ? 10 : 100) + Number.parseInt(character, 36)) % 97, 0);

function iban(country: string, digits: () => string): string {
  const length = ({ DE: 18, NL: 10, FR: 23, ES: 20, IT: 23, GB: 14 } as Record<string, number>)[country] ?? 18;
  const bank = country === "NL" || country === "GB" ? "ABCD" : country === "IT" ? "X" : "";
  const body = bank + Array.from({ length: length + (country === "NL" ? 4 : country === "GB" ? 4 : 0) - bank.length }, digits).join("");
  const check = 98 - mod97(`${body}${country}00`);
  return `${country}${String(check).padStart(2, "0")}${body}`;
}

function vat(country: string, digits: () => string): string {
  const some = (count: number) => Array.from({ length: count }, digits).join("");
  if (country === "DE") {
    const body = `2${some(7)}`;
    let product = 10;
    for (const digit of body) product = (2 * ((Number(digit) + product) % 10 || 10)) % 11;
    return `DE${body}${(11 - product) % 10}`;
  }
  if (country === "FR") {
    const siren = `4${some(8)}`;
    return `FR${String((12 + 3 * (Number(siren) % 97)) % 97).padStart(2, "0")}${siren}`;
  }
  if (country === "NL") {
    for (;;) {
      const body = `8${some(7)}`;
      const check = [...body].reduce((sum, digit, at) => sum + Number(digit) * (9 - at), 0) % 11;
      if (check < 10) return `NL${body}${check}B01`;
    }
  }
  if (country === "IT") {
    const body = `0${some(9)}`;
    const sum = [...body]
      .toReversed()
      .reduce((all, digit, at) => all + (at % 2 === 1 ? Number(digit) : Number(digit) > 4 ? Number(digit) * 2 - 9 : Number(digit) * 2), 0);
    return `IT${body}${(10 - (sum % 10)) % 10}`;
  }
  return country === "ES" ? `ESB${some(8)}` : `GB${some(9)}`;
}

const wrongDigit = (text: string): string => `${text.slice(0, -1)}${(Number(text.at(-1)) + 1) % 10}`;

/** The invoice of a seed; `error` puts a fault into it that a check should find. `truth` is what stands on the page. */
export function makeInvoice(seed: number, error?: SeededError): MadeInvoice {
  const random = randomOf(seed * 7919 + 17);
  const pick = <Item>(list: readonly Item[]): Item => {
    const item = list[Math.floor(random() * list.length)];
    if (item === undefined) throw new Error("an empty list");
    return item;
  };
  const digit = () => String(Math.floor(random() * 10));
  const usable =
    error === "iban"
      ? languages.filter(({ country }) => country !== "US")
      : error === "vat"
        ? languages.filter(({ country }) => ["DE", "FR", "NL", "IT"].includes(country))
        : languages;
  const words = pick(usable);
  const isCredit = error === undefined && random() < 0.08;
  const sign = isCredit ? -1 : 1;
  const money = (value: number): string => {
    const [whole = "", rest = ""] = Math.abs(value).toFixed(2).split(".");
    const digits = `${value < 0 ? "-" : ""}${whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, words.group)}${words.decimal}${rest}`;
    return digits;
  };
  const lines = Array.from({ length: 1 + Math.floor(random() * 5) }, () => {
    const quantity = 1 + Math.floor(random() * 12);
    const price = cents(2 + random() * (random() < 0.2 ? 1500 : 90));
    return { description: pick(words.goods), quantity, unit_price: price, amount: cents(sign * quantity * price) };
  });
  const net = cents(lines.reduce((sum, { amount }) => sum + amount, 0));
  const tax = cents((net * words.rate) / 100);
  const issued = new Date(Date.UTC(2021 + Math.floor(random() * 5), Math.floor(random() * 12), 1 + Math.floor(random() * 28)));
  const dueAt = new Date(issued.getTime() + (7 + Math.floor(random() * 30)) * 86_400_000);
  const hasIds = words.country !== "US" || error === "iban" || error === "vat";
  const truth: Truth = {
    vendor: pick(words.companies),
    invoice_number: pick([
      `${issued.getUTCFullYear()}-${digit()}${digit()}${digit()}${digit()}`,
      `INV${digit()}${digit()}${digit()}${digit()}${digit()}`,
      `RE/${issued.getUTCFullYear()}/${digit()}${digit()}${digit()}`,
      `${1 + Math.floor(random() * 9)}${digit()}${digit()}${digit()}${digit()}${digit()}${digit()}`,
    ]),
    date: issued.toISOString().slice(0, 10),
    due_date: error === "dates" || random() < 0.8 ? dueAt.toISOString().slice(0, 10) : null,
    currency: words.currency,
    net,
    tax,
    total: cents(net + tax),
    vat_id: hasIds && (error === "vat" || random() < 0.85) ? vat(words.country === "US" ? "DE" : words.country, digit) : null,
    iban: hasIds && (error === "iban" || random() < 0.75) ? iban(words.country === "US" ? "DE" : words.country, digit) : null,
    lines,
  };
  if (error === "sum") truth.total = cents(truth.total + 5 + Math.floor(random() * 50));
  if (error === "line" && lines[0]) lines[0].amount = cents(lines[0].amount + 3.5 + Math.floor(random() * 20));
  if (error === "dates" && truth.due_date !== null) [truth.date, truth.due_date] = [truth.due_date, truth.date];
  if (error === "iban" && truth.iban !== null) truth.iban = wrongDigit(truth.iban);
  if (error === "vat" && truth.vat_id !== null)
    truth.vat_id =
      words.country === "NL" ? truth.vat_id.replace(/\d(?=B)/, (last) => String((Number(last) + 1) % 10)) : wrongDigit(truth.vat_id);
  return {
    name: `${two(seed % 100)}-${words.country.toLowerCase()}-${seed}.pdf`,
    pdf: draw({ words, truth, isCredit, money, random, pick }),
    truth,
    error,
  };
}

function draw({
  words,
  truth,
  isCredit,
  money,
  random,
  pick,
}: {
  words: Words;
  truth: Truth;
  isCredit: boolean;
  money: (value: number) => string;
  random: () => number;
  pick: <Item>(list: readonly Item[]) => Item;
}): Uint8Array {
  const texts: PdfText[] = [];
  const put = (x: number, y: number, text: string, more: Partial<PdfText> = {}) =>
    texts.push({ x, y, size: 10, ...more, text: text.replaceAll("€", "\u0080").replaceAll(/[’]/g, "'") });
  const right = (x: number, y: number, text: string, more: Partial<PdfText> = {}) =>
    put(x - text.length * (more.size ?? 10) * 0.5, y, text, more);
  const withSign = (value: number) =>
    words.signFirst ? `${words.sign}${random() < 0.5 ? " " : ""}${money(value)}` : `${money(value)} ${words.sign}`;
  const day = (iso: string) => words.day(new Date(`${iso}T00:00:00Z`));
  const layout = pick(["left", "right", "above"] as const);
  const vendorX = layout === "left" ? 340 : 50;
  const colon = random() < 0.6 ? ":" : "";
  const groupIds = random() < 0.5;

  put(vendorX, 60, truth.vendor, { size: pick([10, 14, 18]), bold: random() < 0.7 });
  put(vendorX, 78, pick(words.streets));
  put(layout === "left" ? 50 : 380, 60, isCredit ? words.credit : words.title, { size: 20, bold: true });
  put(50, 150, words.to + colon, { bold: true });
  put(50, 165, pick(customers));
  put(50, 180, pick(words.streets));
  const facts: [string, string][] = [
    [words.number, truth.invoice_number],
    [words.date, day(truth.date)],
    ...(truth.due_date === null ? [] : [[words.due, day(truth.due_date)] as [string, string]]),
  ];
  if (layout === "above")
    for (const [index, [label, value]] of facts.entries()) {
      put(50 + index * 165, 230, label, { bold: true });
      put(50 + index * 165, 245, value);
    }
  else
    for (const [index, [label, value]] of facts.entries()) {
      const x = layout === "left" ? 50 : 330;
      put(x, 220 + index * 16, label + colon);
      put(x + (random() < 0.5 ? 130 : 115), 220 + index * 16, value);
    }
  const [description, quantity, price, amount] = words.columns;
  const top = 300;
  put(50, top, description, { bold: true });
  right(340, top, quantity, { bold: true });
  right(440, top, price, { bold: true });
  right(540, top, amount, { bold: true });
  for (const [index, line] of truth.lines.entries()) {
    const y = top + 20 + index * 18;
    put(50, y, line.description);
    right(340, y, String(line.quantity));
    right(440, y, money(line.unit_price));
    right(540, y, random() < 0.5 ? money(line.amount) : money(line.amount));
  }
  const bottom = top + 50 + truth.lines.length * 18;
  for (const [index, [label, value]] of (
    [
      [words.net, truth.net],
      [`${words.tax} ${words.rate}%`, truth.tax],
      [words.total, truth.total],
    ] as [string, number][]
  ).entries()) {
    put(350, bottom + index * 18, label + colon, { bold: index === 2 });
    right(540, bottom + index * 18, withSign(value), { bold: index === 2 });
  }
  put(50, bottom + 90, words.thanks);
  const ids: string[] = [];
  if (truth.vat_id !== null) ids.push(`${words.vat}${colon} ${truth.vat_id}`);
  if (truth.iban !== null) ids.push(`IBAN${colon} ${groupIds ? truth.iban.replaceAll(/(.{4})(?=.)/g, "$1 ") : truth.iban}`);
  for (const [index, text] of ids.entries()) put(50 + index * 230, 790, text, { size: 8 });
  put(50, 805, `${truth.vendor} · ${pick(words.streets)}`, { size: 8 });
  return makePdf([{ texts }]);
}

export const errorKinds: readonly SeededError[] = ["sum", "dates", "iban", "vat", "line"];
