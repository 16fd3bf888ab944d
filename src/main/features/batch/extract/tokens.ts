import type { Scalar } from "../../../../shared/contract/batch.ts";
import type { FieldKind } from "../../../../shared/contract/recipe.ts";
import { amountOf, findAmounts } from "./amounts.ts";
import { findCodes, findEmails, findIbans, findPhones, findUrls, findVatIds, type FoundCode } from "./codes.ts";
import { currencyOf } from "./currencies.ts";
import { dateIn, findDates, isAmbiguous } from "./dates.ts";
import type { Cell, DocumentView } from "./document-view.ts";
import type { Habits } from "./habits.ts";

/** Something in the document that could be a value of its kind, and where. */
export type Token = {
  kind: FieldKind;
  value: Scalar;
  start: number;
  end: number;
  cell: Cell;
  /** A check digit agrees, or the form allows nothing else. */
  strong: boolean;
  /** Of an amount: its currency; of a date: that another order would make another date of it. */
  currency?: string | undefined;
  ambiguous?: boolean;
};

export type Tokens = { of(kind: FieldKind): readonly Token[]; inCell(kind: FieldKind, cell: Cell): readonly Token[] };

/** Everything that the deterministic readers find in a document, by kind. */
export function findTokens(view: DocumentView, habits: Habits): Tokens {
  const byKind = new Map<FieldKind, Token[]>();
  const byCell = new Map<Cell, Token[]>();
  const add = (token: Token) => {
    push(byKind, token.kind, token);
    push(byCell, token.cell, token);
  };
  for (const { cells } of view.lines) for (const cell of cells) for (const token of readCell(cell, habits, view.language)) add(token);
  return {
    of: (kind) => byKind.get(kind) ?? [],
    inCell: (kind, cell) => (byCell.get(cell) ?? []).filter((token) => token.kind === kind),
  };
}

const push = <Key>(map: Map<Key, Token[]>, key: Key, token: Token) => {
  const list = map.get(key);
  if (list) list.push(token);
  else map.set(key, [token]);
};

function readCell(cell: Cell, habits: Habits, language: string | undefined): Token[] {
  const { text } = cell;
  const at = (found: { start: number; end: number }) => ({ start: cell.start + found.start, end: cell.start + found.end, cell });
  const codes = (kind: FieldKind, found: readonly FoundCode[]): Token[] =>
    found.map((code) => ({ kind, value: code.value, strong: code.strong, ...at(code) }));
  const dates = findDates(text);
  const ibans = findIbans(text);
  const taken = [...dates, ...ibans.filter(({ strong }) => strong)];
  const isFree = (found: { start: number; end: number }) => !taken.some((other) => found.start < other.end && other.start < found.end);
  const amounts = findAmounts(text).filter(isFree);
  const numbers = amounts.flatMap((amount): Token[] => {
    const value = amountOf(amount, habits.decimal);
    if (value === undefined || amount.isPercent) return [];
    const strong = amount.currency !== undefined || /[.,]\d{2}$/u.test(amount.digits);
    return [
      { kind: "number", value, strong: false, ...at(amount) },
      { kind: "amount", value, strong, currency: amount.currency, ...at(amount) },
    ];
  });
  const signs = [
    ...amounts.flatMap(({ currency, currencyAt }) => (currency === undefined || !currencyAt ? [] : [{ ...currencyAt, value: currency }])),
    ...[...text.matchAll(/(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])|[$€£¥₹]/gu)].flatMap((match) => {
      const value = currencyOf(match[0], language);
      return value === undefined ? [] : [{ start: match.index, end: match.index + match[0].length, value }];
    }),
  ];
  return [
    ...numbers,
    ...dates.flatMap((date): Token[] => {
      const value = dateIn(date, habits.order);
      return value === undefined
        ? []
        : [{ kind: "date", value, strong: !isAmbiguous(date) || habits.orderKnown, ambiguous: isAmbiguous(date), ...at(date) }];
    }),
    ...signs.map((sign): Token => ({
      kind: "currency",
      value: currencyOf(text.slice(sign.start, sign.end), language) ?? sign.value,
      strong: true,
      ...at(sign),
    })),
    ...codes("iban", ibans),
    ...codes(
      "vat",
      // The beginning of a bank account has the form of a number for VAT, too.
      findVatIds(text).filter((id) => !ibans.some((iban) => iban.strong && id.start < iban.end && iban.start < id.end)),
    ),
    ...codes("email", findEmails(text)),
    ...codes("url", findUrls(text)),
    ...codes("phone", findPhones(text).filter(isFree)),
    ...codes(
      "id",
      findCodes(text).filter((code) => !dates.some((date) => code.start < date.end && date.start < code.end)),
    ),
  ];
}
