/**
 * Papers that nobody has seen: invoices, receipts, contracts, minutes and résumés in six languages and four layouts, drawn
 * from a seed. Their words are written down here alone, everyday ones and odd ones mixed; nothing of the recipes is read.
 */
import { type PlacedText, placedText } from "../../../tests/helpers/batch-views.ts";
import { randomOf } from "./make-invoices.ts";

export const paperKinds = ["invoice", "receipt", "contract", "meeting-notes", "resume"] as const;
export type PaperKind = (typeof paperKinds)[number];
export type Paper = { kind: PaperKind; language: string; name: string; read: PlacedText; truth: Record<string, string | number | null> };

type Words = {
  locale: string;
  comma: boolean;
  sign: string;
  currency: string;
  labels: Record<string, string[]>;
  companies: string[];
  people: string[];
  towns: string[];
  things: string[];
  texts: Record<string, string[]>;
};

const languages: Record<string, Words> = {
  en: {
    locale: "en-GB",
    comma: false,
    sign: "£",
    currency: "GBP",
    labels: {
      number: ["Bill ref.", "Our reference for this bill", "Invoice no.", "Doc. ID", "Invoice reference"],
      date: ["Raised on", "Bill dated", "Invoice date", "Written", "Tax point"],
      due: ["Settle before", "Please pay no later than", "Due date", "Payment expected by", "Terms end"],
      net: ["Sum before tax", "Goods and services", "Subtotal", "Net of VAT", "Value of goods"],
      tax: ["Tax charged", "VAT at 20%", "VAT", "Value added tax 20%"],
      total: ["You owe", "Amount to be paid", "Total", "Grand sum", "Please remit"],
      order: ["Your order", "Account of customer", "Purchase reference"],
      slip: ["Slip", "Till receipt no.", "Sale"],
      paid: ["Settled with", "Tendered", "Paid by"],
      contract: ["File number", "Contract ref.", "Agreement number"],
      starts: ["Runs from", "Takes effect on", "Commencement"],
      ends: ["Runs until", "Ceases on", "Expires"],
      signed: ["Signed at Leeds on", "Executed on", "Date of signing"],
      law: ["Law that governs", "Governing law", "Subject to the laws of"],
      notice: ["Either side may leave after", "Notice period", "Notice to be given"],
      fee: ["Agreed yearly fee", "Consideration", "Fee"],
      held: ["Held on", "Date of the meeting", "Date"],
      room: ["Where", "Venue", "Room"],
      next: ["We meet again on", "Next meeting", "Follow-up on"],
      name: ["Candidate", "Name", "Applicant"],
      born: ["Birthday", "Date of birth", "Born on"],
      phone: ["Call me on", "Mobile", "Reach me at"],
      home: ["Lives in", "Home town", "Address"],
    },
    companies: ["Quillon Textiles Ltd", "Marsh & Tarn LLP", "Ostler Bikes", "Bramble Kitchen Limited"],
    people: ["Imogen Ashdown", "Priya Raman", "Callum Reid"],
    towns: ["Whitby", "Kendal", "Exeter"],
    things: ["Oak plank", "Wool yarn", "Service hour", "Tea urn"],
    texts: {
      law: ["England and Wales", "Scotland"],
      notice: ["two months", "90 days"],
      room: ["Hall 3", "Library"],
      paid: ["card", "cash"],
    },
  },
  de: {
    locale: "de-DE",
    comma: true,
    sign: "€",
    currency: "EUR",
    labels: {
      number: ["Unser Zeichen dieser Rechnung", "Beleg", "Rechnungsnummer", "RG-Nr.", "Rechnung mit der Nummer"],
      date: ["Ausgestellt am", "Rechnung vom", "Rechnungsdatum", "Geschrieben am"],
      due: ["Bitte überweisen bis", "Fällig am", "Ohne Abzug bis", "Spätestens zu zahlen am"],
      net: ["Summe ohne Steuer", "Netto", "Wert der Ware", "Zwischensumme"],
      tax: ["Darin enthaltene Steuer", "MwSt 19%", "zuzüglich 19% USt", "Umsatzsteuer"],
      total: ["Zu überweisen", "Gesamtbetrag", "Rechnungssumme", "Bitte zahlen Sie"],
      order: ["Ihre Bestellung", "Kunde", "Ihr Auftrag vom Telefon"],
      slip: ["Bon", "Kassenbon Nr.", "Vorgang"],
      paid: ["Gezahlt mit", "Zahlart", "Beglichen per"],
      contract: ["Aktenzeichen", "Vertrag Nr.", "Vertragsnummer"],
      starts: ["Läuft ab", "Wirksam zum", "Vertragsbeginn"],
      ends: ["Läuft bis", "Endet am", "Vertragsende"],
      signed: ["Geschlossen am", "Unterschrieben am", "Unterzeichnet am"],
      law: ["Es gilt das Recht von", "Anwendbares Recht", "Maßgebliches Recht"],
      notice: ["Kündbar mit einer Frist von", "Kündigungsfrist", "Frist zur Kündigung"],
      fee: ["Jährliches Entgelt", "Vergütung", "Preis im Jahr"],
      held: ["Sitzung vom", "Datum", "Getagt am"],
      room: ["Wo", "Ort", "Raum"],
      next: ["Wir treffen uns wieder am", "Nächste Sitzung", "Folgetermin"],
      name: ["Bewerberin", "Name", "Person"],
      born: ["Geburtstag", "Geboren am", "Geb."],
      phone: ["Erreichbar unter", "Mobil", "Rufnummer"],
      home: ["Zuhause in", "Wohnort", "Anschrift"],
    },
    companies: ["Tannhof Mühle GmbH", "Lindner & Söhne KG", "Fahrradwerk Weser", "Papierlager Nord AG"],
    people: ["Wiebke Harms", "Jonas Adler", "Selma Yildiz"],
    towns: ["Bremen", "Passau", "Jena"],
    things: ["Eichenbrett", "Wolle grün", "Arbeitsstunde", "Teekanne"],
    texts: {
      law: ["Deutschland", "Österreich"],
      notice: ["drei Monaten", "vier Wochen"],
      room: ["Saal 2", "Bibliothek"],
      paid: ["Karte", "Bargeld"],
    },
  },
  fr: {
    locale: "fr-FR",
    comma: true,
    sign: "€",
    currency: "EUR",
    labels: {
      number: ["Pièce n°", "Référence de la facture", "Facture n°", "Notre référence de facture"],
      date: ["Établie le", "Facture du", "Date de facture", "Émise le"],
      due: ["À régler avant le", "Échéance", "Paiement attendu le", "Règlement au plus tard le"],
      net: ["Somme hors taxe", "Total HT", "Valeur des biens", "Base hors TVA"],
      tax: ["Taxe appliquée", "TVA 20%", "Montant de la taxe", "TVA"],
      total: ["Vous devez", "Total TTC", "À payer", "Somme à régler"],
      order: ["Votre commande", "Compte client", "Bon de commande"],
      slip: ["Reçu n°", "Ticket", "Vente"],
      paid: ["Réglé par", "Mode de paiement", "Payé en"],
      contract: ["Dossier", "Contrat n°", "Référence du contrat"],
      starts: ["Court à partir du", "Prend effet le", "Date d'effet"],
      ends: ["Court jusqu'au", "Prend fin le", "Date de fin"],
      signed: ["Conclu le", "Fait le", "Signé à Lyon le"],
      law: ["Loi du contrat", "Droit applicable", "Régi par le droit de"],
      notice: ["Résiliable moyennant", "Préavis", "Délai pour résilier"],
      fee: ["Redevance annuelle", "Prix", "Rémunération convenue"],
      held: ["Tenue le", "Date", "Séance du"],
      room: ["Où", "Lieu", "Salle"],
      next: ["Rendez-vous suivant le", "Prochaine réunion", "À revoir le"],
      name: ["Candidate", "Nom", "Personne"],
      born: ["Anniversaire", "Née le", "Date de naissance"],
      phone: ["Joignable au", "Téléphone", "Portable"],
      home: ["Habite à", "Adresse", "Domicile"],
    },
    companies: ["Moulin des Aulnes SARL", "Perrin et Fils SAS", "Cycles du Rhône", "Papeterie Valmy SA"],
    people: ["Maëlle Garnier", "Hugo Lefort", "Inès Belkacem"],
    towns: ["Lyon", "Nantes", "Pau"],
    things: ["Planche de chêne", "Laine verte", "Heure de travail", "Théière"],
    texts: {
      law: ["France", "Belgique"],
      notice: ["trois mois", "30 jours"],
      room: ["Salle 4", "Bibliothèque"],
      paid: ["carte", "espèces"],
    },
  },
  es: {
    locale: "es-ES",
    comma: true,
    sign: "€",
    currency: "EUR",
    labels: {
      number: ["Documento n.º", "Referencia de esta factura", "Número de factura", "Factura n.º"],
      date: ["Expedida el", "Factura del día", "Fecha de factura", "Emitida el"],
      due: ["A pagar antes del", "Vencimiento", "Pago previsto el", "Último día de pago"],
      net: ["Suma sin impuestos", "Base imponible", "Valor de los bienes", "Subtotal"],
      tax: ["Impuesto aplicado", "IVA 21%", "Cuota del impuesto", "IVA"],
      total: ["Nos debe", "Total a pagar", "Importe final", "Total"],
      order: ["Su pedido", "Cuenta del cliente", "Hoja de encargo"],
      slip: ["Recibo", "Tique n.º", "Venta"],
      paid: ["Pagado con", "Forma de pago", "Abonado en"],
      contract: ["Expediente", "Contrato n.º", "Número de contrato"],
      starts: ["Rige desde el", "Surte efecto el", "Fecha de inicio"],
      ends: ["Rige hasta el", "Termina el", "Fecha de fin"],
      signed: ["Celebrado el", "Firmado el", "Fecha de firma"],
      law: ["Derecho que rige", "Ley aplicable", "Sujeto a las leyes de"],
      notice: ["Se puede rescindir con", "Preaviso", "Plazo de preaviso"],
      fee: ["Cuota anual", "Precio", "Retribución pactada"],
      held: ["Celebrada el", "Fecha", "Sesión del"],
      room: ["Dónde", "Lugar", "Sala"],
      next: ["Nos vemos de nuevo el", "Próxima reunión", "Siguiente cita"],
      name: ["Candidata", "Nombre", "Persona"],
      born: ["Cumpleaños", "Nacida el", "Fecha de nacimiento"],
      phone: ["Localizable en el", "Móvil", "Teléfono"],
      home: ["Vive en", "Dirección", "Domicilio"],
    },
    companies: ["Molinos del Ebro S.L.", "Herrera Hermanos S.A.", "Bicis Alhambra", "Papelera Duero S.L."],
    people: ["Lucía Cárdenas", "Mateo Ibáñez", "Noa Ferrer"],
    towns: ["Soria", "Cádiz", "Lugo"],
    things: ["Tabla de roble", "Lana verde", "Hora de trabajo", "Tetera"],
    texts: { law: ["España", "Portugal"], notice: ["dos meses", "15 días"], room: ["Aula 5", "Biblioteca"], paid: ["tarjeta", "efectivo"] },
  },
  it: {
    locale: "it-IT",
    comma: true,
    sign: "€",
    currency: "EUR",
    labels: {
      number: ["Documento n.", "Nostro riferimento fattura", "Fattura n.", "Numero fattura"],
      date: ["Redatta il", "Fattura del", "Data fattura", "Emessa il"],
      due: ["Da saldare entro il", "Scadenza", "Pagamento atteso il", "Ultimo giorno utile"],
      net: ["Somma senza imposta", "Imponibile", "Valore dei beni", "Totale netto"],
      tax: ["Imposta applicata", "IVA 22%", "Quota d'imposta", "IVA"],
      total: ["Ci deve", "Totale da pagare", "Somma finale", "Totale"],
      order: ["Vostro ordine", "Conto cliente", "Foglio d'ordine"],
      slip: ["Scontrino n.", "Ricevuta", "Vendita"],
      paid: ["Pagato con", "Metodo di pagamento", "Saldato in"],
      contract: ["Pratica", "Contratto n.", "Numero contratto"],
      starts: ["Vale dal", "Ha effetto dal", "Data di inizio"],
      ends: ["Vale fino al", "Cessa il", "Data di fine"],
      signed: ["Stipulato il", "Firmato il", "Data di firma"],
      law: ["Diritto che regola", "Legge applicabile", "Retto dalle leggi di"],
      notice: ["Recedibile con", "Preavviso", "Termine di disdetta"],
      fee: ["Canone annuo", "Prezzo", "Compenso pattuito"],
      held: ["Tenuta il", "Data", "Seduta del"],
      room: ["Dove", "Luogo", "Sala"],
      next: ["Ci rivediamo il", "Prossima riunione", "Prossimo incontro"],
      name: ["Candidata", "Nome", "Persona"],
      born: ["Compleanno", "Nata il", "Data di nascita"],
      phone: ["Raggiungibile al", "Cellulare", "Telefono"],
      home: ["Abita a", "Indirizzo", "Residenza"],
    },
    companies: ["Mulino Adda S.r.l.", "Ferraris e Figli S.p.A.", "Ciclofficina Po", "Cartiera Garda S.r.l."],
    people: ["Giada Morelli", "Elio Santini", "Nadia Costa"],
    towns: ["Pavia", "Udine", "Lecce"],
    things: ["Asse di rovere", "Lana verde", "Ora di lavoro", "Teiera"],
    texts: { law: ["Italia", "Svizzera"], notice: ["tre mesi", "20 giorni"], room: ["Aula 6", "Biblioteca"], paid: ["carta", "contanti"] },
  },
  pt: {
    locale: "pt-PT",
    comma: true,
    sign: "€",
    currency: "EUR",
    labels: {
      number: ["Documento n.º", "Referência desta fatura", "Fatura n.º", "Número da fatura"],
      date: ["Passada em", "Fatura de", "Data da fatura", "Emitida a"],
      due: ["A liquidar até", "Vencimento", "Pagamento previsto para", "Último dia"],
      net: ["Soma sem imposto", "Total sem IVA", "Valor dos bens", "Base"],
      tax: ["Imposto aplicado", "IVA 23%", "Parcela do imposto", "IVA"],
      total: ["Deve-nos", "Total a pagar", "Soma final", "Total"],
      order: ["A sua encomenda", "Conta do cliente", "Nota de encomenda"],
      slip: ["Talão", "Recibo n.º", "Venda"],
      paid: ["Pago com", "Forma de pagamento", "Liquidado em"],
      contract: ["Processo", "Contrato n.º", "Número do contrato"],
      starts: ["Vigora desde", "Produz efeitos em", "Data de início"],
      ends: ["Vigora até", "Cessa em", "Data de fim"],
      signed: ["Celebrado em", "Assinado em", "Data da assinatura"],
      law: ["Direito que rege", "Lei aplicável", "Sujeito às leis de"],
      notice: ["Denunciável com", "Aviso prévio", "Prazo de denúncia"],
      fee: ["Quota anual", "Preço", "Retribuição acordada"],
      held: ["Realizada em", "Data", "Sessão de"],
      room: ["Onde", "Local", "Sala"],
      next: ["Voltamos a reunir em", "Próxima reunião", "Encontro seguinte"],
      name: ["Candidata", "Nome", "Pessoa"],
      born: ["Aniversário", "Nascida em", "Data de nascimento"],
      phone: ["Contactável pelo", "Telemóvel", "Telefone"],
      home: ["Mora em", "Morada", "Residência"],
    },
    companies: ["Moinhos do Tejo Lda", "Irmãos Salgado S.A.", "Bicicletas Mondego", "Papelaria Sado Lda"],
    people: ["Marta Queirós", "Tiago Valente", "Rita Nogueira"],
    towns: ["Évora", "Viseu", "Tomar"],
    things: ["Tábua de carvalho", "Lã verde", "Hora de trabalho", "Bule"],
    texts: {
      law: ["Portugal", "Espanha"],
      notice: ["dois meses", "60 dias"],
      room: ["Sala 7", "Biblioteca"],
      paid: ["cartão", "numerário"],
    },
  },
};

type Draw = { words: Words; random: () => number; pick: <Item>(list: readonly Item[]) => Item; label: (key: string) => string };
type Row = (readonly [number, string])[];
/** A fact: what its label is drawn from, what the paper writes, and the field that it is the truth of. */
type Fact = { key: string; written: string; field?: string; value?: string | number };

/** The paper of a seed: kind, language, layout and words follow from it. */
export function makePaper(seed: number): Paper {
  const random = randomOf(seed * 104_729 + 11);
  const pick = <Item>(list: readonly Item[]): Item => {
    const item = list[Math.floor(random() * list.length)];
    if (item === undefined) throw new Error("an empty list");
    return item;
  };
  const kind = paperKinds[seed % paperKinds.length] ?? "invoice";
  const language = pick(Object.keys(languages));
  const words = languages[language];
  if (!words) throw new Error(`no words of ${language}`);
  const draw: Draw = { words, random, pick, label: (key) => pick(words.labels[key] ?? [key]) };
  const { head, facts, tail, fixed } = makers[kind](draw);
  const kept = facts.filter(({ key }) => random() > (key === "due" || key === "born" || key === "next" || key === "ends" ? 0.25 : 0.06));
  const truth: Paper["truth"] = { ...fixed };
  for (const { field, value } of facts) if (field !== undefined && value !== undefined) truth[field] = null;
  for (const { field, value } of kept) if (field !== undefined && value !== undefined) truth[field] = value;
  const rows = [...head, ...layOut(kept, draw), ...tail];
  return { kind, language, name: `${kind}-${language}-${seed}`, read: placedText([rows], language), truth };
}

/** `Label: value` in a line, two columns, headings above values, or the value far to the right. */
function layOut(facts: readonly Fact[], { label, pick, random }: Draw): Row[] {
  const layout = pick(["line", "columns", "above", "far"] as const);
  const colon = random() < 0.7 ? ":" : "";
  if (layout === "above") {
    const rows: Row[] = [];
    for (let at = 0; at < facts.length; at += 2) {
      const two = facts.slice(at, at + 2);
      rows.push(two.map(({ key }, column) => [50 + column * 270, label(key)] as const));
      rows.push(two.map(({ written }, column) => [50 + column * 270, written] as const));
      rows.push([]);
    }
    return rows;
  }
  return facts.map(({ key, written }): Row => {
    if (layout === "line") return [[50, `${label(key)}: ${written}`]];
    return [
      [50, `${label(key)}${colon}`],
      [layout === "far" ? 430 : 300, written],
    ];
  });
}

const cents = (value: number) => Math.round(value * 100) / 100;
function money(value: number, { comma, sign }: Words, bare: boolean): string {
  const [whole = "", rest = ""] = value.toFixed(2).split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, comma ? "." : ",");
  const digits = `${grouped}${comma ? "," : "."}${rest}`;
  return bare ? digits : comma ? `${digits} ${sign}` : `${sign}${digits}`;
}

function dateOf({ words, pick, random }: Draw, after = 0): { iso: string; written: string } {
  const date = new Date(Date.UTC(2019 + Math.floor(random() * 6), Math.floor(random() * 12), 1 + Math.floor(random() * 27) + after));
  const month = pick(["long", "2-digit"] as const);
  return {
    iso: date.toISOString().slice(0, 10),
    written: date.toLocaleDateString(words.locale, {
      day: month === "long" ? "numeric" : "2-digit",
      month,
      year: "numeric",
      timeZone: "UTC",
    }),
  };
}

const code = ({ random, pick }: Draw) => {
  const digits = (count: number) => Array.from({ length: count }, () => Math.floor(random() * 10)).join("");
  return pick([`${digits(6)}`, `${pick(["AX", "R", "KD"])}-${digits(4)}`, `${digits(2)}/${digits(4)}`, `${pick(["F", "Q"])}${digits(7)}`]);
};
const dateFact = (key: string, field: string, draw: Draw): Fact => {
  const { iso, written } = dateOf(draw);
  return { key, written, field, value: iso };
};
const textFact = (key: string, field: string, draw: Draw): Fact => {
  const value = draw.pick(draw.words.texts[key] ?? [""]);
  return { key, written: value, field, value };
};

type Made = { head: Row[]; facts: Fact[]; tail: Row[]; fixed: Paper["truth"] };
const makers: Record<PaperKind, (draw: Draw) => Made> = {
  invoice(draw) {
    const { words, pick, random } = draw;
    const vendor = pick(words.companies);
    const lines = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
      const quantity = 1 + Math.floor(random() * 9);
      const price = cents(3 + random() * 400);
      return { name: pick(words.things), quantity, price, amount: cents(quantity * price) };
    });
    const net = cents(lines.reduce((sum, { amount }) => sum + amount, 0));
    const tax = cents(net * 0.2);
    const number = code(draw);
    const day = dateOf(draw);
    const due = new Date(Date.parse(day.iso) + 21 * 86_400_000);
    const dueText = due.toLocaleDateString(words.locale, { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "UTC" });
    const sums: Fact[] = [
      { key: "net", written: money(net, words, random() < 0.5), field: "net", value: net },
      { key: "tax", written: money(tax, words, random() < 0.5), field: "tax", value: tax },
      { key: "total", written: money(cents(net + tax), words, false), field: "total", value: cents(net + tax) },
    ];
    return {
      head: [[[50, vendor]], [[50, `${pick(words.towns)}, ${1 + Math.floor(random() * 90)}`]], [], [[50, pick(words.people)]], []],
      facts: [
        { key: "number", written: number, field: "invoice_number", value: number },
        { key: "date", written: day.written, field: "date", value: day.iso },
        { key: "order", written: code(draw) },
        { key: "due", written: dueText, field: "due_date", value: due.toISOString().slice(0, 10) },
        ...sums,
      ],
      tail: [
        [],
        ...lines.map(({ name, quantity, price, amount }): Row => [
          [50, name],
          [260, String(quantity)],
          [330, money(price, words, true)],
          [430, money(amount, words, true)],
        ]),
      ],
      fixed: { vendor, currency: words.currency },
    };
  },
  receipt(draw) {
    const { words, pick, random } = draw;
    const vendor = pick(words.companies);
    const total = cents(4 + random() * 90);
    const number = code(draw);
    return {
      head: [[[50, vendor]], [[50, pick(words.towns)]], []],
      facts: [
        { key: "slip", written: number, field: "receipt_number", value: number },
        dateFact("date", "date", draw),
        { key: "tax", written: money(cents(total / 6), words, true), field: "tax", value: cents(total / 6) },
        { key: "total", written: money(total, words, false), field: "total", value: total },
        textFact("paid", "payment_method", draw),
      ],
      tail: [
        [],
        [
          [50, pick(words.things)],
          [300, money(total, words, true)],
        ],
      ],
      fixed: { vendor, currency: words.currency },
    };
  },
  contract(draw) {
    const { words, pick, random } = draw;
    const [one, other] = [words.companies[0] ?? "", words.companies[2] ?? ""];
    const number = code(draw);
    const fee = cents(500 + random() * 20_000);
    return {
      head: [[[50, `${one} – ${other}`]], []],
      facts: [
        { key: "contract", written: number, field: "contract_number", value: number },
        dateFact("starts", "starts_on", draw),
        dateFact("ends", "ends_on", draw),
        { key: "fee", written: money(fee, words, false), field: "amount", value: fee },
        textFact("law", "governing_law", draw),
        textFact("notice", "notice_period", draw),
        dateFact("signed", "signed_on", draw),
      ],
      tail: [[], [[50, pick(words.people)]]],
      fixed: {},
    };
  },
  "meeting-notes"(draw) {
    const { words, pick } = draw;
    return {
      head: [[[50, pick(words.companies)]], []],
      facts: [dateFact("held", "date", draw), textFact("room", "place", draw), dateFact("next", "next_meeting", draw)],
      tail: [[], [[50, `${pick(words.people)}, ${pick(words.people)}`]], [[50, `1. ${pick(words.things)}`]]],
      fixed: {},
    };
  },
  resume(draw) {
    const { words, pick, random } = draw;
    const name = pick(words.people);
    const phone = `+44 20 7946 ${String(1000 + Math.floor(random() * 8999))}`;
    const email = `${name
      .split(" ")[0]
      ?.normalize("NFKD")
      .replaceAll(/[^A-Za-z]/g, "")
      .toLowerCase()}@example.org`;
    const town = pick(words.towns);
    return {
      head: [[[50, email]], []],
      facts: [
        { key: "name", written: name, field: "name", value: name },
        dateFact("born", "date_of_birth", draw),
        { key: "phone", written: phone, field: "phone", value: phone },
        { key: "home", written: town, field: "location", value: town },
      ],
      tail: [[], [[50, `2015–2021  ${pick(words.companies)}`]]],
      fixed: { email },
    };
  },
};
